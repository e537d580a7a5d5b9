"""The form for notes: what is asked comes first, help stands at each field, changes merge."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.kinds import Kind
from sco_quiz.tui.screens.choosing import Choosing
from sco_quiz.tui.screens.note_form import LOOK_SECONDS, NoteForm
from sco_quiz.tui.widgets.fields import Entry, Fold, FormField, Picker

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import AssertFrames, Open, Opened, Shots, Size

DECK = """\
deck: Rivers of the two Asias
id: rivers
cards:
  # the capital
  - question: Which river flows through Vienna?
    answer: Danube
    hint: It is blue
"""


@pytest.fixture(autouse=True)
def rivers(decks_folder: Path) -> Path:
    path = decks_folder / "rivers.yaml"
    path.write_text(DECK, encoding="utf-8")
    return path


def form(app: Opened) -> NoteForm:
    assert isinstance(app.app.screen, NoteForm)
    return app.app.screen


def shown_fields(app: Opened) -> dict[str, str]:
    """The texts of the fields that are on the screen, by their keys."""
    fields = form(app).query("#fields FormField").results(FormField)
    return {field.key: field.value for field in fields if field.display and field.key != "more"}


def focused(app: Opened) -> str:
    """The key of the field that has the keys."""
    assert app.app.focused is not None
    return app.app.focused.query_ancestor(FormField).key


async def look(app: Opened) -> str:
    """The frame once the card was looked at."""
    await app.pilot.pause(LOOK_SECONDS + 0.1)
    await app.settle()
    return app.frame


async def looks(app: Opened) -> Shots:
    """The frames at every size once the card was looked at."""
    await look(app)
    return await app.shots()


async def new_card(app: Opened) -> None:
    await app.press("end", "a")


async def open_card(app: Opened) -> None:
    """Open the form of the one card there is."""
    await app.press("b", "slash")
    await app.type("Vienna")
    await app.press("enter", "e")
    assert isinstance(app.app.screen, NoteForm)


async def test_every_state_of_the_form_looks_as_kept(
    opened: Open, assert_frames: AssertFrames, rivers: Path
) -> None:
    async with opened() as app:
        await new_card(app)
        frames = {"new": await app.shots()}
        await app.type("Which river flows through Budapest?\nDanube\n")
        await app.press("tab", "enter")
        frames["all fields"] = await looks(app)
        await app.press("enter", "shift+tab", "shift+tab", "shift+tab", "shift+tab")
        frames["the kind"] = await looks(app)
        await app.press("enter")
        await app.press("down")
        frames["the kinds"] = await app.shots()
        await app.press("enter", "tab")
        await app.type("The Danube flows into the Black Sea.")
        await app.press("ctrl+s")
        frames["refused"] = await looks(app)
        await app.press("home", *["right"] * 4)
        await app.type("{{")
        await app.press(*["right"] * 6)
        await app.type("}} and {{the Volga}}")
        frames["two gaps"] = await looks(app)
        await app.press("f8", "end")
        await open_card(app)
        await app.type(" Or Bratislava?")
        text = DECK.replace("Vienna?", "Linz?").replace("blue", "grey")
        rivers.write_text(text, encoding="utf-8")
        await app.press("ctrl+s")
        frames["changed elsewhere"] = await looks(app)
        assert_frames("form", frames)


async def test_both_directions_of_a_card_are_labelled(opened: Open) -> None:
    async with opened((100, 45)) as app:
        await new_card(app)
        await app.press("shift+tab", "left", "tab")
        await app.type("Astana\nKazakhstan\n")
        assert "As it is written" not in await look(app)
        await app.press("right")
        frame = await look(app)
        assert frame.index("As it is written") < frame.index("And the other way round")


async def test_many_cards_of_a_note_are_counted_and_not_all_shown(opened: Open) -> None:
    async with opened((100, 45)) as app:
        await new_card(app)
        await app.press("shift+tab", "right", "tab")
        await app.type("{{a}} {{b}} {{c}} {{d}} {{e}}")
        frame = await look(app)
        assert "Gap 3 of 5" in frame
        assert "Gap 4 of 5" not in frame
        assert "and 2 more cards" in frame


async def test_enter_goes_on_from_field_to_field_and_begins_lines_in_a_list(
    opened: Open, rivers: Path
) -> None:
    async with opened() as app:
        await new_card(app)
        await app.press("shift+tab", "left", "left", "tab")
        await app.type("Name two\nOb\nLena\n\n")
        assert focused(app) == "more"
        assert shown_fields(app) == {"question": "Name two", "list": "Ob\nLena"}
        await app.press("ctrl+s")
    assert "list: [Ob, Lena]" in rivers.read_text("utf-8")


async def test_a_line_can_be_begun_in_any_text(opened: Open) -> None:
    async with opened() as app:
        await new_card(app)
        await app.type("one")
        await app.press("ctrl+j")
        await app.type("two")
        assert shown_fields(app)["question"] == "one\ntwo"


async def test_folding_is_remembered_and_never_hides_a_filled_field(
    opened: Open,
) -> None:
    async with opened() as app:
        await new_card(app)
        assert list(shown_fields(app)) == ["question", "answer", "accept"]
        await app.press("f2")
        assert {"hint", "source", "tags", "image", "id"} <= shown_fields(app).keys()
        await app.press("escape", "a")
        assert "hint" in shown_fields(app)
        form(app)._fields["hint"].control.focus()
        await app.type("a hint")
        await app.press("f2")
        assert list(shown_fields(app)) == ["question", "answer", "accept", "hint"]
        assert focused(app) == "hint"
        await app.press("escape")
    async with opened() as app:
        await new_card(app)
        assert list(shown_fields(app)) == ["question", "answer", "accept", "hint"]  # a draft
        await app.press("f8")
        await open_card(app)
        assert shown_fields(app)["hint"] == "It is blue"
        assert "source" not in shown_fields(app)


async def test_the_focus_moves_to_the_fold_when_its_field_is_hidden(opened: Open) -> None:
    async with opened() as app:
        await new_card(app)
        await app.press("f2")
        form(app)._fields["source"].control.focus()
        await app.settle()
        await app.press("f2")
        assert isinstance(app.app.focused, Fold)


async def test_a_refused_save_goes_to_the_mistake_and_says_how_to_correct_it(
    opened: Open, rivers: Path
) -> None:
    async with opened() as app:
        await new_card(app)
        await app.type("When?\n1991\n")
        await app.press("f2")
        form(app)._fields["as_of"].control.focus()
        await app.type("yesterday")
        await app.press("f2", "shift+tab", "ctrl+s")
        assert focused(app) == "as_of"
        frame = await look(app)
        assert "`as of` cannot be `yesterday`" in " ".join(frame.split()), "the label in the form"
        assert "write a year, a month or a day" in " ".join(frame.replace("▏", "").split())
    assert rivers.read_text("utf-8") == DECK


@pytest.mark.parametrize("size", [(60, 18), (80, 24)])
async def test_the_help_of_every_kind_fits_a_small_screen(opened: Open, size: Size) -> None:
    async with opened(size) as app:
        await new_card(app)
        picker = form(app).query_one("#kind", Picker)
        picker.focus()
        for place, kind in enumerate(Kind):
            picker.index = place
            shown = " ".join(re.sub("[▁-▇]", "", await look(app)).split())
            assert kind.spec.name in shown
            assert kind.spec.about in shown
            assert kind.spec.example_in_words in shown
            await app.press("enter")
            assert isinstance(app.app.screen, Choosing)
            shown = " ".join(app.frame.split())
            assert kind.spec.about in shown
            assert kind.spec.example_in_words in shown
            await app.press("escape")


async def test_a_deck_is_chosen_from_a_list(opened: Open, rivers: Path) -> None:
    other = rivers.with_name("lakes.yaml")
    other.write_text(DECK.replace("ivers", "lakes"), "utf-8")
    async with opened() as app:
        await new_card(app)
        await app.type("Q\nA\n")
        await app.press("shift+tab", "shift+tab", "shift+tab", "shift+tab")
        assert focused(app) == "deck"
        await app.press("enter", "down", "enter")
        await app.press("ctrl+s")
    texts = [path.read_text("utf-8") for path in (rivers, other)]
    assert sorted("question: Q" in text for text in texts) == [False, True]


async def test_a_form_saves_although_other_notes_of_the_file_changed(
    opened: Open, rivers: Path
) -> None:
    async with opened() as app:
        await open_card(app)
        await app.type(" And Budapest?")
        above = DECK.replace("cards:\n", "cards:\n  - {question: First?, answer: yes}\n")
        rivers.write_text(above, "utf-8")
        await app.press("ctrl+s")
        assert not isinstance(app.app.screen, NoteForm)
    text = rivers.read_text("utf-8")
    assert "First?" in text
    assert "Vienna? And Budapest?" in text


async def test_a_note_changed_elsewhere_is_reported_while_its_form_is_open(
    opened: Open, rivers: Path
) -> None:
    async with opened() as app:
        await open_card(app)
        rivers.write_text(DECK + "  - {question: Another?, answer: yes}\n", "utf-8")
        app.app.on_read_decks()
        await app.settle()
        assert app.told == ""
        rivers.write_text(DECK.replace("blue", "grey"), "utf-8")
        app.app.on_read_decks()
        await app.settle()
        assert app.told == "The note was changed elsewhere: ^s brings both together."


async def test_fields_changed_elsewhere_are_merged_and_named(opened: Open, rivers: Path) -> None:
    async with opened() as app:
        await open_card(app)
        await app.type(" And Budapest?")
        rivers.write_text(DECK.replace("blue", "grey") + "    tags: [water]\n", "utf-8")
        await app.press("ctrl+s")
        assert "Saved, with what was changed elsewhere: hint, tags." in app.frame
    text = rivers.read_text("utf-8")
    assert "Vienna? And Budapest?" in text
    assert "hint: It is grey" in text
    assert "tags: [water]" in text


@pytest.mark.parametrize("takes", [False, True])
async def test_a_field_changed_on_both_sides_is_asked_about(
    opened: Open, rivers: Path, *, takes: bool
) -> None:
    async with opened((160, 45)) as app:
        await open_card(app)
        await app.type(" And Budapest?")
        rivers.write_text(DECK.replace("Vienna", "Linz").replace("blue", "grey"), "utf-8")
        await app.press("ctrl+s")
        frame = " ".join((await look(app)).replace("▏", "").split())
        assert "changed elsewhere to: Which river flows through Linz?" in frame
        assert "f3 takes that" in frame
        assert shown_fields(app)["question"] == "Which river flows through Vienna? And Budapest?"
        assert shown_fields(app)["hint"] == "It is grey"
        assert "Linz" in rivers.read_text("utf-8")
        if takes:
            await app.press("f3")
            assert shown_fields(app)["question"] == "Which river flows through Linz?"
        await app.press("ctrl+s")
        assert not isinstance(app.app.screen, NoteForm)
    text = rivers.read_text("utf-8")
    assert "hint: It is grey" in text
    assert ("Linz?" in text, "And Budapest?" in text) == (takes, not takes)


async def test_a_conflict_is_shown_again_when_the_form_is_opened_again(
    opened: Open, rivers: Path
) -> None:
    async with opened((160, 45)) as app:
        await open_card(app)
        await app.type(" And Budapest?")
        await app.press("escape")
    rivers.write_text(DECK.replace("blue", "grey").replace("Vienna", "Wien"), "utf-8")
    async with opened((160, 45)) as app:
        await app.press("b", "slash")
        await app.type("Wien")
        await app.press("enter", "e")
        for _ in range(2):
            frame = " ".join((await look(app)).replace("▏", "").split())
            assert "changed elsewhere to: Which river flows through Wien?" in frame
            assert shown_fields(app)["hint"] == "It is grey"
            await app.press("escape", "e")


async def test_a_card_that_was_removed_elsewhere_can_be_added_again(
    opened: Open, rivers: Path
) -> None:
    async with opened() as app:
        await open_card(app)
        await app.type(" And Budapest?")
        rivers.write_text(
            "deck: Rivers\nid: rivers\ncards:\n  - {front: Nile, back: Africa}\n", "utf-8"
        )
        await app.press("ctrl+s")
        assert "no longer in its deck" in app.frame
        assert "Budapest" not in rivers.read_text("utf-8")
        await app.press("ctrl+s")
        assert not isinstance(app.app.screen, NoteForm)
    text = rivers.read_text("utf-8")
    assert "Vienna? And Budapest?" in text
    assert "front: Nile" in text


async def test_the_form_stays_open_with_its_text_if_the_file_has_a_mistake(
    opened: Open, rivers: Path
) -> None:
    async with opened() as app:
        await open_card(app)
        await app.type(" And Budapest?")
        rivers.write_text(DECK + "  - {question: Broken\n", "utf-8")
        await app.press("ctrl+s")
        assert "And Budapest?" in shown_fields(app)["question"]
        rivers.write_text(DECK, "utf-8")
        await app.press("ctrl+s")
        assert not isinstance(app.app.screen, NoteForm)
    assert "Vienna? And Budapest?" in rivers.read_text("utf-8")


async def test_a_note_changed_to_another_kind_is_taken_whole_or_not_at_all(
    opened: Open, rivers: Path
) -> None:
    async with opened((160, 45)) as app:
        await open_card(app)
        await app.type(" And Budapest?")
        other = DECK.replace("question:", "front:").replace("answer: Danube", "back: The Danube")
        rivers.write_text(other, "utf-8")
        await app.press("ctrl+s")
        frame = " ".join((await look(app)).replace("▏", "").split())
        assert "changed elsewhere to: Think and reveal" in frame
        await app.press("f3")
        assert shown_fields(app)["back"] == "The Danube"
        assert form(app).query("#fields Entry").first(Entry).text.endswith("Vienna?")
