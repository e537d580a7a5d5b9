"""Colours: what is shown can be read in every theme, and nothing moves when nothing should."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import Color
from textual.theme import BUILTIN_THEMES
from textual.widgets import Input

import sco_quiz.tui
from sco_quiz.config import THEMES
from sco_quiz.tui.theme import (
    CONTRAST,
    GROUNDS,
    HEAT,
    INKS,
    LEAST_OF_SIXTEEN,
    OURS,
    contrast,
    find_theme,
)

if TYPE_CHECKING:
    from tests.tui.conftest import Open

SOURCES = [
    path.read_text(encoding="utf-8")
    for path in Path(sco_quiz.tui.__path__[0]).rglob("*")
    if path.suffix in (".py", ".tcss")
]
KNOWN = [name for name in THEMES if not name.startswith("ansi")]
"""Themes whose colours the terminal does not choose."""


def colours(name: str) -> dict[str, Color]:
    theme = find_theme(name)
    found = {**theme.to_color_system().generate(), **theme.variables}
    return {each: Color.parse(found[each]) for each in (*GROUNDS, *INKS)}


def test_every_theme_of_ours_and_of_textual_can_be_chosen() -> None:
    assert set(THEMES) == set(OURS) | set(BUILTIN_THEMES)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("name", KNOWN)
def test_every_text_colour_is_readable_on_every_background(name: str, ground: str) -> None:
    least = 7 if name.startswith("high-contrast") else CONTRAST
    found = colours(name)
    too_weak = {
        ink: round(contrast(found[ink], found[ground]), 2)
        for ink in INKS
        if contrast(found[ink], found[ground]) < least
    }
    assert too_weak == {}


FEW_COLOURS = {
    "256": (ColorSystem.EIGHT_BIT, CONTRAST),
    "standard": (ColorSystem.STANDARD, LEAST_OF_SIXTEEN),
}
"""By what Rich calls them; and the least contrast of a text with the background."""


@pytest.mark.parametrize("few", FEW_COLOURS)
@pytest.mark.parametrize("name", KNOWN)
def test_with_few_colours_important_colours_still_differ(name: str, few: str) -> None:
    theme = find_theme(name, few)
    system, least = FEW_COLOURS[few]
    found = {**theme.to_color_system().generate(), **theme.variables}
    shown = {
        each: RichColor.from_rgb(*Color.parse(found[each]).rgb).downgrade(system).number
        for each in (*GROUNDS, *INKS, *HEAT)
    }
    for together in (("background", *HEAT), ("background", "panel"), ("success", "error")):
        assert len({shown[each] for each in together}) == len(together), (shown, together)
    ground = Color.parse(found["background"])
    assert all(contrast(Color.parse(found[ink]), ground) >= least for ink in INKS)


@pytest.mark.parametrize("name", KNOWN)
def test_the_levels_of_a_calendar_grow_from_the_background_to_the_accent(name: str) -> None:
    theme = find_theme(name)
    ground, *levels = (
        Color.parse(each)
        for each in (theme.background or "", *(theme.variables[level] for level in HEAT))
    )
    strengths = [contrast(level, ground) for level in levels]
    assert strengths == sorted(strengths)
    assert strengths[0] > 1.1


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000", "#fff", 21), ("#777", "#fff", 4.48), ("#abc", "#abc", 1)]
)
def test_contrast_is_as_wcag_counts_it(one: str, other: str, ratio: float) -> None:
    assert contrast(Color.parse(one), Color.parse(other)) == pytest.approx(ratio, abs=0.01)


def test_screens_use_only_colours_whose_contrast_is_tested() -> None:
    proved = {*GROUNDS, *INKS, "heat-"}  # whose levels are numbered
    used = {name for text in SOURCES for name in re.findall(r"\$([a-z][a-z-]*)", text)}
    assert used <= proved
    for text in SOURCES:
        for colour in re.findall(r"(?:^|[ {;])(?:color|background): ([^;}]+)", text):
            assert re.match(r"(\$[a-z]+( \d+%)?|transparent)$", colour.strip()), colour


@pytest.mark.parametrize("name", ["ansi-dark", "ansi-light", "nord", "high-contrast-light"])
async def test_the_theme_of_the_settings_is_shown(opened: Open, home: Path, name: str) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text(f'theme = "{name}"\n')
    async with opened() as app:
        assert app.app.theme == name
        assert "SCO essentials" in app.frame


async def test_a_theme_is_shown_under_the_cursor_and_kept_when_it_is_chosen(
    opened: Open, home: Path
) -> None:
    async with opened() as app:
        await app.press("C")
        await app.press("down")
        assert app.app.theme == "paper"
        await app.press("escape")
        assert app.app.theme == "samarkand"
        await app.press("C", "end", "enter")
        last = app.app.theme
        assert last not in OURS
        assert app.workspace.config.theme == last
        assert f'theme = "{last}"' in (home / "config" / "config.toml").read_text()


async def test_the_screen_beside_the_list_of_themes_shows_the_theme_under_the_cursor(
    opened: Open,
) -> None:
    async with opened((100, 30)) as app:
        before = app.frame.splitlines()
        await app.press("C", "down")
        assert [line[:60].rstrip() for line in app.frame.splitlines()[:20]] == [
            line[:60].rstrip() for line in before[:20]
        ]
        colours = app.app.theme_variables
        painted = app.app.screen._compositor.render_strips()[5]
        assert app.app.theme == "paper"
        styles = [segment.style for segment in painted if segment.text.strip()]
        assert styles[0] is not None
        assert styles[0].bgcolor is not None
        assert styles[0].bgcolor.get_truecolor().hex.casefold() == colours["background"].casefold()


@pytest.mark.parametrize("reduced", [False, True])
async def test_reduced_motion_stops_animations_and_the_cursor(
    opened: Open, home: Path, kinds: Path, reduced: bool
) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text(f"reduced_motion = {str(reduced).lower()}\n")
    async with opened(deck="kinds", tag="typed") as app:
        field = app.app.screen.query_one(Input)
        assert field.has_focus
        assert field.cursor_blink != reduced
        assert (app.app.animation_level == "none") == reduced


@pytest.mark.parametrize(("term", "system"), [("xterm-256color", "256"), ("xterm", "standard")])
async def test_a_terminal_with_few_colours_gets_its_nearest_colours(
    opened: Open, monkeypatch: pytest.MonkeyPatch, term: str, system: str
) -> None:
    monkeypatch.delenv("COLORTERM")
    monkeypatch.setenv("TERM", term)
    async with opened() as app:
        theme = find_theme("samarkand", system)
        assert app.app.current_theme.background == theme.background
        assert app.app.theme_variables["heat-4"].casefold() == theme.variables["heat-4"].casefold()


@pytest.mark.parametrize("theme", OURS)
@pytest.mark.parametrize("keys", [(), ("b",), ("ctrl+p",), ("N",), ("enter", "space")])
async def test_texts_on_panels_are_readable_with_16_colours(
    opened: Open, monkeypatch: pytest.MonkeyPatch, theme: str, keys: tuple[str, ...]
) -> None:
    monkeypatch.delenv("COLORTERM")
    monkeypatch.setenv("TERM", "xterm")
    async with opened() as app:
        app.app.preferences.show_theme(theme)
        await app.press(*keys)
        panel = Color.parse(app.app.theme_variables["panel"])
        texts = [
            (segment.text, Color.from_rich_color(segment.style.color))
            for line in app.app.screen._compositor.render_strips()
            for segment in line
            if segment.style is not None
            and segment.style.bgcolor is not None
            and Color.from_rich_color(segment.style.bgcolor) == panel
            and re.search(r"\w", segment.text)
        ]
        assert texts or keys
        assert [text for text, ink in texts if contrast(ink, panel) < CONTRAST] == []
