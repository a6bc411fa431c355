"""交付: what was ordered of this organisation, and one line for each of its sides."""
