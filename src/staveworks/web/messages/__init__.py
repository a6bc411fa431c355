"""Being reached: the inbox, how one wants to be reached, and for operators templates, channels and what was sent."""
