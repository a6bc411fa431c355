"""Public words of the room, a file for each of its subjects: what it shows and what it refuses."""
