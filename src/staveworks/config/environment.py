"""What settings take from the machine. No Django here."""

from staveworks.db.secret import secret_key

__all__ = ["secret_key"]
