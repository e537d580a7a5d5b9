"""Import and export decks, each as one transaction over deck files and log."""
