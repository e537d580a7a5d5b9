"""Deck files: reads them into cards, checks, edits and indexes them."""
