"""Deck files: from YAML to cards."""
