"""What can be done and set, and under which keys: shared by the front ends, free of Textual."""
