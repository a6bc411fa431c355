"""PostgreSQL as a database engine of Django that saves tests half of their round trips (``base.py``)."""
