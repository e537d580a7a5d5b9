"""Writing decks without leaving the app, on a real pseudo-terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal

SAVE, LEFT, TAB, BACKTAB = "\x13", "\x1b[D", "\t", "\x1b[Z"


def move(terminal: Terminal, key: str, lands_on: str) -> None:
    """Go to another field; below it stands what it is for."""
    terminal.press(key)
    terminal.wait_for(lands_on)


def test_a_deck_and_three_cards_are_written_studied_and_corrected_without_leaving_the_app(
    home: Path, launch: Callable[..., Terminal]
) -> None:
    terminal = launch()
    terminal.wait_for("SCO essentials")
    terminal.press("N")
    terminal.wait_for("New deck", "becomes a YAML file")
    terminal.type("Rivers")
    terminal.press(SAVE)

    terminal.wait_for("Add card", "Rivers")
    terminal.type("Which river flows thruogh Baghdad?")
    move(terminal, TAB, "What is right.")
    terminal.type("Tigris")
    terminal.wait_for("› Tigris")  # the card as it will be asked
    terminal.press(SAVE)
    terminal.wait_for("Added to Rivers")

    move(terminal, BACKTAB, "Enter lists all kinds")
    move(terminal, LEFT, "front *")  # from typed to basic
    move(terminal, TAB, "What is asked.")
    terminal.type("Oxus")
    move(terminal, TAB, "What is revealed.")
    terminal.type("The Amu Darya")
    terminal.wait_for(lambda screen: screen.count("The Amu Darya") == 2)
    terminal.press(SAVE)
    terminal.wait_for(lambda screen: screen.count("The Amu Darya") == 0)

    move(terminal, BACKTAB, "Enter lists all kinds")
    move(terminal, LEFT, "to name *")  # from basic around the end to list
    move(terminal, TAB, "What is asked.")
    terminal.type("Name two rivers of Mesopotamia")
    move(terminal, TAB, "Everything that is to be named.")
    terminal.type("Tigris\rEuphrates")
    terminal.wait_for(lambda screen: screen.count("Euphrates") == 2)
    terminal.press(SAVE)
    terminal.wait_for(lambda screen: screen.count("Euphrates") == 0)
    terminal.press("\x1b")
    terminal.wait_for("Your decks", "Rivers")

    deck = home / "data" / "decks" / "rivers.yaml"
    assert deck.read_text(encoding="utf-8") == (
        "deck: Rivers\n"
        "cards:\n"
        "  - question: Which river flows thruogh Baghdad?\n"
        "    answer: Tigris\n"
        "\n"
        "  - front: Oxus\n"
        "    back: The Amu Darya\n"
        "\n"
        "  - question: Name two rivers of Mesopotamia\n"
        "    list: [Tigris, Euphrates]\n"
    )

    terminal.press("\x1b[F", "\r")  # the last deck
    terminal.wait_for("flows thruogh Baghdad", "1 of 3")
    terminal.type("Tigriss\r")
    terminal.wait_for("close")
    terminal.press("e")
    terminal.wait_for("Edit card", "As it will be asked")
    terminal.press(*["\x7f"] * len("ruogh Baghdad?"))
    terminal.wait_for(lambda screen: "ruogh" not in screen)
    terminal.type("rough Baghdad?")
    terminal.wait_for(lambda screen: "flows through Baghdad" in screen)
    terminal.press(SAVE)
    terminal.wait_for("flows through Baghdad", "close", "1 of 3")
    terminal.press("4")
    terminal.wait_for("Oxus", "2 of 3")
    terminal.press(" ", "4")
    terminal.wait_for("Mesopotamia", "3 of 3")
    terminal.type("Euphrates\rShatt\r\r")
    terminal.wait_for("wrong")
    terminal.press("u")
    terminal.wait_for("Oxus", "2 of 3")
    assert "flows through Baghdad" in deck.read_text(encoding="utf-8")


def test_an_answer_that_was_right_is_accepted_and_undo_takes_it_back(
    home: Path, launch: Callable[..., Terminal]
) -> None:
    deck = home / "data" / "decks" / "rivers.yaml"
    deck.parent.mkdir(parents=True)
    text = "deck: Rivers\ncards:\n  - {question: The Oxus today?, answer: Amu Darya}  # mine\n"
    deck.write_text(text, encoding="utf-8")
    terminal = launch("study", "rivers")
    terminal.wait_for("The Oxus today?")
    terminal.type("Jayhun\r")
    terminal.wait_for("wrong", "I was right")
    terminal.press("+")
    terminal.wait_for("correct")
    assert deck.read_text(encoding="utf-8") == text.replace("Darya}", "Darya, accept: [Jayhun]}")
    terminal.press("u")
    terminal.wait_for("›")
    terminal.wait_for(lambda _: deck.read_text(encoding="utf-8") == text)
