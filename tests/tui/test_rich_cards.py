"""Code and formulas on cards."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual.content import Content
from textual.style import Style
from textual.visual import RenderOptions
from textual.widgets import Static

from sco_quiz.tui import markup
from sco_quiz.tui.markup import inline, with_margin

if TYPE_CHECKING:
    from tests.tui.conftest import AssertFrames, Open

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


@pytest.mark.parametrize("note", ["code", "formula"])
@pytest.mark.usefixtures("rich")
async def test_cards_with_code_and_formulas_look_as_kept(
    opened: Open, assert_frames: AssertFrames, note: str
) -> None:
    async with opened(deck="rich", tag=note) as app:
        frames = {"asked": await app.shots()}
        if note == "formula":
            await app.press("tab")
            frames["with its hint"] = await app.shots()
        await app.type("-p/2 ± √(p^2/4 - q)\n" if note == "formula" else "15\n")
        frames["answered"] = await app.shots()
        assert_frames(f"rich-{note}", frames)


@pytest.mark.usefixtures("rich")
async def test_code_is_coloured_by_a_thread(opened: Open) -> None:
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


LONG_LINE = "result = [transform(item) for item in source if item.is_valid()]  # 日本語の説明"


def painted(content: Content, width: int) -> list[str]:
    height = content.get_height({}, width)
    options = RenderOptions(lambda _: Style.null(), {})
    strips = content.render_strips(width, height, Style.null(), options)
    lines = [strip.text.rstrip() for strip in strips]
    assert len(lines) == height == len(content.wrap(width))
    assert all(strip.cell_length <= width for strip in strips)
    return lines


@given(
    st.lists(st.text("ab c\t日é(.)", max_size=90).map(str.rstrip), max_size=4),
    st.integers(4, 60),
)
@example([LONG_LINE, "", "    " + LONG_LINE], 40)
def test_wrapped_lines_of_code_keep_the_bar_beside_them(lines: list[str], width: int) -> None:
    code = "\n".join(["begin", *lines, "end"])
    shown = painted(with_margin(inline(f"Say {'what ' * 20}:\n```\n{code}\n```\nor not")), width)
    inside = shown[next(n for n, line in enumerate(shown) if line.startswith("▏")) :]
    end = next(n for n, line in enumerate(inside) if not line.startswith("▏"))
    assert " ".join(inside[end:]) == "or not"
    bare = "".join(line.removeprefix("▏") for line in inside[:end])
    assert "".join(bare.split()) == "".join(code.split())


def test_selecting_wrapped_code_copies_the_code_itself() -> None:
    shown = with_margin(inline(f"```\n{LONG_LINE}\n```"))
    strips = shown.render_strips(30, None, Style.null(), RenderOptions(lambda _: Style.null(), {}))
    for strip in strips[1:]:
        segment = next(each for each in strip if each.text.strip("▏"))
        assert segment.style is not None
        at, line = segment.style.meta["offset"]
        assert line == 0
        assert shown.plain[at:].startswith(segment.text)


@pytest.mark.parametrize("where", ["question", "answer", "explain"])
@pytest.mark.parametrize("width", [60, 80])
async def test_code_has_its_bar_on_every_screen(
    opened: Open, home: Path, where: str, width: int
) -> None:
    line = "result = sorted(transform(item) for item in the_source_of_it_all if item.is_valid())"
    texts = {"question": "Q?", "answer": "A", "explain": "E", where: f"```python\n{line}\n```"}
    note = {"front": texts["question"], "back": texts["answer"], "explain": texts["explain"]}
    deck = {"deck": "Code", "id": "code", "cards": [note]}
    (home / "data/decks").mkdir(parents=True, exist_ok=True)
    (home / "data/decks/code.yaml").write_text(json.dumps(deck), encoding="utf-8")
    async with opened((width, 24), deck="code") as app:
        await app.press("enter")
        await app.settle()
        shown = [each.strip() for each in app.frame.splitlines()]
        at = next(number for number, each in enumerate(shown) if "result =" in each)
        assert "▏result =" in shown[at]
        assert shown[at + 1].startswith("▏")


@pytest.mark.parametrize("language", sorted(markup._LANGUAGES))
def test_colours_change_no_character(language: str) -> None:
    text = "# a /* b\n<?x \"c' `d` ${e} $f [g] \\h\n\t@i = 1.5e3; // k --l\n\n" * 3
    markup.colour([(text, language)])
    plain = text.expandtabs(4)
    assert markup._coloured[text, language].plain == plain
    assert markup._block(text, language).plain == "\n".join(
        f"▏{line}" for line in plain.split("\n")
    )


def test_only_the_colours_of_a_few_blocks_are_cached() -> None:
    markup.colour((f"x = {number}", "python") for number in range(markup.KEPT + 5))
    assert len(markup._coloured) == markup.KEPT
    assert markup.uncoloured(["```python\nx = 0\n```"]) == [("x = 0", "python")]


def test_code_that_takes_too_long_stays_in_one_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "PATIENCE", -1)
    markup.colour([("x = 1", "python")])
    assert markup._coloured["x = 1", "python"].spans == []
