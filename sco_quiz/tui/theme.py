"""Our colours: a dark theme and a light one, each also with high contrast; and those of Textual.

Every text colour stands at 4.5:1 or better on background, surface and panel (WCAG AA), with high
contrast at 7:1 (AAA).
"""

from __future__ import annotations

from dataclasses import replace

from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

CONTRAST = 4.5
"""Of a text with what is behind it, at least: WCAG 2.2, success criterion 1.4.3."""
GROUNDS = ("background", "surface", "panel")
INKS = ("foreground", "muted", "primary", "secondary", "accent", "warning", "success", "error")
STEPS = 20

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

HIGH_CONTRAST_DARK = Theme(
    name="high-contrast-dark",
    dark=True,
    background="#000000",
    surface="#0c0c0c",
    panel="#262626",
    foreground="#ffffff",
    primary="#5fe8f5",
    secondary="#a9cbff",
    accent="#ffd75e",
    warning="#ffd75e",
    success="#8cf28c",
    error="#ffaaa5",
    variables={"muted": "#cfd6dc"},
)

HIGH_CONTRAST_LIGHT = Theme(
    name="high-contrast-light",
    dark=False,
    background="#ffffff",
    surface="#f5f5f5",
    panel="#e2e2e2",
    foreground="#000000",
    primary="#00484d",
    secondary="#1b3a6b",
    accent="#5a3700",
    warning="#5a3700",
    success="#0e4a12",
    error="#7d130d",
    variables={"muted": "#33393f"},
)

OURS = {theme.name: theme for theme in (SAMARKAND, PAPER, HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT)}


def find_theme(name: str) -> Theme:
    """A theme by the name that settings give it; one of Textual's with colours that can be read.

    Raises:
        KeyError: There is no such theme.
    """
    if name in OURS:
        return OURS[name]
    theme = BUILTIN_THEMES[name]
    if name.startswith("ansi"):  # the terminal's own colours, which cannot be known
        return replace(theme, variables={**theme.variables, "muted": "ansi_bright_black"})
    return _readable(theme)


def _readable(theme: Theme) -> Theme:
    """A theme whose text colours are drawn towards black or white as far as it takes."""
    colours = {"muted": "#8596a8", **theme.to_color_system().generate()}
    grounds = {ground: Color.parse(colours[ground]).rgb for ground in GROUNDS}
    solid = [Color(*rgb) for rgb in grounds.values()]
    inks = {ink: _legible(Color.parse(colours[ink]), solid).hex for ink in INKS}
    muted = inks.pop("muted")
    found = {**inks, **{name: Color(*rgb).hex for name, rgb in grounds.items()}}
    return Theme(
        name=theme.name,
        dark=theme.dark,
        **found,  # type: ignore[arg-type]
        variables={**theme.variables, "muted": muted},
    )


def _legible(ink: Color, grounds: list[Color]) -> Color:
    end = grounds[0].get_contrast_text(1.0)
    for step in range(STEPS + 1):
        blended = ink.blend(end, step / STEPS)
        if all(contrast(blended, ground) >= CONTRAST + 0.1 for ground in grounds):
            return blended
    return end


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of two opaque colours, from 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
