"""Code and formulas on cards."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.content import Content
from textual.widgets import Static

from sco_quiz.tui import markup
from sco_quiz.tui.markup import inline

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Opened

    Size = tuple[int, int]
    Open = Callable[..., AbstractAsyncContextManager[Opened]]
    AssertFrames = Callable[[str, dict[str, str]], None]

SIZES = pytest.mark.parametrize(
    "size", [(60, 18), (100, 30), (160, 45)], ids=["60x18", "100x30", "160x45"]
)
DECK = Path(__file__).parents[1] / "decks" / "rich.yaml"


@pytest.fixture(autouse=True)
def no_colours_from_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "_coloured", type(markup._coloured)())


@pytest.fixture
def rich(home: Path) -> None:
    folder = home / "data" / "decks"
    folder.mkdir(parents=True)
    shutil.copy(DECK, folder)


def styled(content: object) -> dict[str, str]:
    """Each stretch of text that has a style of its own."""
    assert isinstance(content, Content)
    return {content.plain[span.start : span.end]: str(span.style) for span in content.spans}


@SIZES
@pytest.mark.parametrize("note", ["code", "formula"])
@pytest.mark.usefixtures("rich")
async def test_study(opened: Open, assert_frames: AssertFrames, note: str, size: Size) -> None:
    async with opened(size, deck="rich", tag=note) as app:
        frames = {"asked": app.frame}
        if note == "formula":
            await app.press("tab")
            frames["with its hint"] = app.frame
        await app.type("-p/2 ± √(p^2/4 - q)\n" if note == "formula" else "15\n")
        frames["answered"] = app.frame
        assert_frames(f"rich-{note}-{size[0]}x{size[1]}", frames)


@pytest.mark.usefixtures("rich")
async def test_code_is_in_colour_once_a_thread_was_at_it(opened: Open) -> None:
    async with opened(deck="rich", tag="code") as app:
        shown = styled(app.app.screen.query_one("#prompt", Static).content)
        assert shown["def"] == "bold $primary"
        assert shown["# squares and their sum"] == "italic $muted"
        assert shown["in all"] == "$secondary"
        await app.type("15\n")
        shown = styled(app.app.screen.query_one("#explain", Static).content)
        assert shown["const"] == "bold $primary"
        assert shown["map"] == "$secondary"  # inline code


def test_code_in_an_unknown_language_and_long_code_stay_in_one_colour() -> None:
    for text in (
        "```klingon\nx = 1\n```",
        "```\nx = 1\n```",
        "```python\n" + "x = 1\n" * markup.LONGEST + "```",
    ):
        assert markup.uncoloured([text]) == []


def test_every_line_of_code_has_a_bar_and_no_tabs() -> None:
    shown = inline("a\n```go\nif x {\n\ty()\n\n}\n```\nb [red]")
    assert shown.plain == "a\n▏if x {\n▏    y()\n▏\n▏}\nb [red]"


@pytest.mark.parametrize("language", sorted(markup._LANGUAGES))
def test_colours_change_no_character(language: str) -> None:
    text = "# a /* b\n<?x \"c' `d` ${e} $f [g] \\h\n\t@i = 1.5e3; // k --l\n\n" * 3
    markup.colour([(text, language)])
    plain = text.expandtabs(4)
    assert markup._coloured[text, language].plain == plain
    assert markup._block(text, language).plain == "\n".join(
        f"▏{line}" for line in plain.split("\n")
    )


def test_the_colours_of_a_few_blocks_are_kept() -> None:
    markup.colour((f"x = {number}", "python") for number in range(markup.KEPT + 5))
    assert len(markup._coloured) == markup.KEPT
    assert markup.uncoloured(["```python\nx = 0\n```"]) == [("x = 0", "python")]


def test_code_that_takes_too_long_stays_in_one_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "PATIENCE", -1)
    markup.colour([("x = 1", "python")])
    assert markup._coloured["x = 1", "python"].spans == []
