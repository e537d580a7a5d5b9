"""After an absence: a plan for the backlog, what it asks of a day, and how it ends."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from sco_quiz.config.file import change
from sco_quiz.learning.cards import Rating, State
from sco_quiz.learning.study_day import DAY_MS
from sco_quiz.plain import studying
from sco_quiz.studying.backlog import paces
from sco_quiz.studying.sessions import begin_study, end_cleared_plan
from sco_quiz.studying.undo import undo
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import FakeClock


@pytest.fixture
def away(
    home: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Workspace]:
    """Somebody who learned two decks, 90 cards, and was away for two months."""
    monkeypatch.setattr("sco_quiz.workspace.opening.shipped_decks", lambda: tmp_path / "none")
    folder = home / "data" / "decks"
    folder.mkdir(parents=True)
    for name in ("a", "b"):
        notes = "".join(f"  - {{front: {name}{n}, back: x}}\n" for n in range(50))
        (folder / f"{name}.yaml").write_text(f"deck: {name}\ncards:\n{notes}")
    with Workspace(clock=clock) as workspace:
        workspace.progress.query("PRAGMA synchronous = OFF")
        workspace.refresh()
        for _ in range(3):
            study(workspace, most_new=30, most=30)
            clock.at += DAY_MS
        clock.at += 60 * DAY_MS
        yield workspace


def study(workspace: Workspace, *decks: str, most: int | None = None, most_new: int = 0) -> int:
    session, answers = begin_study(workspace, decks, most=most, most_new=most_new or None), 0
    while session.question is not None:
        session.answer()
        session.rate(Rating.EASY)
        answers += 1
    session.end()
    return answers


def plan(workspace: Workspace, per_day: int) -> None:
    change(workspace.paths.config_file, "backlog_per_day", per_day)
    assert workspace.reread_settings()


def counts(workspace: Workspace) -> list[tuple[int, int]]:
    return [(deck.counts.new, deck.counts.review) for deck in workspace.agenda.decks()]


def test_after_an_absence_the_backlog_is_announced_on_that_day_only(
    away: Workspace, clock: FakeClock
) -> None:
    backlog = away.agenda.backlog()
    assert (backlog.waiting, backlog.is_large, backlog.returned) == (90, True, True)
    assert all(pace.per_day < 90 for pace in paces(away)())
    study(away, most=1)
    assert away.agenda.backlog().returned
    clock.at += DAY_MS
    assert away.agenda.backlog().is_large
    assert not away.agenda.backlog().returned


def test_with_a_plan_each_deck_shows_and_asks_its_share_of_the_day(
    away: Workspace,
) -> None:
    plan(away, 25)
    shown = counts(away)
    assert [new for new, _ in shown] == [0, 0]
    assert sum(review for _, review in shown) == 25
    assert (away.agenda.backlog().per_day, away.agenda.backlog().later) == (25, 65)
    assert study(away, "a") == shown[0][1]
    assert counts(away) == [(0, 0), shown[1]]
    assert study(away) == shown[1][1]
    assert counts(away) == [(0, 0), (0, 0)]
    assert away.agenda.backlog().later == 65
    assert away.agenda.next_in_words() == "What else waits comes on later days, as you planned."


def test_study_by_time_or_of_new_cards_may_exceed_the_plan(
    away: Workspace,
) -> None:
    plan(away, 25)
    assert len(away.agenda.today(most_new=3).new) == 3
    session = begin_study(away, minutes=10)
    assert session.total > 25


def test_a_plan_ends_once_all_waiting_reviews_fit_into_a_day(
    away: Workspace, clock: FakeClock
) -> None:
    plan(away, 40)
    days = 0
    while away.agenda.backlog().per_day:
        assert not end_cleared_plan(away)
        study(away)
        clock.at += DAY_MS
        days += 1
        assert days < 9
    assert days == 2
    assert end_cleared_plan(away)
    assert away.config.backlog_per_day == 0
    assert "backlog_per_day" not in away.paths.config_file.read_text()
    assert not end_cleared_plan(away)
    assert sum(new for new, _ in counts(away)) == 10


def test_an_undone_answer_frees_its_place_in_the_days_share(away: Workspace) -> None:
    plan(away, 25)
    study(away, most=5)
    assert sum(review for _, review in counts(away)) == 20
    undo(away)
    assert sum(review for _, review in counts(away)) == 21


def test_line_mode_lists_the_paces_and_then_the_postponed_reviews(away: Workspace) -> None:
    def said() -> str:
        target = io.StringIO()
        studying.study(begin_study(away), away, source=io.StringIO(":q\n"), target=target)
        return target.getvalue()

    assert said().startswith("90 reviews wait. ")
    assert "a day clears it in " in said()
    assert "`sco-quiz config backlog_per_day " in said()
    plan(away, 25)
    assert said().startswith("65 more wait for later days, 25 a day.\n")


def test_the_cards_of_the_plan_are_those_most_likely_recalled(away: Workspace) -> None:
    every = [card.key for card in away.agenda.today(most_new=0).reviews]
    plan(away, 25)
    assert [card.key for card in away.agenda.today().reviews] == every[:25]
    assert all(away.progress.state(key).state is State.REVIEW for key in every)
