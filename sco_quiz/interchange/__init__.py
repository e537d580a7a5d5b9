"""Foreign formats: notes and their history in the app's own terms, one module per format."""
