"""On a real pseudo-terminal: a plan after an absence, and choices before typing."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from sco_quiz.config import load
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.study_day import DAY_MS, Moment, study_day
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal

CITIES = """\
deck: Cities
ramp: true
cards:
  - question: Capital of Uzbekistan?
    answer: Tashkent
    wrong: [Bishkek, Dushanbe, Astana]
"""


def study(days_ago: int, deck: str, most: int = 1) -> None:
    """Learn new cards of a deck some days ago, each with Easy."""

    def now() -> Moment:
        at = time.time_ns() // 1_000_000 - days_ago * DAY_MS
        return Moment(at, 0, study_day(at, 0, 4))

    with Workspace(clock=now) as workspace:
        workspace.progress.query("PRAGMA synchronous = OFF")
        workspace.refresh()
        session = begin_study(workspace, [deck], most=most, most_new=most)
        while session.question is not None:
            session.answer()
            session.rate(Rating.EASY)
        session.end()


def waiting(screen: str) -> int:
    """How many cards are to go."""
    found = re.search(r"(\d+) to go", screen)
    return int(found[1]) if found else 0


def test_after_an_absence_a_plan_is_offered_chosen_once_and_kept(
    launch: Callable[..., Terminal], home: Path, decks_folder: Path
) -> None:
    notes = "".join(f"  - {{front: River {number}, back: x}}\n" for number in range(80))
    (decks_folder / "rivers.yaml").write_text(f"deck: Rivers\ncards:\n{notes}")
    (home / "config").mkdir()
    config = home / "config" / "config.toml"
    config.write_text("new_per_day = 0\n")
    for days_ago in (64, 63, 62, 61):
        study(days_ago, "rivers", 20)
    terminal = launch()
    screen = terminal.wait_for("80 to go", "Welcome back. A calm plan: c", "c Catch up")
    assert "overdue" not in screen.lower()
    assert b"38;2;229;123;115" not in terminal.raw  # the theme's red
    terminal.press("c")
    terminal.wait_for("80 reviews wait.", "a day clears it in", "Keep to it")
    terminal.press("enter")
    screen = terminal.wait_for("more wait for later days", lambda text: waiting(text) < 80)
    per_day = load(config)[0].backlog_per_day
    assert waiting(screen) == per_day > 0
    assert f"{80 - per_day} more wait for later days, {per_day} a day." in screen
    assert "Welcome back" not in screen
    terminal.press("Q")
    assert terminal.wait_until_gone() == 0
    terminal = launch()
    screen = terminal.wait_for(f"{80 - per_day} more wait for later days")
    assert waiting(screen) == per_day


def test_a_typed_note_is_recognised_first_and_recalled_later(
    launch: Callable[..., Terminal], move_clock: Callable[[float], None], decks_folder: Path
) -> None:
    (decks_folder / "cities.yaml").write_text(CITIES)
    terminal = launch("study", "cities")
    screen = terminal.wait_for("Capital of Uzbekistan?", "Tashkent", "Bishkek", "Choose")
    place = next(line.split()[0] for line in screen.splitlines() if line.endswith("Tashkent"))
    terminal.press(place)
    terminal.wait_for("✓ correct")
    terminal.press("4")
    terminal.wait_for("1 answer")
    terminal.press("escape")
    terminal.wait_for("Today")
    terminal.press("Q")
    assert terminal.wait_until_gone() == 0
    move_clock(30 * 86_400)
    terminal = launch("study", "cities")
    screen = terminal.wait_for("Capital of Uzbekistan?", "Answer")
    assert "Bishkek" not in screen
    terminal.type("Tashkent\r")
    terminal.wait_for("✓ correct")
