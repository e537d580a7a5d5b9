"""What comes into the log later, and if the reviews of the days before still count as they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.study_day import DAY_MS
from sco_quiz.progress.marking import LogMark
from tests.progress.test_replay import (
    CARD_ACTS,
    START,
    Step,
    moment,
    new_files,
    play,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sco_quiz.learning.cards import Card
    from sco_quiz.progress.store import Progress

TODAY = moment(START + 3 * DAY_MS)


@pytest.fixture
def progress(cards: list[Card]) -> Iterator[Progress]:
    """A log with reviews until yesterday."""
    with new_files(1) as (progress,):
        play([progress], [step("start"), *[step("review", passed=DAY_MS)] * 2], cards)
        yield progress


def step(act: str, *, card: int = 0, number: int = 2, passed: int = 0) -> Step:
    return Step(0, act, card, number, passed)


def holds_after(progress: Progress, steps: list[Step], cards: list[Card]) -> bool:
    """Take the steps today, after a mark."""
    mark = LogMark.of(progress.connection)
    later = step("flag", passed=TODAY.at - START)
    play([progress], [later, *steps], cards)
    return mark.holds_before(progress.connection, TODAY.day)


@pytest.mark.parametrize("act", ["review", "start", "end", *sorted({*CARD_ACTS} - {"relink"})])
def test_the_days_before_hold_whatever_is_done_with_a_card_today(
    progress: Progress, cards: list[Card], act: str
) -> None:
    assert holds_after(progress, [step(act)], cards)


def test_the_days_before_hold_when_an_answer_of_today_is_taken_back(
    progress: Progress, cards: list[Card]
) -> None:
    assert holds_after(progress, [step("review"), step("undo", number=0)], cards)


@pytest.mark.parametrize(
    "harm",
    [
        step("undo", number=1),  # of yesterday's answer
        step("relink", card=1, number=0),
        step("parameters"),
        step("import"),
        step("clock"),
        step("review", passed=-2 * DAY_MS),  # the clock was set back
    ],
    ids=lambda harm: str(harm.act),
)
def test_the_days_before_are_counted_anew_after_what_may_change_them(
    progress: Progress, cards: list[Card], harm: Step
) -> None:
    assert not holds_after(progress, [harm], cards)


def test_an_answer_from_another_device_may_count_for_a_day_before(
    progress: Progress, cards: list[Card]
) -> None:
    mark = LogMark.of(progress.connection)
    with new_files(1) as (other,):
        play([other], [step("review", card=1)], cards)
        progress.merge(other.events())
    assert not mark.holds_before(progress.connection, TODAY.day)


def test_nothing_holds_in_a_log_that_lacks_what_was_there(
    progress: Progress, cards: list[Card]
) -> None:
    mark = LogMark.of(progress.connection)
    with new_files(1) as (other,):
        play([other], [step("start"), step("review", passed=DAY_MS)], cards)
        assert not mark.holds_before(other.connection, TODAY.day)
