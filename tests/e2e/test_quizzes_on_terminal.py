"""A quiz on a real pseudo-terminal: its result, its retry, and both in the history."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from sco_quiz.learning.cards import Rating
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal

CITIES = {
    "Albania": "Tirana", "Bhutan": "Thimphu", "Chile": "Santiago", "Denmark": "Copenhagen",
    "Estonia": "Tallinn", "Fiji": "Suva", "Ghana": "Accra", "Hungary": "Budapest",
    "Iceland": "Reykjavik", "Japan": "Tokyo",
}  # fmt: skip
MISSED = {"Bhutan": "Thimbu City", "Ghana": "Kumasi", "Japan": "Kyoto"}


@pytest.fixture
def cities(decks_folder: Path) -> None:
    """A deck of ten capitals, studied once."""
    notes = (
        f"  - {{question: Capital of {country}?, answer: {city}}}\n"
        for country, city in CITIES.items()
    )
    (decks_folder / "cities.yaml").write_text("deck: Cities\ncards:\n" + "".join(notes))
    with Workspace() as workspace:
        workspace.refresh()
        session = begin_study(workspace, ["cities"], most_new=10)
        while session.question is not None:
            session.answer()
            session.rate(Rating.EASY)
        session.end()


def json_of(*arguments: str) -> Any:
    command = [sys.executable, "-m", "sco_quiz", *arguments, "--json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def answer(terminal: Terminal, place: int, of: int, said: dict[str, str]) -> None:
    """Answer the question at a place, rightly but for those countries; and go on."""
    screen = terminal.wait_for(f"{place} of {of}", "Capital of ", lambda text: "✓" not in text)
    country = next(name for name in CITIES if f"Capital of {name}?" in screen)
    terminal.type(said.get(country, CITIES[country]) + "\r")
    terminal.wait_for("✗ wrong" if country in said else "✓ correct")
    terminal.press("enter")


@pytest.mark.usefixtures("cities")
def test_a_quiz_of_ten_with_three_wrong_its_retry_and_both_in_the_history(
    launch: Callable[..., Terminal],
) -> None:
    due = json_of("due")
    terminal = launch("quiz", "cities", "-n", "10", rows=60)
    for place in range(1, 11):
        answer(terminal, place, 10, MISSED)
    result = terminal.wait_for("Result", "of 10", "70 %", "Missed")
    for country, said in MISSED.items():
        assert f"Capital of {country}?" in result
        assert f"✗ {said}" in result
        assert f"✓ {CITIES[country]}" in result
    terminal.press("r")
    for place in range(1, 4):
        answer(terminal, place, 3, {})
    terminal.wait_for("Result", "of 3", "100 %")
    terminal.press("enter")
    terminal.wait_for("Today")
    terminal.press("h")
    screen = terminal.wait_for("Quiz scores by deck", "3/3", "7/10")
    assert "retry" in next(line for line in screen.splitlines() if "3/3" in line)
    assert "best" in next(line for line in screen.splitlines() if "7/10" in line)
    terminal.press("down", "enter")
    seen = terminal.wait_for("7 of 10", *(f"Capital of {country}?" for country in CITIES))
    for country, said in MISSED.items():
        assert f"✗ Capital of {country}?" in seen
        assert f"said   {said}" in seen
        assert f"right  {CITIES[country]}" in seen
    assert seen.count("✓ Capital of ") == 7
    terminal.press("escape", "escape")
    terminal.wait_for("Today")
    terminal.press("Q")
    assert terminal.wait_until_gone() == 0

    retry, quiz, study = json_of("history")
    told = [(each["kind"], each["asked"], each["correct"], each["score"]) for each in (retry, quiz)]
    assert told == [("quiz", 3, 3, 1.0), ("quiz", 10, 7, 0.7)]
    assert study["kind"] == "study"
    assert retry["retry_of"] == quiz["session"]
    answers = json_of("history", quiz["session"])
    assert {each["question"] for each in answers if not each["correct"]} == {
        f"Capital of {country}?" for country in MISSED
    }
    assert {each["given"][0] for each in answers if not each["correct"]} == set(MISSED.values())
    assert json_of("due") == due
