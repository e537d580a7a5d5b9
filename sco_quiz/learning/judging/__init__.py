"""Judges a typed answer against the right ones, as a person who knows the subject would."""
