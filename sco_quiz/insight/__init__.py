"""Finds cards, and describes learning: history, figures, fitted parameters."""
