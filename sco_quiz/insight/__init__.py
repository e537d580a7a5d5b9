"""Find cards, and tell how learning goes: history, figures, fitted parameters."""
