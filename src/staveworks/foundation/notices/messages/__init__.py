"""What is said, to whom, when, by which way: pure words and decisions, without Django."""
