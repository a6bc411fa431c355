"""Published figures: from whom they are gathered, how they are laid out, how they are read. Rules: ``engine/disclosure``."""
