"""A text typed in a form is offered again, however it ended, on a real pseudo-terminal."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal

DECK = "deck: Geo\nid: geo\ncards:\n  - {question: Capital of Tajikistan?, answer: Dushanbe}\n"
CARD = "On which river does Khujand lie?"
FAILING = """
import sys
from sco_quiz.tui.screens import note_form
def fail(*_):
    raise KeyError("a mistake")
note_form.NoteForm.action_save = fail
from sco_quiz.__main__ import main
sys.argv = ["sco-quiz"]
main()
"""


@pytest.fixture(autouse=True)
def geo(decks_folder: Path) -> Path:
    path = decks_folder / "geo.yaml"
    path.write_text(DECK, encoding="utf-8")
    return path


def open_form(terminal: Terminal) -> None:
    terminal.wait_for("Geo", "a Add card")
    terminal.press("end")
    terminal.type("a")
    terminal.wait_for("question *", "What is asked.")


def expect_draft(terminal: Terminal) -> None:
    """The form offers the card that was typed, and nothing was written to the deck."""
    open_form(terminal)
    terminal.wait_for(CARD, "Add card, not saved before")


def test_an_unsaved_card_survives_every_way_to_leave_the_form_and_the_app(
    launch: Callable[..., Terminal], geo: Path, home: Path
) -> None:
    terminal = launch()
    open_form(terminal)
    terminal.type(CARD)
    terminal.press("ctrl+s")  # refused: there is no answer
    terminal.wait_for("this is needed", CARD)
    assert geo.read_text("utf-8") == DECK
    terminal.press("escape")
    terminal.wait_for("Not saved, but kept", "a Add card")
    expect_draft(terminal)
    terminal.press("ctrl+c")
    terminal.wait_for("Not saved, but kept", "a Add card")
    assert terminal.process.poll() is None
    expect_draft(terminal)
    terminal.type(" Now")
    terminal.wait_for(CARD + " Now")
    drafts = home / "data" / "drafts"
    terminal.wait_for(lambda _: any("Now" in path.read_text() for path in drafts.glob("*.json")))
    terminal.process.kill()
    terminal.wait_until_gone()
    again = launch()
    expect_draft(again)
    again.wait_for(CARD + " Now")
    again.press("tab")
    again.wait_for("What is right.")
    again.type("The Syr Darya")
    again.press("ctrl+s")
    again.wait_for("Added to Geo")
    again.press("escape")
    again.wait_for("a Add card")
    again.type("a")
    again.wait_for("question *", lambda screen: CARD not in screen)
    assert CARD + " Now" in geo.read_text("utf-8")
    assert list(drafts.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("way", ["SIGTERM", "SIGHUP", "hang up", "a mistake of ours"])
def test_the_last_typed_letters_are_kept_when_the_app_ends_suddenly(
    launch: Callable[..., Terminal], way: str
) -> None:
    command = [sys.executable, "-c", FAILING] if way.startswith("a mistake") else []
    terminal = launch(command=command)
    open_form(terminal)
    terminal.type(CARD)
    terminal.wait_for(CARD)  # and not a moment longer
    match way:
        case "hang up":
            terminal.hang_up()
            terminal.process.wait(30)
        case "a mistake of ours":
            terminal.press("ctrl+s")
            terminal.wait_until_gone()
        case _:
            terminal.send_signal(signal.Signals[way])
            terminal.wait_until_gone()
    expect_draft(launch())


def test_ctrl_c_in_a_form_with_nothing_in_it_does_not_end_the_app(
    launch: Callable[..., Terminal],
) -> None:
    terminal = launch()
    open_form(terminal)
    terminal.press("ctrl+c")
    terminal.wait_for("a Add card")
    open_form(terminal)


def test_the_draft_of_an_edited_card_is_kept_and_merged_with_an_editors_change(
    launch: Callable[..., Terminal], geo: Path
) -> None:
    terminal = launch("study", "geo")
    terminal.wait_for("Capital of Tajikistan?", "f1 Help")
    terminal.press("\x1bOS")  # f4
    terminal.wait_for("Edit card")
    terminal.type(" Today")
    terminal.wait_for("Capital of Tajikistan? Today")
    terminal.send_signal(signal.SIGTERM)
    terminal.wait_until_gone()
    geo.write_text(DECK.replace("Dushanbe}", "Dushanbe, hint: It was Stalinabad}"), "utf-8")
    again = launch("study", "geo")
    again.wait_for("Capital of Tajikistan?", "f1 Help")
    again.press("\x1bOS")
    again.wait_for("Edit card", "Capital of Tajikistan? Today", "It was Stalinabad")
    again.press("ctrl+s")
    again.wait_for("Capital of Tajikistan? Today", lambda screen: "Edit card" not in screen)
    text = geo.read_text("utf-8")
    assert "Capital of Tajikistan? Today" in text
    assert "It was Stalinabad" in text
