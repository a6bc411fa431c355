"""Prices of hours: L(π) and its slope in a pass over all lines, and the ascent to where L is largest."""
