"""Actions, their keys, and settings: shared by the front ends, free of Textual."""
