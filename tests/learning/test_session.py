"""A study session asks, judges, records, and takes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sco_quiz.errors import ProgressError
from sco_quiz.learning.card_queue import Candidate, Queue, Today
from sco_quiz.learning.cards import Card, CardState, Rating, State
from sco_quiz.learning.journal import Answer, UndoneStep
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.question import options_of
from sco_quiz.learning.scheduling import Scheduler
from sco_quiz.learning.session import StudySession, time_left
from sco_quiz.learning.study_day import MINUTE_MS, Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DAY = 739_000


class MemoryJournal:
    """Keeps everything in memory; every method can be made to fail."""

    def __init__(self, cards: list[Card]) -> None:
        self.cards = {card.key: card for card in cards}
        self.states: dict[str, CardState] = {}
        self.steps: list[tuple[str, CardState]] = []
        self.renamed: Mapping[str, str] | None = None
        self.mistakes: dict[str, str] = {}
        self.overtake: Callable[[], None] | None = None
        self.answers: list[Answer] = []
        self.at = 1_000_000
        self.full = False
        self.ended = 0
        self.posed: Callable[[Card, CardState], Card] = lambda card, _: card

    def now(self) -> Moment:
        return Moment(self.at, 0, DAY)

    def card(self, key: str) -> Card | None:
        return self.cards.get(key)

    def state(self, key: str) -> CardState:
        return self.states.get(key, CardState())

    def pose(self, card: Card, before: CardState) -> Card:
        return self.posed(card, before)

    def rivals(self, card: Card) -> list[str]:
        return []

    def next_states(
        self, card: Card, before: CardState, moment: Moment
    ) -> Mapping[Rating, CardState]:
        return Scheduler().next_states(card.key, before, moment)

    def look(self, keys: Iterable[str]) -> Mapping[str, str] | None:
        renamed, self.renamed = self.renamed, None
        return renamed

    def successor(self, card: Card) -> Card | None:
        return None

    def mistake(self, card: Card) -> str:
        return self.mistakes.get(card.key, "")

    def record(self, answer: Answer) -> bool:
        if self.overtake:
            overtake, self.overtake = self.overtake, None
            overtake()
            self.renamed = self.renamed or {}
            return False
        key = answer.card.key
        self._write(key, answer.after._replace(flag=self.state(key).flag))
        self.answers.append(answer)
        return True

    def suspend(self, card: Card) -> None:
        self._write(card.key, self.state(card.key)._replace(suspended=True))

    def bury(self, card: Card) -> None:
        self._write(card.key, self.state(card.key)._replace(buried_until=DAY + 1))

    def flag(self, card: Card, flag: int) -> None:
        self._write(card.key, self.state(card.key)._replace(flag=flag))

    def undo(self) -> UndoneStep | None:
        if not self.steps:
            return None
        key, before = self.steps.pop()
        words = "a flag" if before.flag != self.state(key).flag else ""
        self.states[key] = before
        return UndoneStep(key, words)

    def end(self) -> None:
        self.ended += 1

    def _write(self, key: str, after: CardState) -> None:
        if self.full:
            raise ProgressError("the disk is full", "make room")
        self.steps.append((key, self.state(key)))
        self.states[key] = after


def card(key: str, kind: Kind = Kind.TYPED, **fields: object) -> Card:
    plain = Card(key, f"note {key}", "deck", kind, f"prompt {key}", (f"answer {key}",))
    return plain._replace(**fields)  # type: ignore[arg-type]


def begin(*cards: Card) -> tuple[StudySession, MemoryJournal]:
    journal = MemoryJournal(list(cards))
    new = tuple(Candidate(each.key, each.note, each.deck) for each in cards)
    return StudySession(journal, Queue(Today((), (), new))), journal


def asked(session: StudySession) -> str | None:
    return session.question.card.key if session.question else None


def test_a_right_answer_is_recorded_under_the_proposed_rating() -> None:
    session, journal = begin(card("a"), card("b"))
    session.answer("answer a")
    session.rate()
    assert journal.answers[0].rating is Rating.GOOD
    assert asked(session) == "b"


def test_the_learner_overrules_the_proposal() -> None:
    session, journal = begin(card("a"))
    session.answer("nonsense")
    session.rate(Rating.EASY)
    assert journal.answers[0].rating is Rating.EASY
    assert session.question is None
    assert session.done == session.total == 1


def test_the_schedule_on_the_rating_button_is_recorded() -> None:
    session, journal = begin(card("a"))
    session.answer("answer a")
    promised = session.choices[Rating.GOOD]
    journal.at += 7 * MINUTE_MS  # the learner looks at the answer for a while
    session.rate(Rating.GOOD)
    assert journal.answers[0].after == promised == journal.state("a")


def test_a_card_in_learning_comes_back_in_the_session() -> None:
    session, journal = begin(card("a"), card("b"))
    session.answer("wrong")
    session.rate()
    assert asked(session) == "b"
    journal.at += 2 * MINUTE_MS
    session.answer("answer b")
    session.rate(Rating.EASY)
    assert asked(session) == "a"
    assert (session.done, session.total, session.place) == (1, 2, 2)


def begin_by_time(minutes: float, *cards: Card) -> tuple[StudySession, MemoryJournal]:
    journal = MemoryJournal(list(cards))
    new = tuple(Candidate(each.key, each.note, each.deck) for each in cards)
    return StudySession(journal, Queue(Today((), (), new)), minutes=minutes), journal


def test_when_the_time_is_up_the_question_on_the_screen_is_the_last() -> None:
    session, journal = begin_by_time(2, card("a"), card("b"), card("c"))
    session.answer("answer a")
    session.rate(Rating.EASY)
    journal.at += 3 * MINUTE_MS
    assert (asked(session), session.left(), session.time_is_up) == ("b", 0, False)
    session.answer("answer b")
    session.rate(Rating.EASY)
    assert (asked(session), session.time_is_up) == (None, True)
    assert session.tally.answers == 2


def test_after_the_time_is_up_the_last_answer_can_still_be_undone_and_given_again() -> None:
    session, journal = begin_by_time(1, card("a"), card("b"))
    journal.at += MINUTE_MS
    session.answer("nonsense")
    session.rate()
    assert session.time_is_up
    assert session.undo()
    assert (asked(session), session.time_is_up) == ("a", False)
    session.refresh({"a": "a"})
    assert asked(session) == "a"
    session.answer("answer a")
    session.rate(Rating.EASY)
    assert (asked(session), session.time_is_up) == (None, True)
    assert [each.rating for each in journal.answers] == [Rating.AGAIN, Rating.EASY]


def test_a_session_that_runs_out_of_cards_did_not_run_out_of_time() -> None:
    session, journal = begin_by_time(5, card("a"))
    session.answer("answer a")
    session.rate(Rating.EASY)
    assert not session.time_is_up
    journal.at += 10 * MINUTE_MS
    assert (session.left(), session.time_is_up) == (0, False)


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (120_000, "2 min left"),
        (60_001, "2 min left"),
        (60_000, "last minute"),
        (1, "last minute"),
        (0, "time is up"),
    ],
)
def test_the_time_left_is_worded_in_whole_minutes(milliseconds: int, words: str) -> None:
    assert time_left(milliseconds) == words


def test_a_hint_makes_a_right_answer_hard() -> None:
    session, journal = begin(card("a", hint="think"))
    assert session.hint() == "think"
    session.answer("answer a")
    session.rate()
    assert (journal.answers[0].rating, journal.answers[0].hinted) == (Rating.HARD, True)


def test_there_is_no_hint_once_the_answer_is_given() -> None:
    session, _ = begin(card("a", hint="think"))
    session.answer("answer a")
    assert session.hint() == ""
    assert not session.hinted


def test_the_time_counts_from_question_to_answer() -> None:
    session, journal = begin(card("a"))
    journal.at += 4_200
    session.answer("answer a")
    journal.at += 60_000
    session.rate()
    assert journal.answers[0].milliseconds == 4_200


def test_a_clock_set_back_never_makes_the_time_negative() -> None:
    session, journal = begin(card("a"))
    journal.at -= 5_000
    session.answer("answer a")
    session.rate()
    assert journal.answers[0].milliseconds == 0


def test_undo_asks_the_last_card_again_and_then_goes_on_where_it_was() -> None:
    session, journal = begin(card("a"), card("b"), card("c"))
    for _ in range(2):
        session.answer("")
        session.rate(Rating.EASY)
    assert asked(session) == "c"
    assert session.undo()
    assert asked(session) == "b"
    assert journal.state("b") == CardState()
    assert session.undo()
    assert asked(session) == "a"
    for expected in ("a", "b", "c"):
        assert asked(session) == expected
        session.answer("")
        session.rate(Rating.EASY)
    assert session.question is None
    assert session.tally.answers == 3


def test_undo_reaches_back_before_the_session() -> None:
    journal = MemoryJournal([card("a"), card("old")])
    journal.states["old"] = CardState(state=State.REVIEW, stability=3.0, difficulty=5.0)
    journal.steps.append(("old", CardState()))
    session = StudySession(journal, Queue(Today((), (), (Candidate("a", "n", "deck"),))))
    assert session.undo()
    assert asked(session) == "old"
    assert session.total == 2


def test_undo_with_nothing_to_undo_says_so() -> None:
    session, _ = begin(card("a"))
    assert not session.undo()
    assert asked(session) == "a"


def test_undo_unsuspends_a_card_and_asks_it_again() -> None:
    session, journal = begin(card("a"), card("b"))
    session.suspend()
    assert (asked(session), session.done) == ("b", 1)
    session.undo()
    assert (asked(session), session.done) == ("a", 0)
    assert not journal.state("a").suspended


def test_undo_works_when_the_session_is_over() -> None:
    session, _ = begin(card("a"))
    session.bury()
    assert session.question is None
    session.undo()
    assert asked(session) == "a"


def test_when_the_disk_is_full_nothing_moves_and_the_answer_can_be_given_again() -> None:
    session, journal = begin(card("a"), card("b"))
    session.answer("answer a")
    journal.full = True
    with pytest.raises(ProgressError):
        session.rate()
    assert asked(session) == "a"
    assert session.judgement is not None
    assert session.tally.answers == 0
    journal.full = False
    session.rate()
    assert asked(session) == "b"


def test_a_card_that_left_its_deck_is_skipped() -> None:
    session, journal = begin(card("a"), card("b"), card("c"))
    del journal.cards["b"]
    session.answer("")
    session.rate(Rating.EASY)
    assert asked(session) == "c"


def test_an_edited_card_is_asked_with_its_new_text() -> None:
    session, journal = begin(card("a"), card("b"))
    journal.cards["a"] = card("a", prompt="better")
    session.refresh()
    assert session.question is not None
    assert session.question.card.prompt == "better"


def test_an_edited_card_with_a_new_key_keeps_its_place_and_its_answer_is_judged_again() -> None:
    session, journal = begin(card("a"), card("b"))
    session.answer("answer zzzzzz")
    assert session.judgement is not None
    assert session.judgement.verdict == "wrong"
    journal.cards = {"z": card("z", answers=("answer zzzzzz",)), "b": card("b")}
    session.refresh({"a": "z"})
    assert asked(session) == "z"
    assert session.judgement.verdict == "correct"
    session.rate(Rating.EASY)
    assert asked(session) == "b"
    assert session.undo()
    assert asked(session) == "z"


def test_steps_in_the_wrong_order_are_refused() -> None:
    session, _ = begin(card("a"))
    with pytest.raises(RuntimeError):
        session.rate()
    session.suspend()
    with pytest.raises(RuntimeError):
        session.answer("")


def test_options_are_shuffled_the_same_way_until_the_next_review() -> None:
    choice = card("a", Kind.CHOICE, choices=tuple("bcdefgh"))
    assert options_of(choice, 0) == options_of(choice, 0)
    assert sorted(options_of(choice, 0)) == sorted(options_of(choice, 1))
    assert len({options_of(choice, reps) for reps in range(10)}) > 1


def test_an_order_is_never_shown_solved() -> None:
    for number in range(40):
        order = card(f"k{number}", Kind.ORDER, answers=("one", "two"))
        assert options_of(order, 0) == ("two", "one")


class Sessions(RuleBasedStateMachine):
    """Whatever the learner does, no card is lost and every step can be taken back."""

    @initialize(count=st.integers(1, 6))
    def start(self, count: int) -> None:
        self.session, self.journal = begin(*(card(f"k{i}") for i in range(count)))
        self.count = count

    @precondition(lambda self: self.session.question and not self.session.judgement)
    @rule(text=st.sampled_from(["", "wrong", "answer k1"]))
    def answer(self, text: str) -> None:
        self.session.answer(text)

    @precondition(lambda self: self.session.judgement)
    @rule(rating=st.sampled_from([None, *Rating]))
    def rate(self, rating: Rating | None) -> None:
        self.session.rate(rating)

    @precondition(lambda self: self.session.question)
    @rule()
    def suspend(self) -> None:
        self.session.suspend()

    @precondition(lambda self: self.session.question)
    @rule()
    def bury(self) -> None:
        self.session.bury()

    @precondition(lambda self: self.session.question)
    @rule()
    def flag(self) -> None:
        key, judgement = asked(self.session), self.session.judgement
        self.session.flag()
        assert asked(self.session) == key
        assert self.session.judgement is judgement
        assert self.session.flagged == (self.journal.state(key or "").flag > 0)

    @rule()
    def undo(self) -> None:
        had = bool(self.journal.steps)
        last = self.journal.steps[-1] if had else None
        assert (self.session.undo() is not None) is had
        if last:
            assert asked(self.session) == last[0]
            assert self.journal.state(last[0]) == last[1]

    @rule(minutes=st.integers(-5, 30))
    def wait(self, minutes: int) -> None:
        self.journal.at += minutes * MINUTE_MS

    @invariant()
    def every_card_is_somewhere(self) -> None:
        assert self.session.total == self.count
        assert 0 <= self.session.done <= self.count
        assert 0 <= self.session.tally.answers <= len(self.journal.steps)


TestSessions = Sessions.TestCase


def test_a_flag_is_taken_back_without_moving_the_question_or_the_answer() -> None:
    session, journal = begin(card("a"), card("b"))
    session.flag()
    session.flag()
    session.flag()
    session.answer("nonsense")
    assert (session.flagged, journal.state("a").flag) == (True, 1)
    for flagged in (False, True, False):
        assert session.undo() == UndoneStep("a", "a flag")
        assert session.flagged is flagged
        assert session.judgement is not None
        assert (asked(session), session.given) == ("a", "nonsense")
    assert session.undo() is None


def test_undoing_an_edit_leaves_the_count_of_answers() -> None:
    session, journal = begin(card("a"))
    session.answer()
    session.rate(Rating.AGAIN)
    assert asked(session) == "a"  # once more, as nothing else is left
    journal.steps.append(("a", journal.state("a")))  # what an edit of its note is to the log
    session.flag()
    session.answer("nonsense")
    assert session.undo() == UndoneStep("a", "a flag")
    assert session.undo() == UndoneStep("a")
    assert session.judgement is not None
    assert session.tally.answers == 1
    assert session.undo() == UndoneStep("a")
    assert session.judgement is None
    assert session.tally.answers == 0


def test_a_card_that_becomes_a_leech_is_reported_once() -> None:
    session, journal = begin(card("a"), card("b"))
    before = CardState(State.REVIEW, stability=3.0, difficulty=9.0, lapses=7, last_day=DAY - 3)
    journal.states["a"] = journal.states["b"] = before
    session.refresh()
    session.answer()
    session.rate(Rating.HARD)
    assert session.leech is None
    session.answer()
    session.rate(Rating.AGAIN)
    assert session.leech is not None
    assert (session.leech.card.key, session.leech.lapses) == ("b", 8)
    assert session.undo()
    assert session.leech is None
    session.answer()
    session.rate(Rating.AGAIN)
    assert session.leech is not None
    assert asked(session) == "b"
    session.answer()
    session.rate(Rating.AGAIN)  # a step of relearning: not another lapse
    assert session.leech is None


def test_the_settings_decide_after_how_many_lapses_a_card_is_a_leech() -> None:
    journal = MemoryJournal([card("a")])
    journal.states["a"] = CardState(State.REVIEW, stability=3.0, difficulty=9.0, lapses=2)
    queue = Queue(Today((), (Candidate("a", "n", "d"),), ()))
    session = StudySession(journal, queue, leech_lapses=3)
    session.answer()
    session.rate(Rating.AGAIN)
    assert session.leech is not None
    assert session.leech.lapses == 3
