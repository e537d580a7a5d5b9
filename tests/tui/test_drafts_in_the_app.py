"""What is written in a form is kept, by whichever way the form is left."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from textual.events import Paste

from sco_quiz.errors import DeckError
from sco_quiz.tui.screens.note_form import KEEP_SECONDS, NewDeck, NoteForm
from sco_quiz.tui.widgets.fields import Entry, FormField, Picker

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import AssertFrames, Open, Opened

DECK = "deck: Mine\nid: mine\ncards:\n  - {question: Old?, answer: old}\n"


@pytest.fixture(autouse=True)
def mine(decks_folder: Path) -> Path:
    path = decks_folder / "mine.yaml"
    path.write_text(DECK, encoding="utf-8")
    return path


def drafts(home: Path) -> list[Path]:
    return sorted((home / "data" / "drafts").glob("*"))


async def write_question(app: Opened) -> None:
    await app.press("end", "a")
    await app.type("Five minutes of work")


def form(app: Opened) -> NoteForm:
    assert isinstance(app.app.screen, NoteForm)
    return app.app.screen


def value(app: Opened, key: str) -> str:
    fields = form(app).query("#fields FormField").results(FormField)
    return next(field.value for field in fields if field.key == key)


def question(app: Opened) -> str:
    return value(app, "question")


def kind(app: Opened) -> str:
    return form(app).query_one("#kind", Picker).value


async def until_kept() -> None:
    """Wait as long as it takes until what is written is kept."""
    await asyncio.sleep(KEEP_SECONDS + 0.2)


@pytest.mark.parametrize(
    "way", [["escape"], ["ctrl+s", "escape"], ["ctrl+q"], ["ctrl+c"], ["ctrl+s", "ctrl+c"]]
)
async def test_a_form_that_was_left_has_its_text_when_it_is_opened_again(
    opened: Open, way: list[str]
) -> None:
    async with opened() as app:
        await write_question(app)
        await app.press(*way)
        assert app.app.screen is app.app.home
        assert "Not saved, but kept" in app.frame
        await app.press("a")
        assert question(app) == "Five minutes of work"
        assert "You did not save this text before." in app.frame


async def test_ctrl_c_in_a_form_closes_only_the_form_or_the_dialog_over_it(opened: Open) -> None:
    async with opened() as app:
        await app.press("end", "a", "ctrl+c")
        assert app.app.screen is app.app.home
        await write_question(app)
        await app.press("f1", "ctrl+c")
        assert question(app) == "Five minutes of work"
        await app.press("ctrl+p", "ctrl+c")
        assert question(app) == "Five minutes of work"
        assert not app.app._exit


async def test_text_of_a_form_is_there_after_a_restart(opened: Open, home: Path) -> None:
    async with opened() as app:
        await write_question(app)
        app.app.keep_texts()
    assert [path.stat().st_mode & 0o777 for path in drafts(home)] == [0o600]
    assert (home / "data" / "drafts").stat().st_mode & 0o777 == 0o700
    async with opened() as app:
        assert "Not saved, but kept: “Five minutes of work”" in app.frame
        await app.press("end", "a")
        assert question(app) == "Five minutes of work"


async def test_text_of_a_form_is_saved_while_it_is_typed(opened: Open, home: Path) -> None:
    async with opened() as app:
        await write_question(app)
        await until_kept()
        assert "Five minutes of work" in drafts(home)[0].read_text("utf-8")
        await app.press(*["backspace"] * len("Five minutes of work"))
        await until_kept()
        assert drafts(home) == []


async def test_a_crash_loses_no_text_of_a_form(opened: Open, home: Path) -> None:
    async def fail() -> None:
        async with opened() as app:
            await write_question(app)
            app.app.call_later(lambda: 1 / 0)
            async with asyncio.timeout(30):
                while app.app.is_running:  # noqa: ASYNC110 -- nothing tells it
                    await asyncio.sleep(0.01)

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert "Five minutes of work" in drafts(home)[0].read_text("utf-8")


async def test_the_chosen_kind_and_its_fields_are_kept_too(opened: Open) -> None:
    async with opened() as app:
        await write_question(app)
        await app.press("shift+tab", "right", "right")
        before = kind(app)
        assert before == "Choose one"
        await app.press("escape", "a")
        assert kind(app) == before
        assert question(app) == "Five minutes of work"


async def test_changing_the_kind_back_brings_its_text_back(opened: Open) -> None:
    async with opened() as app:
        await write_question(app)
        await app.press("shift+tab", "right")
        assert kind(app) == "Fill the gap"
        await app.press("escape", "a")
        await app.press("shift+tab", "left")
        assert question(app) == "Five minutes of work"


async def test_an_empty_form_with_another_kind_is_not_kept(opened: Open, home: Path) -> None:
    async with opened() as app:
        await app.press("end", "a", "shift+tab", "right", "escape")
        assert "Not saved" not in app.frame
    assert drafts(home) == []


async def test_a_picker_marks_the_form_of_a_card_as_changed(opened: Open, mine: Path) -> None:
    mine.write_text("deck: Mine\nid: mine\ncards:\n  - {front: Old, back: old}\n", "utf-8")
    async with opened(deck="mine") as app:
        await app.press("f4", "tab", "tab", "right")
        assert value(app, "reverse") == "true"
        await app.press("escape")
        assert "Not saved, but kept" in app.frame
        await app.press("f4")
        assert value(app, "reverse") == "true"
        await app.press("ctrl+s")
    assert "reverse: true" in mine.read_text("utf-8")


async def test_discarded_or_saved_text_is_not_offered_again(
    opened: Open, mine: Path, home: Path
) -> None:
    async with opened() as app:
        await write_question(app)
        await app.press("f8")
        assert drafts(home) == []
        await app.press("a")
        assert question(app) == ""
        await app.type("Another?")
        await app.press("tab", "1", "ctrl+s", "escape")
        assert drafts(home) == []
        await app.press("a")
        assert question(app) == ""
    assert "Another?" in mine.read_text(encoding="utf-8")


async def test_values_carried_over_to_the_next_card_are_not_kept_as_a_draft(
    opened: Open, mine: Path, home: Path
) -> None:
    async with opened() as app:
        await write_question(app)
        await app.press("tab", "1", "f2")
        form(app)._fields["tags"].control.focus()
        await app.type("asia")
        await app.press("ctrl+s")
        assert value(app, "tags") == "asia"
        await app.press("escape")
        assert "Not saved" not in app.frame
    assert "tags: [asia]" in mine.read_text("utf-8")
    assert drafts(home) == []


async def test_changes_to_a_card_are_kept_for_that_card_alone(opened: Open, mine: Path) -> None:
    mine.write_text(DECK + "  - {question: Other?, answer: other}\n", "utf-8")
    async with opened(deck="mine") as app:
        await app.press("f4")
        before = question(app)
        await app.type(" Newer?")
        await app.press("escape")
        await app.press("enter", "enter", "f4")
        assert question(app) == {"Old?": "Other?", "Other?": "Old?"}[before]
        await app.press("escape", "ctrl+underscore", "f4")
        assert question(app) == f"{before} Newer?"
        await app.press("f8")
        await app.press("f4")
        assert question(app) == before


async def test_a_draft_of_a_removed_card_is_offered_as_a_new_card(opened: Open, mine: Path) -> None:
    mine.write_text(DECK + "  - {question: Other?, answer: other}\n", "utf-8")
    async with opened(deck="mine") as app:
        await app.press("f4")
        before = question(app)
        await app.type(" Newer?")
        await app.press("escape")
    kept = {"Old?": "Other?", "Other?": "Old?"}[before]
    mine.write_text(f"deck: Mine\nid: mine\ncards:\n  - {{question: {kept}, answer: x}}\n", "utf-8")
    async with opened() as app:
        await app.press("end", "a")
        assert question(app) == f"{before} Newer?"
        assert "in no deck any more" in app.frame
        await app.press("ctrl+s")
        assert "Added to Mine." in app.frame
        await app.press("escape", "a")
        assert question(app) == ""
    assert f"{before} Newer?" in mine.read_text("utf-8")


async def test_a_draft_of_a_card_whose_file_has_a_mistake_waits_for_it(
    opened: Open, mine: Path
) -> None:
    async with opened(deck="mine") as app:
        await app.press("f4")
        await app.type(" Newer?")
        await app.press("escape")
    (mine.parent / "other.yaml").write_text(DECK.replace("ine", "ore"), "utf-8")
    mine.write_text(DECK + "  - {question: Broken?\n", "utf-8")
    async with opened() as app:
        await app.press("end", "a")
        assert question(app) == ""
    mine.write_text(DECK, "utf-8")
    async with opened(deck="mine") as app:
        await app.press("f4")
        assert question(app) == "Old? Newer?"


async def test_the_form_of_a_deck_keeps_its_text(opened: Open, assert_frames: AssertFrames) -> None:
    async with opened() as app:
        await app.press("N")
        frames = {"new deck": await app.shots()}
        await app.press("ctrl+s")
        frames["refused"] = await app.shots()
        await app.type("Rivers")
        await app.press("escape", "N")
        assert isinstance(app.app.screen, NewDeck)
        assert app.app.screen.query(FormField).first(FormField).value == "Rivers"
        frames["opened again"] = await app.shots()
        assert_frames("new-deck", frames)


async def test_a_duplicate_that_was_left_is_offered_as_a_new_card(
    opened: Open, mine: Path, home: Path
) -> None:
    async with opened() as app:
        await app.press("slash")
        await app.type("deck:mine\n")
        await app.press("c", "ctrl+u")
        await app.type("Older?")
        await app.press("escape", "c")
        assert question(app) == "Old?"  # asked for, so not the one that was left
        await app.press("escape", "escape", "a")
        assert (question(app), value(app, "answer"), form(app)._deck) == ("Older?", "old", "mine")
        assert "Add card, not saved before" in app.frame
        await app.press("ctrl+s", "escape")
        assert drafts(home) == []
    assert mine.read_text("utf-8") == DECK + '  - {question: "Older?", answer: old}\n'


async def test_a_form_whose_text_cannot_be_kept_stays_open(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DeckError("the disk is full", "make room")

    async with opened() as app:
        monkeypatch.setattr("sco_quiz.authoring.drafts.DraftFile._put", full)
        await write_question(app)
        await app.press("escape")
        assert question(app) == "Five minutes of work"
        assert "the disk is full" in app.frame
        await app.press("f8")
        assert app.app.screen is app.app.home


async def test_several_pasted_lines_stay_lines_in_a_field(opened: Open) -> None:
    async with opened() as app:
        await app.press("end", "a")
        app.app.post_message(Paste("one\ntwo"))
        await app.settle()
        assert question(app) == "one\ntwo"
        await app.press("enter", "3")  # it is no field of one line by now
        assert question(app) == "one\ntwo\n3"


async def test_hostile_text_of_a_draft_shows_no_control_characters(opened: Open) -> None:
    async with opened() as app:
        await app.press("end", "a")
        app.app.screen.query("#fields Entry").first(Entry).insert("a\x1b[31mb\u202ec")
        await app.press("escape", "a")
        assert question(app) == "a\x1b[31mb\u202ec"
        assert not {"\x1b", "\u202e"} & set(app.frame)
