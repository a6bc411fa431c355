"""订单: fill an order, hold it, place it, follow its lines."""
