"""What differs between installations: every setting with its kind, default and meaning, and how it is read."""
