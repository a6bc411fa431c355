"""The demo cluster: three textile cities, made through use cases with a fixed seed, marked, and removable by one command."""
