"""Dispatch where nothing can be split: one operation, one bucket, each line made whole or not at all (generalized assignment).

Prices of hours alone say too little here, as the linear bound allows parts of lines. A Lagrangian bound with one knapsack a place says
more, and costs a millisecond: it guides dives, and a depth-first search that closes what they leave.
"""

from staveworks.engine.dispatch.assignment.matrix import is_assignment

__all__ = ["is_assignment"]
