"""What learning is: cards, answers, memory, what to ask next. Pure: no I/O, no clock, no UI."""
