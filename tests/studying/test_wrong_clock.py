"""Answers that a wrong clock dated, through the whole path: found, put right, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.insight.activity import Activity
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.study_day import DAY_MS, HOUR_MS, MINUTE_MS
from sco_quiz.learning.wrong_clock import Way
from sco_quiz.paths import Paths
from sco_quiz.progress import log
from sco_quiz.progress.appending import ForeignEvents
from sco_quiz.progress.store import Progress
from sco_quiz.studying.overview import overview
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.studying.sessions import begin_study
from sco_quiz.studying.undo import undo
from sco_quiz.studying.wrong_clock import WrongTimes, find_wrong_times
from sco_quiz.workspace.cards import cards_of_deck
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import FakeClock

YEAR = 365 * DAY_MS
DECK = "deck: Numbers\nid: numbers\nnew_per_day: 5\ncards:\n" + "".join(
    f"  - {{question: How much is {n} + {n}?, answer: {2 * n}}}\n" for n in range(40)
)


@pytest.fixture
def workspace(
    decks_folder: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    """One deck of forty cards, five new ones a day."""
    empty = decks_folder.parent / "none"
    empty.mkdir()
    monkeypatch.setattr("sco_quiz.workspace.opening.shipped_decks", lambda: empty)
    (decks_folder / "numbers.yaml").write_text(DECK, encoding="utf-8")
    with Workspace(clock=clock) as opened:
        opened.refresh()
        yield opened


def study(workspace: Workspace, clock: FakeClock, most: int | None = None) -> int:
    """Answer what is due, a minute each; return how many answers that were."""
    session = begin_study(workspace, most=most)
    while session.question is not None:
        clock.at += MINUTE_MS
        session.answer()
        session.rate(Rating.EASY)
    session.end()
    return session.tally.answers


def found(workspace: Workspace) -> WrongTimes:
    wrong = find_wrong_times(workspace)
    assert wrong is not None
    assert find_wrong_times(workspace, everywhere=True) is not None
    return wrong


def nothing_is_wrong(workspace: Workspace) -> bool:
    return find_wrong_times(workspace) is find_wrong_times(workspace, everywhere=True) is None


def test_an_absence_of_years_is_not_taken_for_a_wrong_clock(
    workspace: Workspace, clock: FakeClock
) -> None:
    study(workspace, clock)
    clock.at += 3 * YEAR
    assert nothing_is_wrong(workspace)
    study(workspace, clock)
    assert nothing_is_wrong(workspace)
    assert overview(workspace).wrong_times is None


def test_travel_and_a_clock_wrong_by_hours_are_not_reported(
    workspace: Workspace, clock: FakeClock
) -> None:
    study(workspace, clock)
    clock.at -= 23 * HOUR_MS
    assert nothing_is_wrong(workspace)
    study(workspace, clock)
    assert nothing_is_wrong(workspace)


def test_answers_counted_as_given_now_belong_to_today_and_its_limits(
    workspace: Workspace, clock: FakeClock
) -> None:
    study(workspace, clock)
    clock.at += DAY_MS
    clock.at += YEAR
    assert study(workspace, clock) == 10
    clock.at -= YEAR
    today = workspace.now().day
    wrong = found(workspace)
    assert wrong.summary == "10 answers are dated 2 March 2027"
    assert wrong.words == (
        "The clock was wrong: 10 answers are dated 2 March 2027. It says 2 March 2026 now;"
        " if that is wrong too, set it right first."
    )
    assert [offer.words for offer in wrong.offers] == [
        "Count them as given now: 2 March 2026",
        "Count them between their neighbours: 1 March 2026",
    ]
    assert workspace.agenda.counts()["numbers"].new == 5
    wrong.put_right(workspace, Way.NOW)
    assert workspace.agenda.counts() == {}
    assert Activity(workspace).answers_by_day(9) == {today - 1: 5, today: 10}
    assert Activity(workspace).daily().answers == 10
    assert nothing_is_wrong(workspace)
    clock.at += 30 * DAY_MS
    assert workspace.agenda.counts()["numbers"].review == 5


def test_answers_counted_between_their_neighbours_belong_to_the_missing_day(
    workspace: Workspace, clock: FakeClock
) -> None:
    study(workspace, clock)
    clock.at += 2 * DAY_MS + YEAR
    study(workspace, clock)
    clock.at -= YEAR
    wrong, today = found(workspace), workspace.now().day
    wrong.put_right(workspace, Way.NEIGHBOURS)
    assert Activity(workspace).answers_by_day(9) == {today - 2: 5, today - 1: 10}
    assert workspace.agenda.counts()["numbers"].new == 5
    assert nothing_is_wrong(workspace)


def test_a_clock_correction_is_undone_in_one_step_and_offered_again(
    workspace: Workspace, clock: FakeClock
) -> None:
    study(workspace, clock)
    for shift in (YEAR, -50 * YEAR):  # two wrong clocks, and a right one between them
        clock.at += shift
        study(workspace, clock, most=1)
        clock.at -= shift
        clock.at += 2 * DAY_MS
        study(workspace, clock, most=1)
    states = "SELECT * FROM card_state"
    before, events = workspace.progress.query(states), list(workspace.progress.events())
    offered = [offer.words for offer in found(workspace).offers]
    assert len(offered) == 2
    found(workspace).put_right(workspace, Way.NEIGHBOURS)
    assert nothing_is_wrong(workspace)
    assert workspace.progress.query(states) != before
    undone = undo(workspace)
    assert undone is not None
    assert undone.words == "the new dates of answers that a wrong clock dated"
    assert workspace.progress.query(states) == before
    assert [offer.words for offer in found(workspace).offers] == offered
    assert list(workspace.progress.events())[: len(events)] == events


@pytest.mark.parametrize("back", [56 * YEAR, 20 * YEAR])
def test_a_clock_that_fell_back_and_was_right_again_is_found_too(
    workspace: Workspace, clock: FakeClock, back: int
) -> None:
    study(workspace, clock)
    clock.at += DAY_MS - back
    assert "it says" in found(workspace).summary  # it is wrong now: nothing can be put right
    assert found(workspace).offers == []
    study(workspace, clock, most=2)
    clock.at += back + DAY_MS
    today = workspace.now().day
    found(workspace).put_right(workspace, Way.NEIGHBOURS)
    assert Activity(workspace).answers_by_day(9) == {today - 2: 5, today - 1: 2}
    study(workspace, clock)
    assert nothing_is_wrong(workspace)


def test_answers_of_several_wrong_days_stay_on_separate_days(
    workspace: Workspace, clock: FakeClock
) -> None:
    study(workspace, clock)
    clock.at += YEAR
    for _ in range(3):
        clock.at += DAY_MS
        study(workspace, clock)
    clock.at -= YEAR
    clock.at += DAY_MS
    today = workspace.now().day
    found(workspace).put_right(workspace, Way.NEIGHBOURS)
    days = Activity(workspace).answers_by_day(9)
    assert days == {today - 4: 5, today - 3: 10, today - 2: 5, today - 1: 5}


def test_without_neighbours_the_only_offer_is_the_present(
    workspace: Workspace, clock: FakeClock
) -> None:
    clock.at += 2 * YEAR
    study(workspace, clock)
    clock.at -= 2 * YEAR
    assert [offer.way for offer in found(workspace).offers] == [Way.NOW]
    found(workspace).put_right(workspace, Way.NOW)
    assert workspace.agenda.counts() == {}


def test_the_dates_that_are_told_are_those_of_answers_alone(
    workspace: Workspace, clock: FakeClock
) -> None:
    now = clock.at
    clock.at += HOUR_MS
    workspace.progress.append(log.device(workspace.now(), "laptop"))
    clock.at += 3 * YEAR
    study(workspace, clock)
    clock.at = now
    wrong = found(workspace)
    assert wrong.summary == "5 answers are dated 28 February 2029"
    assert [offer.words for offer in wrong.offers] == ["Count them as given now: 1 March 2026"]
    wrong.put_right(workspace, Way.NOW)
    assert Activity(workspace).answers_by_day(9) == {workspace.now().day: 5}


def test_answers_given_before_the_correction_stay_after_the_corrected_ones(
    workspace: Workspace, clock: FakeClock
) -> None:
    clock.at += YEAR
    study(workspace, clock)
    clock.at -= YEAR
    study(workspace, clock, most=1)
    clock.at += DAY_MS
    wrong = found(workspace)
    assert [offer.words for offer in wrong.offers] == ["Count them as late as can be: 1 March 2026"]
    wrong.put_right(workspace, Way.NOW)
    assert Activity(workspace).answers_by_day(9) == {workspace.now().day - 1: 6}


def test_more_wrong_dates_than_a_quick_check_reads_are_corrected_together(
    workspace: Workspace, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sco_quiz.studying.wrong_clock.RECENT", 8)
    study(workspace, clock)
    clock.at += DAY_MS + YEAR
    assert study(workspace, clock) == 10
    clock.at -= YEAR
    assert found(workspace).summary == "10 answers are dated 2 March 2027"
    found(workspace).put_right(workspace, Way.NOW)
    assert nothing_is_wrong(workspace)


def test_a_clock_correction_moves_quizzes_and_buried_cards_too(
    workspace: Workspace, clock: FakeClock
) -> None:
    study(workspace, clock, most=1)
    clock.at += YEAR
    quiz = begin_quiz(workspace, seed=1)
    quiz.answer("0")
    quiz.leave()
    session = begin_study(workspace, most_new=9)
    assert session.question is not None
    key = session.question.card.key
    session.bury()
    clock.at -= YEAR
    today = workspace.now().day
    assert found(workspace).summary == "1 answer is dated 1 March 2027"
    assert found(workspace).offers[0].words == "Count it as given now: 1 March 2026"
    found(workspace).put_right(workspace, Way.NOW)
    assert workspace.progress.state(key).buried_until == today + 1
    assert {day for (day,) in workspace.progress.query("SELECT day FROM session")} == {today}


def test_an_imported_history_is_not_taken_for_a_wrong_clock(
    workspace: Workspace, clock: FakeClock
) -> None:
    study(workspace, clock, most=1)
    cards, now = cards_of_deck(workspace.progress.connection, "numbers"), workspace.now()
    state = workspace.progress.state(cards[0].key)
    drafts = [
        log.review(now._replace(at=now.at - years * YEAR), card, Rating.GOOD, state, state,
                   session=None)
        for card, years in ((cards[1], 1), (cards[2], 5), (cards[3], 2), (cards[4], 9))
    ]  # fmt: skip
    imported = log.imported(now, "a file", {}, device="elsewhere")
    workspace.progress.append_with(
        lambda _: None, imported, brought=ForeignEvents("elsewhere", drafts)
    )
    assert nothing_is_wrong(workspace)


def test_wrong_dates_of_another_device_can_be_corrected_here(
    workspace: Workspace, clock: FakeClock, tmp_path: Path
) -> None:
    study(workspace, clock, most=1)
    clock.at += YEAR
    root = tmp_path / "other"
    paths = Paths(root / "config", root / "data", root / "cache")
    with Workspace(paths=paths, clock=clock, extra=[tmp_path / "data/decks/numbers.yaml"]) as other:
        other.refresh()
        study(other, clock, most=3)
        events = list(other.progress.events())
    clock.at -= YEAR
    workspace.progress.merge(events)
    found(workspace).put_right(workspace, Way.NOW)
    assert Activity(workspace).daily().answers == 4
    with Progress.open(tmp_path / "third.db") as third:
        third.merge(list(workspace.progress.events())[::-1])
        states = "SELECT * FROM card_state"
        assert third.query(states) == workspace.progress.query(states)
