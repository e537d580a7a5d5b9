"""Figures and sessions as lines of text with small charts, for commands and app alike.

No colour is needed to read them; each stretch of a line says what it is, for a front end that has
colours. Lines are made for a width, and none is longer.
"""
