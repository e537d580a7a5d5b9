"""Sessions in the history: what was answered in them, wherever and whenever that was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import UsageError
from sco_quiz.insight.figures import Figures
from sco_quiz.insight.history import SessionHistory
from sco_quiz.learning.cards import Card, CardState, Rating, State
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.review_statistics import Share
from sco_quiz.learning.study_day import MINUTE_MS, Moment, study_day
from sco_quiz.progress import log
from sco_quiz.progress.log import EventDraft, SessionKind
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LATE = int(datetime(2026, 3, 1, 23, 50, tzinfo=UTC).timestamp() * 1000)
CAPITALS = """\
deck: Capitals
id: capitals
cards:
  - {id: k, question: "Capital of Kazakhstan?", answer: Astana}
"""


def at(minutes: float, tz: int = 0) -> Moment:
    """Minutes after ten to midnight on Sunday, 1 March 2026, UTC."""
    when = LATE + round(minutes * MINUTE_MS)
    return Moment(when, tz, study_day(when, tz, 4))


def card(name: str, deck: str = "capitals", kind: Kind = Kind.TYPED) -> Card:
    return Card(name, name, deck, kind, f"What is {name}?", (name.upper(),))


def review(now: Moment, name: str = "a", *, rating: int = 3, **data: object) -> EventDraft:
    after = CardState(State.REVIEW, due_day=now.day + 1, stability=1, difficulty=5, reps=1)
    session = str(data.pop("session", "s"))
    deck = str(data.pop("deck", "capitals"))
    return log.review(
        now, card(name, deck), Rating(rating), CardState(), after, session=session,
        answer=str(data.pop("answer", "")), verdict="correct" if rating > 1 else "wrong",
        milliseconds=5_000,
    )  # fmt: skip


def start(now: Moment, session: str = "s", **titles: str) -> EventDraft:
    decks = titles or {"capitals": "Capitals"}
    return log.session_start(now, session, SessionKind.STUDY, list(decks), decks)


@pytest.fixture
def workspace(decks_folder: Path) -> Iterator[Workspace]:
    (decks_folder / "capitals.yaml").write_text(CAPITALS)
    with Workspace(clock=lambda: at(60)) as opened:
        opened.refresh()
        yield opened


def write_quiz(
    workspace: Workspace,
    session: str,
    right: str,
    minute: float = 0,
    *,
    decks: tuple[str, ...] = ("capitals",),
    finished: bool = True,
    retry_of: str | None = None,
) -> None:
    """Log a quiz of which the answers marked `+` were right; decks take turns."""
    options = {"number": len(right), "retry_of": retry_of}
    titles = {deck: deck.title() for deck in decks}
    kind = SessionKind.QUIZ
    drafts = [log.session_start(at(minute), session, kind, list(decks), titles, options)]
    for number, mark in enumerate(right):
        asked = card(f"{decks[number % len(decks)]} {number}", decks[number % len(decks)])
        drafts.append(
            log.answer(
                at(minute + number / 10), asked, session=session, correct=mark == "+",
                answer="said", verdict="correct" if mark == "+" else "wrong", milliseconds=3_000,
            )
        )  # fmt: skip
    drafts.append(log.session_end(at(minute + 1), session, finished=finished))
    workspace.progress.append(*drafts)


# One session


def test_without_answers_there_is_no_session(workspace: Workspace) -> None:
    workspace.progress.append(start(at(0)), log.session_end(at(1), "s"))
    assert SessionHistory(workspace).sessions() == []
    assert SessionHistory(workspace).scores("study") == {}
    assert SessionHistory(workspace).bests() == []


def test_one_answer_is_a_session(workspace: Workspace) -> None:
    workspace.progress.append(start(at(0)), review(at(1)), log.session_end(at(2), "s"))
    (session,) = SessionHistory(workspace).sessions()
    assert (session.kind, session.decks, session.asked, session.correct) == (
        "study", ("capitals",), 1, 1,
    )  # fmt: skip
    assert (session.score, session.milliseconds, session.finished) == (1, 5_000, True)


def test_a_session_without_an_end_was_broken_off(workspace: Workspace) -> None:
    workspace.progress.append(start(at(0)), review(at(1)))
    (session,) = SessionHistory(workspace).sessions()
    assert (session.ended, session.ended_tz, session.finished) == (None, None, False)


def test_a_session_over_midnight_is_one_and_belongs_to_the_day_of_its_start(
    workspace: Workspace,
) -> None:
    workspace.progress.append(
        start(at(0)), review(at(1)), review(at(20), "b"), log.session_end(at(21), "s")
    )
    (session,) = SessionHistory(workspace).sessions()
    sunday = datetime(2026, 3, 1, tzinfo=UTC).toordinal()
    assert (session.day, session.asked) == (sunday, 2)
    # Before the rollover it is still Sunday, by the clock it is Monday.
    assert [day.day for day in Figures(workspace).days] == [sunday]
    assert [hour.hour for hour in Figures(workspace).hours if hour.answers] == [0, 23]


def test_a_session_over_the_rollover_counts_on_both_study_days(workspace: Workspace) -> None:
    workspace.progress.append(start(at(240)), review(at(249)), review(at(251), "b"))
    sunday = datetime(2026, 3, 1, tzinfo=UTC).toordinal()
    assert [session.day for session in SessionHistory(workspace).sessions()] == [sunday]
    days = Figures(workspace).days
    assert [(day.day, day.answers) for day in days] == [(sunday, 1), (sunday + 1, 1)]
    assert Figures(workspace).totals.streak.longest == 2


def test_a_change_of_zone_shows_in_the_end_of_a_session(workspace: Workspace) -> None:
    workspace.progress.append(
        start(at(0, 300)), review(at(1, 300)), review(at(9, 60), "b"),
        log.session_end(at(10, 60), "s"),
    )  # fmt: skip
    (session,) = SessionHistory(workspace).sessions()
    assert (session.tz, session.ended_tz) == (300, 60)
    hours = {hour.hour: hour.answers for hour in Figures(workspace).hours if hour.answers}
    assert hours == {4: 1, 0: 1}


def test_a_clock_set_back_during_a_session_takes_nothing_away(workspace: Workspace) -> None:
    workspace.progress.append(
        start(at(0)), review(at(5)), review(at(-3_000), "b"), log.session_end(at(-2_990), "s")
    )
    (session,) = SessionHistory(workspace).sessions()
    assert (session.asked, session.milliseconds) == (2, 10_000)
    assert [answer.card for answer in SessionHistory(workspace).answers("s")] == ["a", "b"]
    assert Figures(workspace).totals.answers == 2


def test_the_newest_session_comes_first(workspace: Workspace) -> None:
    for name, minute in (("one", 0), ("three", 20), ("two", 10)):
        workspace.progress.append(
            start(at(minute), name), review(at(minute + 1), name, session=name)
        )
    assert [session.id for session in SessionHistory(workspace).sessions()] == [
        "three",
        "two",
        "one",
    ]


def test_undone_answers_are_in_no_session(workspace: Workspace) -> None:
    _, event = workspace.progress.append(start(at(0)), review(at(1)))
    workspace.progress.append(review(at(2), "b"))
    workspace.progress.undo(event, at(3))
    assert [answer.card for answer in SessionHistory(workspace).answers("s")] == ["b"]
    assert [session.asked for session in SessionHistory(workspace).sessions()] == [1]


def test_an_answer_is_shown_with_its_question_and_the_right_answer(workspace: Workspace) -> None:
    workspace.progress.append(start(at(0)), review(at(1, 300), rating=1, answer="no idea"))
    (answer,) = SessionHistory(workspace).answers("s")
    assert answer == (
        "a", "capitals", at(1).at, 300, "typed", "What is a?", "no idea", "A", "wrong", False, 1,
        False, 5_000,
    )  # fmt: skip


# Quizzes


def test_a_quiz_is_a_session_of_its_own_kind(workspace: Workspace) -> None:
    write_quiz(workspace, "q", "++-+")
    workspace.progress.append(start(at(9)), review(at(10)))
    (session,) = SessionHistory(workspace).sessions(kind="quiz")
    assert (session.id, session.asked, session.correct, session.score) == ("q", 4, 3, 0.75)
    answers = SessionHistory(workspace).answers("q")
    assert [answer.correct for answer in answers] == [True, True, False, True]
    assert {answer.rating for answer in answers} == {None}
    assert [each.id for each in SessionHistory(workspace).sessions(kind="study")] == ["s"]


def test_the_best_quiz_on_the_same_decks_is_the_one_with_the_highest_share(
    workspace: Workspace,
) -> None:
    write_quiz(workspace, "one", "+-", 0)
    write_quiz(workspace, "two", "++-", 10)
    write_quiz(workspace, "three", "++--", 20)
    assert [best.id for best in SessionHistory(workspace).bests()] == ["two"]


def test_of_equal_scores_the_longer_and_then_the_earlier_quiz_is_the_best(
    workspace: Workspace,
) -> None:
    write_quiz(workspace, "short", "++", 0)
    write_quiz(workspace, "first", "+++", 10)
    write_quiz(workspace, "again", "+++", 20)
    assert [best.id for best in SessionHistory(workspace).bests()] == ["first"]


def test_a_retry_or_an_unfinished_quiz_is_never_the_best(workspace: Workspace) -> None:
    write_quiz(workspace, "whole", "+--", 0)
    write_quiz(workspace, "retry", "++", 10, retry_of="whole")
    write_quiz(workspace, "left", "+", 20, finished=False)
    assert [best.id for best in SessionHistory(workspace).bests()] == ["whole"]
    (scores,) = SessionHistory(workspace).scores("quiz").values()
    assert [score.session for score in scores] == ["whole"]
    assert len(SessionHistory(workspace).sessions()) == 3


def test_each_choice_of_decks_has_its_best(workspace: Workspace) -> None:
    write_quiz(workspace, "one", "+-", 0)
    write_quiz(workspace, "both", "++-", 10, decks=("capitals", "rivers"))
    assert [best.id for best in SessionHistory(workspace).bests()] == ["both", "one"]


def test_scores_of_a_deck_are_those_of_its_cards(workspace: Workspace) -> None:
    write_quiz(workspace, "both", "+-++", 0, decks=("capitals", "rivers"))
    write_quiz(workspace, "one", "--", 10)
    history = SessionHistory(workspace)
    scores = history.scores("quiz")
    assert [score.right for score in scores["capitals"]] == [
        Share(2, 2),
        Share(0, 2),
    ]
    assert [score.right for score in scores["rivers"]] == [Share(1, 2)]
    assert history.scores("study") == {}


# Decks


def test_sessions_of_a_deck_are_those_that_asked_a_card_of_it(workspace: Workspace) -> None:
    both = {"capitals": "Capitals", "rivers": "Rivers"}
    workspace.progress.append(
        start(at(0), "one", **both), review(at(1), "a", session="one"),
        start(at(5), "two", **both), review(at(6), "b", session="two", deck="rivers"),
    )  # fmt: skip
    write_quiz(workspace, "q", "+", 10, decks=("rivers",))
    assert [session.id for session in SessionHistory(workspace).sessions("rivers")] == ["q", "two"]


def test_a_removed_deck_keeps_its_title_and_its_history(
    workspace: Workspace, decks_folder: Path
) -> None:
    workspace.progress.append(
        start(at(0), capitals="Capitals", old="Old names"), review(at(1), "a", deck="old")
    )
    assert SessionHistory(workspace).titles["old"] == "Old names"
    assert SessionHistory(workspace).find_decks(["ol"]) == ["old"]
    assert [session.id for session in SessionHistory(workspace).sessions("old")] == ["s"]
    assert Figures(workspace, ["old"]).totals.answers == 1
    assert Figures(workspace, ["old"]).memory.stabilities.values == 0
    (decks_folder / "capitals.yaml").unlink()
    workspace.refresh()
    assert SessionHistory(workspace).titles["capitals"] == "Capitals"


def test_a_deck_in_use_has_the_title_it_has_now(workspace: Workspace) -> None:
    workspace.progress.append(start(at(0), capitals="Cities"), review(at(1)))
    assert SessionHistory(workspace).titles["capitals"] == "Capitals"


def write_deck(folder: Path, name: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(f"deck: {name}\ncards: [{{front: {name}?, back: b}}]\n")


def study_one(workspace: Workspace, *decks: str) -> None:
    session = begin_study(workspace, decks)
    session.answer()
    session.rate(Rating.GOOD)


def test_a_session_keeps_the_name_of_the_parent_that_was_studied(
    workspace: Workspace, decks_folder: Path
) -> None:
    for name in "ab":
        write_deck(decks_folder / "seas", name)
    workspace.refresh()
    study_one(workspace, "b", "a")
    study_one(workspace, "a", "capitals")
    study_one(workspace, "a")
    study_one(workspace)
    write_deck(decks_folder / "seas", "c")
    workspace.refresh()
    history = SessionHistory(workspace)
    parts = {session.decks: session.part for session in history.sessions()}
    assert parts.pop(("b", "a")) == "seas"
    assert {*parts} > {("a", "capitals"), ("a",)}
    assert [parts.pop(("a", "capitals")), parts.pop(("a",)), *parts.values()] == [None, None, ""]
    for name in "abc":
        (decks_folder / "seas" / f"{name}.yaml").unlink()
    workspace.refresh()
    assert history.titles["seas"] == "seas"


def test_an_old_session_without_a_noted_parent_is_named_by_the_present_tree(
    workspace: Workspace, decks_folder: Path
) -> None:
    for name in "abc":
        write_deck(decks_folder / ("seas" if name < "c" else "."), name)
    workspace.refresh()
    for minute, decks in enumerate(("ab", "ac", "abc", "a")):
        titles = dict.fromkeys(decks, "")
        name = f"of {decks}"
        workspace.progress.append(
            start(at(minute), name, **titles), review(at(minute), decks, session=name)
        )
    parts = {session.id: session.part for session in SessionHistory(workspace).sessions()}
    assert parts == {"of ab": "seas", "of ac": None, "of abc": None, "of a": None}


def test_an_unknown_deck_is_reported(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="there is no deck 'nowhere'"):
        SessionHistory(workspace).find_decks(["nowhere"])


# Finding a session


def test_a_session_is_found_by_the_beginning_of_its_id(workspace: Workspace) -> None:
    for name in ("abc", "abd", "ab"):
        workspace.progress.append(start(at(0), name), review(at(1), name, session=name))
    assert SessionHistory(workspace).find_session("abc").id == "abc"
    assert SessionHistory(workspace).find_session("ab").id == "ab"
    with pytest.raises(UsageError, match="fits 3 sessions"):
        SessionHistory(workspace).find_session("a")
    with pytest.raises(UsageError, match="there is no session 'x'"):
        SessionHistory(workspace).find_session("x")
