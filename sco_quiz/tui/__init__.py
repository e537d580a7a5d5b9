"""The Textual front end: the only room that imports Textual."""
