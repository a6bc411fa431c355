"""Database and data folder kept together in one file, and brought back from it. No Django here (README.md)."""
