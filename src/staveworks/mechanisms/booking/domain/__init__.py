"""Pure decisions of bookings: when it is open, what is free, what it costs."""
