"""The journey of whoever runs the cluster: how high the water stands, and where it is short."""
