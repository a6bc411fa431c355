"""What all stand on: events, parties, files, rosters."""
