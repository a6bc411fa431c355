"""Composition: settings, URLs, and which adapter stands behind each port."""
