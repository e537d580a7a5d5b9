"""Write the learner's own decks: files, notes, tags; and check decks for mistakes."""
