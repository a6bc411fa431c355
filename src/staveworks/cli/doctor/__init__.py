"""``staveworks doctor``: what is wrong and what to do, one line each."""

from staveworks.cli.doctor.command import doctor

__all__ = ["doctor"]
