"""Learning: cards, answers, memory, and the choice of what to ask next. No I/O, clock or screen."""
