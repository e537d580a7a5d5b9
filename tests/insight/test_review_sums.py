"""Sums that are kept from one day to the next: always those of a count from the first answer."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.insight.history import SessionHistory
from sco_quiz.insight.review_sums import BILLION, ReviewSums
from sco_quiz.learning.study_day import DAY_MS
from sco_quiz.paths import Paths
from sco_quiz.workspace.workspace import Workspace
from tests.progress.test_replay import (
    START,
    STEPS,
    Step,
    moment,
    new_files,
    play,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sco_quiz.insight.review_sums import Rows
    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.study_day import Moment
    from sco_quiz.progress.store import Progress

NAMES = ("days", "hours", "chances")


SCORES = """
SELECT face.deck, session.id, sum(review.rating > 1), count(*)
FROM review JOIN session ON session.id = review.session JOIN face ON face.key = review.card
WHERE session.kind = 'study' AND session.finished
GROUP BY face.deck, session.id ORDER BY session.started, session.id"""


class Home(NamedTuple):
    """A learner's workspace, and the clock that it goes by."""

    workspace: Workspace
    clock: list[Moment]

    def counted(self) -> dict[str, Rows]:
        sums = ReviewSums(self.workspace)
        return {name: sums.rows(name) for name in NAMES}

    def scores(self) -> dict[str, list[tuple[str, int, int]]]:
        return {
            deck: [(score.session, *score.right) for score in scores]
            for deck, scores in SessionHistory(self.workspace).scores("study").items()
        }


@contextmanager
def new_home() -> Iterator[Home]:
    clock = [moment(START)]
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(*(Path(folder, name) for name in ("config", "data", "cache")))
        with Workspace(paths=paths, clock=lambda: clock[0]) as workspace:
            workspace.progress.query("PRAGMA synchronous = OFF")
            yield Home(workspace, clock)


@pytest.fixture
def home() -> Iterator[Home]:
    with new_home() as made:
        yield made


def from_scratch(progress: Progress) -> dict[str, Rows]:
    """Add up the reviews one by one."""
    sums: dict[str, dict[int, list[int]]] = {name: {} for name in NAMES}

    def add(name: str, by: int, *values: int) -> None:
        before = sums[name].setdefault(by, [0] * len(values))
        sums[name][by] = [one + other for one, other in zip(before, values, strict=True)]

    for at, tz, day, rating, was, ms, interval, chance in progress.query(
        "SELECT at, tz, day, rating, was, milliseconds, interval, predicted FROM review"
    ):
        right, recall, mature = rating > 1, chance is not None, interval >= 21
        young = recall and not mature
        add(
            "days", day, 1, was == 0, right, min(ms, 60_000),
            right and young, young, right and recall and mature, recall and mature,
        )  # fmt: skip
        add("hours", (at // 60_000 + tz) // 60 % 24, 1, right)
        if chance is not None:
            add("chances", min(int(chance * 20), 19), 1, right, int(chance * BILLION))
    return {
        name: [(by, *values) for by, values in sorted(rows.items())] for name, rows in sums.items()
    }


def scores_from_scratch(progress: Progress) -> dict[str, list[tuple[str, int, int]]]:
    scores: dict[str, list[tuple[str, int, int]]] = {}
    for deck, *score in progress.query(SCORES):
        scores.setdefault(deck, []).append(tuple(score))
    return scores


@pytest.mark.proof("random histories on three devices: sums kept are those of a count of all")
@given(steps=STEPS, looked=st.sets(st.integers(0, 30)))
def test_sums_kept_are_those_of_a_count_of_all(
    cards: list[Card], steps: list[Step], looked: set[int]
) -> None:
    cards = [*cards[:3], cards[0]._replace(deck="europe")]
    with new_home() as home, new_files(2) as others:
        progress = home.workspace.progress
        seen = iter(range(len(steps)))

        def look(now: Moment) -> None:
            home.clock[0] = now
            if next(seen) in looked:
                assert home.counted() == from_scratch(progress)
                assert home.scores() == scores_from_scratch(progress)

        play([progress, *others], steps, cards, look)
        assert home.counted() == from_scratch(progress)
        assert home.scores() == scores_from_scratch(progress)


def test_kept_sums_take_in_what_is_answered_later(home: Home, cards: list[Card]) -> None:
    progress = home.workspace.progress
    for passed in range(4):
        day = passed * DAY_MS
        play(
            [progress], [Step(0, act, passed, 2, day) for act in ("start", "review", "end")], cards
        )
        home.clock[0] = moment(START + day)
        assert home.counted() == from_scratch(progress)
        assert home.scores() == scores_from_scratch(progress)
    assert len(home.counted()["days"]) == 4


def test_kept_scores_follow_a_card_into_another_deck(home: Home, cards: list[Card]) -> None:
    progress = home.workspace.progress
    steps = [Step(0, act, 0, 2, 0) for act in ("start", "review", "end")]
    play([progress], steps, cards)
    assert list(home.scores()) == ["asia"]
    play([progress], [Step(0, "review", 0, 1, DAY_MS)], [cards[0]._replace(deck="europe")])
    assert list(home.scores()) == ["europe"]


def test_a_damaged_file_of_kept_sums_is_not_used(home: Home, cards: list[Card]) -> None:
    progress = home.workspace.progress
    play([progress], [Step(0, "review", 0, 2, 0)], cards)
    home.clock[0] = moment(START + DAY_MS)
    counted = home.counted()
    note = home.workspace.index.path.with_name("review-sums")
    for damaged in (note.read_text().replace(", 1, 1,", ", 9, 1,"), "", "12 [", "{}"):
        note.write_text(damaged)
        assert home.counted() == counted
