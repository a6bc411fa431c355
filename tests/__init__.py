"""Whoever runs the tests: what they import is compiled once, not in every process that they start."""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
