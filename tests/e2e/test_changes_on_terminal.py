"""On a real pseudo-terminal: decks, other programs and the day change while the app is open."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from sco_quiz.numbers_and_times import in_full

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal

    Launch = Callable[..., Terminal]

DECK = """\
deck: Geo
id: geo
new_per_day: 2
cards:
  - {question: "Capital of Tajikistan?", answer: Dushanbe}
  - {question: "Capital of Kyrgyzstan?", answer: Bishkek}
  - {question: "Capital of Georgia?", answer: Tbilisi}
  - {question: "Capital of Armenia?", answer: Yerevan}
"""


@pytest.fixture
def geo(decks_folder: Path) -> Path:
    path = decks_folder / "geo.yaml"
    path.write_text(DECK, "utf-8")
    return path


def study_in_lines(answers: str) -> str:
    command = [sys.executable, "-m", "sco_quiz", "study", "--plain", "geo"]
    done = subprocess.run(command, input=answers, capture_output=True, text=True, check=True)
    return done.stdout


def cards() -> str:
    command = [sys.executable, "-m", "sco_quiz", "cards", "deck:geo"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_home_left_open_over_the_rollover_shows_the_new_day_and_its_due_cards(
    launch: Launch, move_clock: Callable[[float], None], geo: Path
) -> None:
    assert geo.exists()
    study_in_lines("Dushanbe\n4\nBishkek\n4\n")
    terminal = launch()
    terminal.wait_for("Decks", "2 done", "Geo")
    move_clock(24 * 3600)
    day = datetime.now().astimezone() + timedelta(hours=24 - 4)
    terminal.wait_for(in_full(day.date(), weekday=True, year=False), "0 done")
    terminal.press("end", "enter")
    terminal.wait_for("Capital of Georgia?")
    terminal.press("escape")
    terminal.wait_for("Decks")
    terminal.press("Q")
    assert terminal.wait_until_gone() == 0


def test_home_shows_answers_given_in_another_terminal(launch: Launch, geo: Path) -> None:
    assert geo.exists()
    terminal = launch()
    terminal.wait_for("Decks", "0 done", "Geo")
    study_in_lines("Dushanbe\n4\nBishkek\n4\n")
    terminal.wait_for("2 done")
    terminal.press("Q")
    assert terminal.wait_until_gone() == 0


def test_a_deck_broken_and_mended_while_it_is_studied_costs_no_answer(
    launch: Launch, geo: Path
) -> None:
    terminal = launch("study", "geo")
    terminal.wait_for("Capital of Tajikistan?")
    terminal.type("Dush")
    geo.write_text(DECK + '  - {question: "half', "utf-8")
    terminal.wait_for("geo.yaml:", "Dush")
    terminal.type("anbe\r")
    terminal.wait_for("✓ correct")
    terminal.press("4")
    terminal.wait_for("Capital of Kyrgyzstan?", "geo.yaml:")
    geo.write_text(DECK.replace("Capital of Kyrg", "The capital of Kyrg"), "utf-8")
    terminal.wait_for("The capital of Kyrgyzstan?", lambda text: "geo.yaml:" not in text)
    terminal.type("Bishkek\r")
    terminal.wait_for("✓ correct")
    terminal.press("4")
    terminal.wait_for("2 answers")
    terminal.press("enter")
    terminal.wait_for("Decks", "2 done")
    terminal.press("Q")
    assert terminal.wait_until_gone() == 0
    assert cards().count("review") == 2


def test_a_card_answered_in_a_second_terminal_while_it_is_asked_is_not_asked_again(
    launch: Launch, geo: Path
) -> None:
    assert geo.exists()
    terminal = launch("study", "geo")
    terminal.wait_for("Capital of Tajikistan?")
    terminal.type("Dush")
    terminal.wait_for("Dush")
    assert "1 answered" in study_in_lines("Dushanbe\n4\n:q\n")
    terminal.type("anbe\r")
    terminal.wait_for("Capital of Kyrgyzstan?", "answered or set aside elsewhere")
    terminal.type("Bishkek\r")
    terminal.wait_for("✓ correct")
    terminal.press("4")
    terminal.wait_for("1 answer")
    terminal.press("enter")
    terminal.wait_for("Decks", "2 done")
    terminal.press("Q")
    assert terminal.wait_until_gone() == 0


def test_an_answer_to_a_card_reworded_on_disk_counts_for_the_card_in_its_new_words(
    launch: Launch, move_clock: Callable[[float], None], geo: Path
) -> None:
    text = DECK.replace("new_per_day: 2", "new_per_day: 1")
    geo.write_text(text, "utf-8")
    study_in_lines("Dushanbe\n4\n:q\n")
    move_clock(30 * 24 * 3600)
    terminal = launch("study", "geo")
    terminal.wait_for("Capital of Tajikistan?")
    geo.write_text(text.replace("Capital of Taj", "What is the capital of Taj"), "utf-8")
    terminal.wait_for("What is the capital of Tajikistan?")
    terminal.type("Dushanbe\r")
    terminal.wait_for("✓ correct")
    terminal.press("3")
    terminal.wait_for("Capital of Kyrgyzstan?")
    terminal.press("escape")
    terminal.wait_for("1 answer")
    found = cards()
    assert "What is the capital of Tajikistan?" in found
    assert found.count("review") == 1


def test_line_mode_reads_the_deck_as_it_is_when_the_answer_is_given(
    launch: Launch, geo: Path
) -> None:
    terminal = launch("study", "--plain", "geo")
    terminal.wait_for("Capital of Tajikistan?", "answer>")
    geo.write_text(DECK.replace("Dushanbe", "Stalinabad"), "utf-8")
    terminal.type("Stalinabad\r")
    terminal.wait_for("correct", "rating")
    terminal.type("4\r")
    terminal.wait_for("Capital of Kyrgyzstan?")
    geo.write_text("deck: Geo\nid: geo\ncards: []\n", "utf-8")
    terminal.type("x\r")
    terminal.wait_for("1 card is in no deck any more.", "1 answered")
    assert terminal.wait_until_gone() == 0
