"""What all stand on: events, parties, rules, files, then rosters, facts, notices, and above them outreach, support, personal."""
