"""Our colours: a dark theme and a light one, each also with high contrast; and those of Textual.

Every text colour stands at 4.5:1 or better on background, surface and panel (WCAG AA), with high
contrast at 7:1 (AAA). A terminal with 256 or 16 colours shows those of its own that come nearest,
and keep apart what has to be told apart: see `find_theme`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color, rgb_to_lab
from textual.filter import LineFilter
from textual.theme import BUILTIN_THEMES, Theme

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CONTRAST = 4.5
"""Of a text with what is behind it, at least: WCAG 2.2, success criterion 1.4.3."""
GROUNDS = ("background", "surface", "panel")
INKS = ("foreground", "muted", "primary", "secondary", "accent", "warning", "success", "error")
STEPS = 20
HEAT = ("heat-1", "heat-2", "heat-3", "heat-4")
"""The levels of a calendar; they fade into the background, whichever it is."""

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

ANSI_HEAT = ("ansi_bright_black", "ansi_cyan", "ansi_bright_cyan", "ansi_default")


def _cube() -> list[Color]:
    """Return the 6 × 6 × 6 colours that are alike on all terminals of 256, and the darker greys.

    Rich would shift the lighter ones by a step.
    """
    steps = (0x00, 0x5F, 0x87, 0xAF, 0xD7, 0xFF)
    cube = [Color(red, green, blue) for red in steps for green in steps for blue in steps]
    return cube + [Color(grey, grey, grey) for grey in range(0x08, 0x95, 0x0A)]


OF_SIXTEEN = {
    True: {
        "background": "#000000", "surface": "#000000", "panel": "#555555", "foreground": "#ffffff",
        "muted": "#aaaaaa", "primary": "#55ffff", "secondary": "#00aaaa", "accent": "#ffff55",
        "warning": "#ffff55", "success": "#55ff55", "error": "#ff5555",
        "heat-1": "#555555", "heat-2": "#00aaaa", "heat-3": "#55ffff", "heat-4": "#ffffff",
    },
    False: {
        "background": "#ffffff", "surface": "#ffffff", "panel": "#aaaaaa", "foreground": "#000000",
        "muted": "#555555", "primary": "#0000aa", "secondary": "#aa00aa", "accent": "#aa5500",
        "warning": "#aa5500", "success": "#00aa00", "error": "#aa0000",
        "heat-1": "#aaaaaa", "heat-2": "#00aaaa", "heat-3": "#5555ff", "heat-4": "#0000aa",
    },
}  # fmt: skip
"""Of a terminal with 16 colours, for dark themes and for light ones.

Whatever shades the terminal gives them: these are the ones by which Rich knows them.
"""


LEAST_OF_SIXTEEN = 3
"""The least contrast of a text with the background of 16 colours; that of lines is less."""


class StrongOnPanels(LineFilter):
    """Shows a text of a terminal with 16 colours that a panel would hide as plain text.

    There are but two greys, and what is muted on the one ground cannot be read on the other.
    """

    def apply(self, segments: list[Segment], _background: Color) -> list[Segment]:
        """Return a line with the texts that can be read."""
        return [Segment(text, style and _strong(style), how) for text, style, how in segments]


@cache
def _strong(style: Style) -> Style:
    for colours in OF_SIXTEEN.values():
        if style.color and style.bgcolor == RichColor.parse(colours["panel"]):
            ink = Color.from_rich_color(style.color)
            ground, panel = (Color.parse(colours[name]) for name in ("background", "panel"))
            if contrast(ink, panel) < CONTRAST and contrast(ink, ground) >= LEAST_OF_SIXTEEN:
                return style + Style(color=colours["foreground"])
    return style


OURS = {theme.name: theme for theme in (SAMARKAND, PAPER, HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT)}


def find_theme(name: str, colours: str = "truecolor") -> Theme:
    """Return a theme by its name in the settings; one of Textual's with colours that can be read.

    Args:
        name: Of the theme.
        colours: Which ones the terminal has, as Rich says it: truecolor, 256, standard.

    Raises:
        KeyError: There is no such theme.
    """
    if name.startswith("ansi"):  # the terminal's own colours, which cannot be known
        theme = BUILTIN_THEMES[name]
        heat = dict(zip(HEAT, ANSI_HEAT, strict=True))
        return replace(theme, variables={**theme.variables, "muted": "ansi_bright_black", **heat})
    theme = OURS[name] if name in OURS else _readable(BUILTIN_THEMES[name])
    ground, ink = (Color.parse(each) for each in (theme.background or "", theme.primary))
    heat = {level: ground.blend(ink, 0.25 * n + 0.1).hex for n, level in enumerate(HEAT, 1)}
    heat[HEAT[-1]] = ink.hex
    theme = replace(theme, variables={**theme.variables, **heat})
    if colours == "256":
        return _with(theme, _fit_to_256(theme))
    return _with(theme, OF_SIXTEEN[theme.dark]) if colours == "standard" else theme


def _with(theme: Theme, colours: Mapping[str, str]) -> Theme:
    """Return a theme with other colours, by their names."""
    ours = {name: colours[name] for name in ("muted", *HEAT)}
    found = {name: colour for name, colour in colours.items() if name not in ours}
    return replace(theme, **found, variables={**theme.variables, **ours})  # type: ignore[arg-type]


def _fit_to_256(theme: Theme) -> dict[str, str]:
    """Return the colours of a theme, each the nearest that a terminal with 256 colours has.

    Nearest is meant as the eye sees it (CIELAB). Of those, texts stand out from what is behind
    them, the selection differs from what is around it, and so do right from wrong, and one level of
    a calendar from another.
    """
    shades = _cube()
    wanted = {
        name: Color.parse(getattr(theme, name, None) or theme.variables[name])
        for name in (*GROUNDS, *INKS, *HEAT)
    }
    ground = _nearest(wanted["background"], shades)
    panel = _nearest(wanted["panel"], [shade for shade in shades if shade != ground])
    found = {"background": ground, "surface": ground, "panel": panel}
    strong = [
        shade
        for shade in shades
        if min(contrast(shade, ground), contrast(shade, panel)) >= CONTRAST
    ]
    for name in INKS:
        found[name] = _nearest(wanted[name], strong)
    found["error"] = _nearest(
        wanted["error"], [shade for shade in strong if shade != found["success"]]
    )
    taken = [ground]
    for name in reversed(HEAT):
        found[name] = _nearest(wanted[name], [shade for shade in shades if shade not in taken])
        taken.append(found[name])
    return {name: colour.hex for name, colour in found.items()}


def _nearest(colour: Color, shades: Iterable[Color]) -> Color:
    """Return the shade that looks most like a colour."""
    place = rgb_to_lab(colour)

    def far(shade: Color) -> float:
        other = rgb_to_lab(shade)
        return (place.L - other.L) ** 2 + (place.a - other.a) ** 2 + (place.b - other.b) ** 2

    return min(shades, key=far)


def _readable(theme: Theme) -> Theme:
    """Return a theme with text colours drawn towards black or white as far as it takes."""
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
