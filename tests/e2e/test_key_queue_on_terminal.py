"""Keys without any time between them, as from a slow connection or a macro, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal

DECK = """\
deck: Geo
id: geo
cards:
  - {question: "Capital of Tajikistan?", answer: Dushanbe}
  - {question: "Capital of Kyrgyzstan?", answer: Bishkek}
  - {question: "Name the three.", list: [Paris, "Washington, D.C.", Oslo]}
"""


def test_answers_and_ratings_sent_at_once_go_to_their_questions(
    launch: Callable[..., Terminal], decks_folder: Path
) -> None:
    (decks_folder / "geo.yaml").write_text(DECK, encoding="utf-8")
    terminal = launch("study", "geo")
    terminal.wait_for("Capital of Tajikistan?")
    terminal.type("Dushanbe\r4Bishkek")
    terminal.wait_for("Capital of Kyrgyzstan?", "› Bishkek")
    terminal.type("\r4Oslo\rWashington, D.C., Paris\r\r")
    terminal.wait_for("✓ correct   3 of 3")
    terminal.type("4")
    terminal.wait_for("enter Decks", "3 answers")


def test_lines_pasted_into_a_list_are_entries(
    launch: Callable[..., Terminal], decks_folder: Path
) -> None:
    (decks_folder / "geo.yaml").write_text(DECK, encoding="utf-8")
    terminal = launch("study", "geo")
    terminal.wait_for("Capital of Tajikistan?")
    terminal.type("\r\r\r\r")
    terminal.wait_for("Name the three.")
    terminal.type("\x1b[200~Paris\rWashington, D.C.\rOslo\x1b[201~\r")
    terminal.wait_for("✓ correct   3 of 3")


def test_a_form_filled_in_at_once_and_left_by_ctrl_c_keeps_its_text(
    launch: Callable[..., Terminal], decks_folder: Path
) -> None:
    (decks_folder / "geo.yaml").write_text(DECK, encoding="utf-8")
    terminal = launch()
    terminal.wait_for("Geo")
    terminal.press("end")
    terminal.type("aFront text\tback text\raccepted")
    terminal.wait_for("also: accepted")
    screen = terminal.wait_for("› back text")
    for field, text in (("question *", "Front text"), ("answer *", "back text")):
        assert any(field in line and text in line for line in screen.splitlines())
    terminal.press("ctrl+c")
    terminal.wait_for("Not saved, but kept", "enter Begin")
    terminal.type("a")
    terminal.wait_for("Front text", "not saved before")
