"""A plan at prices: paths with room, lots in and out, a first plan, and the ways in which it becomes cheaper."""
