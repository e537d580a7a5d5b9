"""Library and progress opened as a pair: settings, decks in use, due cards."""
