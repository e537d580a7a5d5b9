"""Our colours: a dark theme and its light sister.

Every text colour stands at 4.5:1 or better on background, surface and panel (WCAG AA).
"""

from __future__ import annotations

from textual.theme import Theme

SAMARKAND = Theme(
    name="samarkand",
    dark=True,
    background="#10161d",
    surface="#151d26",
    panel="#1c2631",
    foreground="#dde5ec",
    primary="#4cc2bc",
    secondary="#7a9cc6",
    accent="#e3b04b",
    warning="#e3b04b",
    success="#86c77f",
    error="#e57b73",
    variables={"muted": "#8596a8"},
)

PAPER = Theme(
    name="paper",
    dark=False,
    background="#f8f5ef",
    surface="#f1ece2",
    panel="#e8e1d3",
    foreground="#22303c",
    primary="#0a6a6e",
    secondary="#3a5f8f",
    accent="#855400",
    warning="#855400",
    success="#276a2a",
    error="#a92f27",
    variables={"muted": "#58626e"},
)

THEMES = {theme.name: theme for theme in (SAMARKAND, PAPER)}
