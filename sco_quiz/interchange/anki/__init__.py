"""Anki's packages, read and written; nothing of Anki itself is used."""
