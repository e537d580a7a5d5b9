"""What a wrong clock dated: `doctor` and line mode tell it, and put it right."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.study_day import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., tuple[int, str, str]]
    Type = Callable[..., str]

THREE = "\n4\n" * 3 + ":q\n"
TWO = "\n4\n" * 2 + ":q\n"


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Set the clock so many days ahead or back."""
    real = time.time_ns

    def set_days(days: int) -> None:
        monkeypatch.setattr(time, "time_ns", lambda: real() + days * DAY_MS * 1_000_000)

    return set_days


@pytest.fixture
def wrong(call: Call, kinds: Path, set_clock: Callable[[int], None]) -> None:
    """Three answers three days ago, two that a clock dated a year ahead, and the clock is right."""
    set_clock(-3)
    assert call("study", "--plain", "kinds", lines=THREE)[0] == 0
    set_clock(400)
    assert call("study", "--plain", "kinds", lines=TWO)[0] == 0
    set_clock(0)


@pytest.mark.usefixtures("wrong")
def test_the_doctor_reports_wrongly_dated_answers_and_the_commands_that_correct_them(
    call: Call,
) -> None:
    code, out, err = call("doctor")
    assert (code, err) == (1, "")
    date = r"\d+ \w+ \d{4}"
    assert re.fullmatch(
        rf"The clock was wrong: 2 answers are dated {date}\. It says {date} now;"
        r" if that is wrong too, set it right first\.\n"
        rf"`sco-quiz doctor --clock now`: Count them as given now: {date}\.\n"
        rf"`sco-quiz doctor --clock neighbours`: Count them between their neighbours: {date}\.\n",
        out,
    )


@pytest.mark.usefixtures("wrong")
@pytest.mark.parametrize("way", ["now", "neighbours"])
def test_the_doctor_corrects_wrong_dates_and_line_mode_undoes_it(call: Call, way: str) -> None:
    history = call("history")[1]
    code, out, err = call("doctor", "--clock", way)
    assert (code, err) == (0, "")
    assert out.startswith("Put right: 2 answers are dated ")
    assert out.endswith("Nothing is wrong: every page, 9 events and all views are sound.\n")
    assert call("history")[1] != history
    assert call("doctor", "--clock", way)[1].startswith("Nothing is wrong")
    said = call("study", "--plain", "kinds", lines=":u\n:q\n")[1]
    assert "Taken back: the new dates of answers that a wrong clock dated." in said
    assert call("history")[1] == history
    assert call("doctor")[0] == 1


@pytest.mark.usefixtures("wrong")
@pytest.mark.parametrize("command", ["study", "quiz"])
def test_piped_input_answers_cards_and_not_the_question_about_the_clock(
    call: Call, home: Path, command: str
) -> None:
    code, out, err = call(command, "--plain", "kinds", lines="1\n:q\n")
    assert (code, err) == (0, "")
    first, second, *cards = out.splitlines()
    assert first.startswith("The clock was wrong: 2 answers are dated ")
    assert second == "`sco-quiz doctor` says how to put that right."
    assert any(line.startswith("[1 of ") for line in cards)
    assert not any("for later" in line for line in cards)
    assert call("doctor")[0] == 1


@pytest.mark.usefixtures("wrong")
def test_line_mode_asks_when_the_answers_were_given(type_lines: Type, call: Call) -> None:
    assert call("due", "--short", "kinds")[1] == "6\n"
    said = type_lines("study", "--plain", "kinds", lines="y\n1\n:u\n:q\n")
    assert "  1. Count them as given now: " in said
    assert "  2. Count them between their neighbours: " in said
    assert "Answer with a number up to 2; an empty line is for later." in said
    assert "Put right; :u takes it back." in said
    assert "Taken back: the new dates of answers that a wrong clock dated." in said
    said = type_lines("study", "--plain", "kinds", lines="2\n:q\n")
    assert "Put right; :u takes it back." in said
    assert call("doctor")[0] == 0


@pytest.mark.usefixtures("wrong")
@pytest.mark.parametrize("lines", ["\n:q\n", ""])
def test_line_mode_can_leave_wrong_dates_for_later(
    type_lines: Type, call: Call, lines: str
) -> None:
    said = type_lines("study", "--plain", "kinds", lines=lines)
    assert "number, or nothing for later> " in said
    assert "0 answered" in said
    assert call("doctor")[0] == 1


def test_a_long_absence_is_not_reported_as_a_wrong_clock(
    call: Call, kinds: Path, set_clock: Callable[[int], None]
) -> None:
    set_clock(-1500)
    call("study", "--plain", "kinds", lines=THREE)
    set_clock(0)
    assert "clock" not in call("study", "--plain", "kinds", lines=":q\n")[1]
    assert call("doctor")[0] == 0


def test_no_correction_is_offered_while_the_clock_is_wrong(
    call: Call, kinds: Path, set_clock: Callable[[int], None]
) -> None:
    call("study", "--plain", "kinds", lines=THREE)
    set_clock(-15_000)
    said = call("study", "--plain", "kinds", lines=":q\n")[1]
    assert said.startswith("The clock is wrong: it says ")
    assert "doctor" not in said
    code, out, _ = call("doctor", "--clock", "now")
    assert code == 1
    assert re.fullmatch(r"The clock is wrong: it says .* Set it right before you study\.\n", out)
