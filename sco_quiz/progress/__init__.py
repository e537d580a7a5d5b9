"""The progress file: an append-only log of events and the views that follow from it."""
