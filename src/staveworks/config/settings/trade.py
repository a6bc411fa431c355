"""What trade is put together of: ways of delivery, and who pays a part for the buyer."""

MECHANISMS: dict[str, str] = {
    "booking": "staveworks.mechanisms.booking.mechanism:MECHANISM",
    "task": "staveworks.mechanisms.tasks.mechanism:MECHANISM",
    "project": "staveworks.mechanisms.projects.mechanism:MECHANISM",
}
"""The ways of delivery that are installed: code → where the mechanism stands (trade/catalogue/mechanisms.py)."""

VOUCHERS = "staveworks.cluster.programmes.usecases.use_voucher:use_voucher"
"""Who pays a part of an accepted line for its buyer (trade/settlement/vouchers.py); empty: nobody."""
