"""What is shown can be read in our themes as it is painted, and says all without its colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.color import Color

from sco_quiz.tui.theme import CONTRAST, OURS, contrast

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.tui.conftest import Open, Opened

DRAWN = set("━▔▁▂▃▄▅▆▇█▏▌▐░▒▓│─·╱╲⣀⠤⠒⠉ ")
"""Signs of charts, bars and edges: what they say stands beside them in figures or words."""


def too_weak(app: Opened, least: float) -> list[str]:
    """The stretches of text on the screen with too little contrast to what is behind them."""
    found = []
    for strip in app.app.screen._compositor.render_strips():
        for text, style, _ in strip:
            if set(text) <= DRAWN or style is None or style.color is None:
                continue
            ink = Color.from_rich_color(style.color)
            ground = Color.from_rich_color(style.bgcolor)
            if style.reverse:
                ink, ground = ground, ink
            if contrast(ink, ground) < least - 0.005:
                found.append(f"{text!r} {ink.hex} on {ground.hex}: {contrast(ink, ground):.2f}")
    return found


SCREENS: dict[str, list[str]] = {
    "home": [],
    "help": ["question_mark"],
    "settings": ["s"],
    "history": ["h"],
    "quiz": ["z"],
    "new deck": ["N"],
    "browse": ["b"],
}


async def in_each_theme(app: Opened, home: Path) -> AsyncIterator[float]:
    """Set each of our themes; the contrast that it promises."""
    (home / "config").mkdir(exist_ok=True)
    for theme in OURS:
        (home / "config" / "config.toml").write_text(f'theme = "{theme}"\n', encoding="utf-8")
        app.app.look_at_settings()
        await app.settle()
        assert app.app.theme == theme
        yield 7 if theme.startswith("high-contrast") else CONTRAST


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.usefixtures("kinds")
async def test_every_text_on_a_screen_can_be_read(opened: Open, home: Path, screen: str) -> None:
    async with opened() as app:
        async for least in in_each_theme(app, home):
            await app.press(*SCREENS[screen])
            assert (app.app.screen is app.app.home) == (screen == "home")
            assert too_weak(app, least) == []
            if screen != "home":
                await app.press("escape")
            assert app.app.screen is app.app.home


ANSWERS = {
    "typed": ["tashkent\n", "Tashkend\n", "Samarkand\n"],
    "cloze": ["Dushanbe, Kazakhstan\n"],
    "choice": ["1", "2"],
    "multi": ["1\n"],
    "true-false": ["t", "f"],
    "order": ["123\n"],
    "list": ["India\nBelarus\n\n"],
    "basic": ["\n"],
}
"""Answers to the notes with a tag."""


@pytest.mark.parametrize("tag", ANSWERS)
@pytest.mark.usefixtures("kinds")
async def test_every_text_of_a_question_and_its_answer_can_be_read(
    opened: Open, home: Path, tag: str
) -> None:
    async with opened(deck="kinds", tag=tag) as app:
        for answer in ANSWERS[tag]:
            async for least in in_each_theme(app, home):
                assert too_weak(app, least) == []
            await app.type(answer)
            async for least in in_each_theme(app, home):
                assert too_weak(app, least) == []
            await app.press("1")


@pytest.mark.parametrize(
    ("answer", "verdict", "proposed"),
    [
        ("tashkent", "✓ correct", "3 Good"),
        ("Tashkend", "≈ close", "2 Hard"),
        ("x", "✗ wrong", "1 Again"),
    ],
)
@pytest.mark.usefixtures("kinds")
async def test_a_verdict_and_the_proposed_rating_are_words_and_signs(
    opened: Open, answer: str, verdict: str, proposed: str
) -> None:
    async with opened(deck="kinds", tag="typed") as app:
        await app.type(f"{answer}\n")
        assert verdict in app.frame
        ratings = next(line for line in app.frame.splitlines() if "1 Again" in line)
        assert ratings.split("▌")[1].strip().startswith(proposed)
        assert ratings.count("▌") == 1


@pytest.mark.parametrize(("keys", "move"), [
    ([], "down"), (["z"], "tab"), (["N"], "tab"), (["s"], "down"), (["b"], "down"), (["h"], "tab"),
])  # fmt: skip
@pytest.mark.usefixtures("kinds")
async def test_the_focus_is_visible_without_colour(
    opened: Open, keys: list[str], move: str
) -> None:
    async with opened() as app:
        await app.press(*keys)
        before = app.frame
        await app.press(move)
        assert app.frame != before


@pytest.mark.usefixtures("kinds")
async def test_with_no_color_everything_is_grey(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(deck="kinds", tag="typed") as app:
        await app.type("Tashkend\n")
        painted = [
            Color.from_rich_color(colour)
            for strip in app.app.screen._compositor.render_strips()
            for _, style, _ in strip
            if style is not None
            for colour in (style.color, style.bgcolor)
            if colour is not None
        ]
        assert painted
        assert [each.hex for each in painted if len({*each.rgb}) > 1] == []
