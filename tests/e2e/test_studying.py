"""Studying in the app on a real pseudo-terminal."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.question import are_numbers, options_of
from sco_quiz.studying.sessions import begin_study
from sco_quiz.text import plain
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sco_quiz.learning.cards import Card
    from tests.e2e.conftest import Terminal


QUESTIONS = {
    "basic": "What is Astana known for?",
    "typed": "Which city is the capital of Uzbekistan?",
    "cloze": "[…] is the capital of […].",
    "choice": "Which of these is doubly landlocked?",
    "multi": "Which of these border on the Caspian Sea?",
    "true_false": "Bishkek lies in Uzbekistan.",
    "order": "Put them in order of area, largest first.",
    "list": "Name the three members that joined after 2016.",
    "year": "In which year did the metro of Tashkent open?",
    "river": "Which river did the Greeks call Oxus?",
}
"""The prompts of the deck with all kinds, in its order."""


def due(*decks: str) -> int:
    command = [sys.executable, "-m", "sco_quiz", "due", "--short", *decks]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def number_of(option: str, screen: str) -> str:
    """The digit beside an option."""
    found = re.search(rf"(\d)  +\S+ {re.escape(option)}$", screen, re.MULTILINE)
    assert found, screen
    return found[1]


def answer(terminal: Terminal, name: str, rating: str) -> None:
    """Answer a question of the deck with all kinds rightly, and rate it."""
    screen = terminal.wait_for(QUESTIONS[name])
    match name:
        case "typed":
            terminal.type("Tashkent\r")
        case "cloze":
            terminal.type("Dushanbe, Tajikistan\r")
        case "year":
            terminal.type("1977\r")
        case "choice":
            terminal.press(number_of("Uzbekistan", screen))
        case "multi":
            terminal.press(number_of("Kazakhstan", screen), number_of("Turkmenistan", screen))
            terminal.press("enter")
        case "true_false":
            terminal.press("f")
        case "order":
            for country in ("Kazakhstan", "Turkmenistan", "Uzbekistan"):
                terminal.press(number_of(country, screen))
            terminal.press("enter")
        case "list":
            terminal.type("Iran, Pakistan\rIndia\r\r")
        case _:
            terminal.press("enter")
    verdict = "1 Again" if name in ("basic", "river") else "✓ correct"
    terminal.wait_for(verdict, "4 Easy")
    terminal.press(rating)


def start(launch: Callable[..., Terminal]) -> Terminal:
    """Open the app and study the deck with all kinds from Home."""
    terminal = launch()
    terminal.wait_for("All kinds")
    terminal.press("end", "enter")
    return terminal


def test_finished_cards_are_not_asked_again_and_unfinished_ones_are(
    launch: Callable[..., Terminal], kinds: Path
) -> None:
    before = due()
    terminal = start(launch)
    for name in QUESTIONS:
        answer(terminal, name, "1" if name == "year" else "4")
    terminal.wait_for(QUESTIONS["year"])  # forgotten a moment ago, and nothing else is left
    terminal.press("ctrl+underscore")
    terminal.wait_for(QUESTIONS["river"])
    terminal.press("escape")
    terminal.wait_for("9 answers")
    terminal.press("enter")
    terminal.wait_for("Decks  ")
    terminal.press("Q")
    assert terminal.wait_until_gone() == 0
    assert terminal.is_restored
    assert before - due() == 8
    assert due("kinds") == 2

    terminal = start(launch)
    terminal.wait_for("1 of 2")
    answer(terminal, "river", "4")
    answer(terminal, "year", "4")
    terminal.wait_for("Session done")
    terminal.press("ctrl+c")
    assert terminal.wait_until_gone() == 0
    assert due("kinds") == 0


def line_for(card: Card) -> str:
    """A right answer as it is given in line mode."""
    if card.kind is Kind.BASIC:
        return ""
    if card.kind in (Kind.CLOZE, Kind.LIST):
        return "; ".join(card.answers)
    options = options_of(card, 0)
    if not options or are_numbers(options):
        return "; ".join(card.answers)
    return " ".join(str(options.index(answer) + 1) for answer in card.answers)


def test_finished_cards_are_not_asked_again_through_a_pipe_either(home: Path) -> None:
    with Workspace() as workspace:
        workspace.refresh()
        session = begin_study(workspace, ["sco-timeline"], most_new=12)
        cards: list[Card] = []
        while session.question is not None and len(cards) < 10:
            cards.append(session.question.card)
            session.suspend()
        while session.undo():
            pass
    assert len({card.kind for card in cards}) >= 5
    lines = "".join(f"{line_for(card)}\n4\n" for card in cards)
    before = due()
    study = [sys.executable, "-m", "sco_quiz", "study", "--plain", "sco-timeline"]
    done = subprocess.run(
        [*study, "--new", "12"],
        input=f"{lines}:u\n:q\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert done.stdout.count("\ncorrect\n") == sum(card.kind is not Kind.BASIC for card in cards)
    assert "9 answered, 9 recalled." in done.stdout
    assert before - due() == 9

    again = subprocess.run(study, input=":q\n", capture_output=True, text=True, check=True)
    assert again.stdout.splitlines()[2] == plain(cards[-1].prompt).splitlines()[0]


def test_a_question_can_be_answered_by_mouse(launch: Callable[..., Terminal], kinds: Path) -> None:
    terminal = launch("study", "kinds")
    terminal.wait_for(QUESTIONS["basic"])
    terminal.click("Reveal")
    terminal.wait_for("4 Easy")
    terminal.click("4 Easy")
    terminal.wait_for(QUESTIONS["typed"])
    terminal.click("f9 Suspend")
    terminal.wait_for(QUESTIONS["cloze"])
    terminal.click("^o Tomorrow")
    terminal.wait_for(QUESTIONS["choice"])
    terminal.click("Uzbekistan")
    terminal.wait_for("✓ correct", "4 Easy", "enter Good")
    terminal.click("Good")
    terminal.wait_for(QUESTIONS["multi"])


@pytest.mark.parametrize("size", [(60, 18), (160, 45)])
def test_studying_goes_on_in_a_terminal_of_another_size(
    launch: Callable[..., Terminal], kinds: Path, size: tuple[int, int]
) -> None:
    terminal = launch("study", "kinds")
    answer(terminal, "basic", "4")
    terminal.wait_for(QUESTIONS["typed"])
    terminal.type("Tash")
    terminal.wait_for("› Tash")
    terminal.resize(*size)
    columns, rows = size
    terminal.wait_for(
        "› Tash",
        lambda text: len(text.splitlines()[0]) == columns - 2,
        lambda text: len(text.splitlines()) == rows and text.endswith("f1 Help"),
    )
    terminal.type("kent\r")
    terminal.wait_for("✓ correct")
    terminal.press("4")
    for name in ("cloze", "choice", "multi", "true_false", "order", "list"):
        answer(terminal, name, "4")
    terminal.wait_for(QUESTIONS["year"])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_leaves_the_answers_and_the_terminal_in_order(
    launch: Callable[..., Terminal], kinds: Path, number: signal.Signals
) -> None:
    terminal = launch("study", "kinds")
    answer(terminal, "basic", "4")
    terminal.wait_for(QUESTIONS["typed"])
    terminal.send_signal(number)
    terminal.wait_until_gone()
    assert terminal.is_restored
    for mode in (b"?1049l", b"?25h", b"?1000l", b"?1003l", b"?2004l"):
        assert terminal.raw.rfind(mode) > terminal.raw.rfind(mode[:-1] + b"hl"[mode[-1:] == b"h" :])
    assert due("kinds") == 9


def test_a_terminal_that_vanishes_without_a_signal_ends_the_program(home: Path) -> None:
    ours, its = os.openpty()
    program = subprocess.Popen(
        [sys.executable, "-m", "sco_quiz"],
        stdin=its,
        stdout=its,
        stderr=its,
        start_new_session=True,  # and the terminal is not made its controlling one
    )
    os.close(its)
    seen = b""
    while b"SCO essentials" not in seen:
        seen += os.read(ours, 65536)
    os.close(ours)
    assert program.wait(30) == -signal.SIGHUP


def test_closing_the_window_ends_the_program_and_keeps_the_answers(
    launch: Callable[..., Terminal], kinds: Path
) -> None:
    terminal = launch("study", "kinds")
    answer(terminal, "basic", "4")
    terminal.wait_for(QUESTIONS["typed"])
    terminal.hang_up()
    terminal.process.wait(30)
    assert due("kinds") == 9
