"""Figures and sessions as lines of text with small charts, for commands and app alike.

They can be read without colours; each span of a line has a role, to which a front end may give a
colour. Lines are made for a width, and none is longer.
"""
