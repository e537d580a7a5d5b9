"""A quiz asks, judges, keeps time and score, and can be left, retried and brought into study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.errors import DeckError, ProgressError
from sco_quiz.learning.card_queue import Candidate
from sco_quiz.learning.cards import Card
from sco_quiz.learning.checking import Verdict
from sco_quiz.learning.distractors import Sources
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.quiz import Quiz, QuizPhase
from sco_quiz.learning.results import EarlierScores, Feedback, QuestionResult, QuizOptions, Score
from sco_quiz.learning.study_day import Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

DAY = 739_000
AT_ONCE = QuizOptions()
AT_END = QuizOptions(feedback=Feedback.END)


class MemoryJournal:
    """Keeps everything in memory; writing can be made to fail."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self.cards = {card.key: card for card in cards}
        self.results: list[QuestionResult] = []
        self.renamed: Mapping[str, str] | None = None
        self.ends: list[bool] = []
        self.brought: list[Card] = []
        self.accepted: list[tuple[str, str]] = []
        self.at = 1_000_000
        self.full = False
        self.retries: list[MemoryJournal] = []

    def now(self) -> Moment:
        return Moment(self.at, 0, DAY)

    def card(self, key: str) -> Card | None:
        return self.cards.get(key)

    def rivals(self, card: Card) -> list[str]:
        return []

    def sources(self, card: Card) -> Sources:
        kin = [each for each in self.cards.values() if each.key != card.key]
        return Sources(category=[each for each in kin if each.category == card.category])

    def record(self, results: Sequence[QuestionResult], *, finished: bool) -> None:
        self._write()
        self.results += results
        if finished:
            self.ends.append(True)

    def correct(self, result: QuestionResult) -> None:
        self._write()
        self.results[-1] = result

    def accept(self, card: Card, answer: str) -> None:
        if card.deck == "shipped":
            raise DeckError("the deck came with the app", "copy it")
        self.accepted.append((card.key, answer))

    def leave(self) -> None:
        self._write()
        self.ends.append(False)

    def earlier(self) -> EarlierScores:
        return EarlierScores()

    def bring(self, cards: Sequence[Card]) -> None:
        self._write()
        self.brought = list(cards)

    def take_back(self) -> None:
        self._write()
        self.brought = []

    def look(self, keys: Iterable[str]) -> Mapping[str, str] | None:
        renamed, self.renamed = self.renamed, None
        return renamed

    def successor(self, card: Card) -> Card | None:
        return None

    def mistake(self, card: Card) -> str:
        return ""

    def again(self) -> MemoryJournal:
        self.retries.append(MemoryJournal(list(self.cards.values())))
        return self.retries[-1]

    def _write(self) -> None:
        if self.full:
            raise ProgressError("the disk is full", "make room")


def card(key: str, kind: Kind = Kind.TYPED, **fields: object) -> Card:
    plain = Card(key, f"note {key}", "deck", kind, f"prompt {key}", (f"answer {key}",))
    return plain._replace(**fields)  # type: ignore[arg-type]


def begin(*cards: Card, options: QuizOptions = AT_ONCE) -> tuple[Quiz, MemoryJournal]:
    journal = MemoryJournal(cards)
    order = [Candidate(each.key, each.note, each.deck) for each in cards]
    return Quiz(journal, order, options, seed=1), journal


def letters(count: int = 3) -> list[Card]:
    return [card(letter) for letter in "abcdefghij"[:count]]


def asked(quiz: Quiz) -> str | None:
    return quiz.question.card.key if quiz.question else None


def finish(quiz: Quiz, *answers: str) -> None:
    for answer in answers:
        quiz.answer(answer)
        if quiz.phase is QuizPhase.TOLD:
            quiz.go_on()


def test_right_and_close_answers_score_and_wrong_and_empty_ones_do_not() -> None:
    quiz, journal = begin(*letters(4), options=AT_END)
    finish(quiz, "answer a", "anwser b", "nonsense", "")
    assert (quiz.phase, quiz.finished) == (QuizPhase.OVER, True)
    verdicts = [result.judgement.verdict for result in journal.results]
    assert verdicts == ["correct", "close", "wrong", None]
    assert [result.correct for result in journal.results] == [True, True, False, False]
    assert (str(quiz.score), quiz.score.share) == ("2/4", 0.5)


def test_with_feedback_at_once_the_verdict_is_in_view_until_the_learner_goes_on() -> None:
    quiz, journal = begin(*letters(2))
    judgement = quiz.answer("wrong")
    assert (quiz.phase, asked(quiz), quiz.judgement) == (QuizPhase.TOLD, "a", judgement)
    assert len(journal.results) == 1
    assert (quiz.place, quiz.total) == (1, 2)
    quiz.go_on()
    assert (quiz.phase, asked(quiz), quiz.judgement) == (QuizPhase.ASKED, "b", None)
    assert quiz.place == 2


def test_with_feedback_at_the_end_the_next_question_comes_at_once() -> None:
    quiz, journal = begin(*letters(2), options=AT_END)
    quiz.answer("wrong")
    assert (quiz.phase, asked(quiz)) == (QuizPhase.ASKED, "b")
    quiz.answer("answer b")
    assert (quiz.phase, asked(quiz), quiz.finished) == (QuizPhase.OVER, None, True)
    assert journal.ends == [True]
    assert [result.question.card.key for result in quiz.missed] == ["a"]


def test_the_end_is_written_with_the_last_answer_even_if_its_verdict_is_never_left() -> None:
    quiz, journal = begin(*letters(1))
    quiz.answer("answer a")
    assert (quiz.phase, journal.ends) == (QuizPhase.TOLD, [True])
    quiz.leave()
    assert (quiz.finished, journal.ends) == (True, [True])


def test_a_quiz_left_half_way_keeps_its_answers_and_is_not_finished() -> None:
    quiz, journal = begin(*letters(3))
    quiz.answer("answer a")
    quiz.leave()
    assert (quiz.phase, quiz.finished, journal.ends) == (QuizPhase.OVER, False, [False])
    assert quiz.score == Score(1, 1)
    quiz.leave()
    assert journal.ends == [False]


def test_a_quiz_left_before_any_answer_leaves_no_trace() -> None:
    quiz, journal = begin(*letters(3))
    quiz.leave()
    assert (journal.results, journal.ends) == ([], [])


def test_a_question_whose_time_is_up_counts_as_unanswered() -> None:
    quiz, journal = begin(*letters(2), options=QuizOptions(seconds=10))
    journal.at += 9_999
    assert not quiz.tick()
    assert quiz.left() == 1
    journal.at += 1
    assert quiz.tick()
    assert (quiz.phase, quiz.results[0].late, quiz.results[0].correct) == (
        QuizPhase.TOLD,
        True,
        False,
    )
    assert quiz.judgement is not None
    assert quiz.judgement.expected == "answer a"
    quiz.go_on()
    assert quiz.left() == 10_000


def test_a_right_answer_that_comes_too_late_is_kept_and_does_not_count() -> None:
    quiz, journal = begin(*letters(2), options=QuizOptions(seconds=10))
    journal.at += 12_000
    quiz.answer("answer a")
    (result,) = quiz.results
    assert (result.given, result.judgement.verdict) == ("answer a", "correct")
    assert (result.late, result.correct, result.milliseconds) == (True, False, 12_000)


def test_when_the_total_time_is_up_the_open_questions_count_as_unanswered() -> None:
    quiz, journal = begin(*letters(4), options=QuizOptions(total_seconds=20))
    journal.at += 15_000
    quiz.answer("answer a")
    journal.at += 60_000  # reading the verdict costs nothing
    quiz.go_on()
    assert quiz.left() == 5_000
    journal.at += 5_000
    assert quiz.tick()
    assert (quiz.phase, quiz.finished, quiz.score) == (QuizPhase.OVER, True, Score(1, 4))
    assert [result.question.card.key for result in quiz.missed] == ["b", "c", "d"]
    assert all(result.late for result in quiz.missed)
    assert journal.ends == [True]
    assert quiz.milliseconds == 20_000
    assert not quiz.tick()


def test_without_a_limit_nothing_is_ever_late() -> None:
    quiz, journal = begin(*letters(1))
    journal.at += 10**9
    assert (quiz.left(), quiz.tick()) == (None, False)
    quiz.answer("answer a")
    assert quiz.score == Score(1, 1)


def test_a_clock_set_back_never_changes_the_time_used() -> None:
    quiz, journal = begin(*letters(1), options=QuizOptions(seconds=10))
    journal.at += 6_000
    assert quiz.left() == 4_000
    journal.at -= 3_600_000
    assert quiz.left() == 4_000
    journal.at += 1_000
    quiz.answer("answer a")
    assert quiz.results[0].milliseconds == 7_000


def test_an_answer_that_cannot_be_checked_is_judged_by_the_learner() -> None:
    long = "A regional organisation founded in 2001, whose members work together"
    notes = [card(key, Kind.BASIC, answers=(long,)) for key in "ab"]
    quiz, journal = begin(*notes, options=QuizOptions(feedback=Feedback.END, seconds=10))
    assert quiz.question is not None
    assert quiz.question.self_reported
    journal.at += 3_000
    quiz.answer("something")
    assert (quiz.phase, quiz.results, quiz.left()) == (QuizPhase.REVEALED, [], None)
    assert quiz.judgement is not None
    assert quiz.judgement.expected == long
    journal.at += 60_000  # to compare takes no time of the quiz
    assert not quiz.tick()
    quiz.report(knew=True)
    assert (asked(quiz), quiz.results[0].correct, quiz.results[0].milliseconds) == ("b", True, 3000)
    quiz.answer()
    quiz.report(knew=False)
    assert quiz.score == Score(1, 2)


@pytest.mark.parametrize(
    ("back", "kind"),
    [
        ("The Amu Darya", Kind.TYPED),
        ("Amu\nDarya", Kind.BASIC),
        ("red, green", Kind.BASIC),
        ("Being the capital of Kazakhstan", Kind.BASIC),
        ("15 June 2001", Kind.TYPED),
        ("Donaudampfschifffahrtsgesellschaft", Kind.BASIC),
    ],
)
def test_a_basic_card_is_asked_typed_where_its_answer_is_short(back: str, kind: Kind) -> None:
    quiz, _ = begin(card("a", Kind.BASIC, answers=(back,)))
    assert quiz.question is not None
    assert quiz.question.card.kind is kind
    assert quiz.question.original.kind is Kind.BASIC


def test_a_basic_card_is_asked_as_a_choice_among_answers_of_its_category() -> None:
    cities = ("Tashkent", "Bishkek", "Dushanbe", "Astana", "Ashgabat")
    notes = [card(city, Kind.BASIC, answers=(city,), category="city") for city in cities]
    quiz, _ = begin(*notes)
    question = quiz.question
    assert question is not None
    assert question.card.kind is Kind.CHOICE
    assert len(question.options) == 4
    assert set(question.options) <= set(cities)
    quiz.answer("Tashkent")
    assert quiz.results[0].correct
    lonely, _ = begin(notes[0])
    assert lonely.question is not None
    assert lonely.question.card.kind is Kind.TYPED


def test_a_choice_with_fewer_than_two_wrong_choices_is_typed_or_rated_by_oneself() -> None:
    cities = [
        card(key, Kind.CHOICE, answers=(key,), category="city") for key in ("Lahore", "Osh", "Pune")
    ]
    quiz, _ = begin(*cities)
    assert quiz.question is not None
    assert sorted(quiz.question.options) == ["Lahore", "Osh", "Pune"]
    two, _ = begin(*cities[:2])
    assert two.question is not None
    assert (two.question.card.kind, two.question.options) == (Kind.TYPED, ())
    long = "By the consensus of all who were there on the day of the vote"
    phrase, _ = begin(card("How?", Kind.CHOICE, answers=(long,)))
    assert phrase.question is not None
    assert (phrase.question.card.kind, phrase.question.self_reported) == (Kind.BASIC, True)


def test_the_same_seed_asks_the_same_question() -> None:
    choice = card("a", Kind.CHOICE, choices=tuple("bcdefg"))
    first, second = begin(choice)[0].question, begin(choice)[0].question
    assert first is not None
    assert first == second


def test_a_retry_asks_only_the_missed_cards() -> None:
    quiz, journal = begin(*letters(4), options=AT_END)
    finish(quiz, "answer a", "x", "x", "answer d")
    retry = quiz.retry()
    assert retry.total == retry.options.number == 2
    again = [f"answer {asked(retry)}"]
    again.append("answer b" if asked(retry) == "c" else "answer c")
    finish(retry, *again)
    assert retry.score == Score(2, 2)
    assert len(journal.retries) == 1
    assert len(journal.results) == 4
    with pytest.raises(RuntimeError):
        retry.retry()


def test_missed_cards_are_brought_into_todays_study_once_and_can_be_taken_out() -> None:
    quiz, journal = begin(*letters(3), options=AT_END)
    finish(quiz, "answer a", "x", "x")
    assert quiz.bring_missed() == 2
    assert [each.key for each in journal.brought] == ["b", "c"]
    journal.full = True
    assert quiz.bring_missed() == 2  # nothing is written twice
    journal.full = False
    quiz.take_back()
    assert (journal.brought, quiz.brought) == ([], False)
    assert quiz.bring_missed() == 2
    assert quiz.brought


def test_without_missed_cards_none_is_brought_into_todays_study() -> None:
    quiz, _ = begin(*letters(1), options=AT_END)
    finish(quiz, "answer a")
    assert (quiz.bring_missed(), quiz.brought) == (0, False)


def test_when_the_disk_is_full_nothing_moves_and_the_answer_can_be_given_again() -> None:
    quiz, journal = begin(*letters(1))
    journal.full = True
    with pytest.raises(ProgressError):
        quiz.answer("answer a")
    assert (quiz.phase, quiz.results, quiz.finished) == (QuizPhase.ASKED, [], False)
    journal.full = False
    quiz.answer("answer a")
    assert (quiz.score, quiz.finished) == (Score(1, 1), True)


def test_cards_that_left_their_deck_are_skipped() -> None:
    quiz, journal = begin(*letters(5), options=AT_END)
    del journal.cards["c"], journal.cards["e"]
    finish(quiz, "answer a", "answer b", "answer d")
    assert (quiz.phase, quiz.finished, quiz.score, quiz.total) == (QuizPhase.OVER, True, (3, 3), 3)


@pytest.mark.parametrize(
    "step",
    [lambda q: q.go_on(), lambda q: q.report(knew=True), lambda q: q.retry()],
    ids=["go_on", "report", "retry"],
)
def test_a_step_out_of_turn_is_refused(step: Callable[[Quiz], None]) -> None:
    quiz, _ = begin(*letters(2))
    with pytest.raises(RuntimeError):
        step(quiz)
    assert asked(quiz) == "a"


STEPS = st.lists(st.sampled_from(["right", "wrong", "", "tick", "wait", "back", "go"]))


@given(
    steps=STEPS,
    seconds=st.sampled_from([None, 10]),
    total=st.sampled_from([None, 25]),
    feedback=st.sampled_from(Feedback),
)
def test_any_order_of_steps_loses_no_question_and_keeps_the_score_right(
    steps: list[str], seconds: int | None, total: int | None, feedback: Feedback
) -> None:
    quiz, journal = begin(*letters(5), options=QuizOptions(5, seconds, total, feedback))
    for step in steps:
        if step in ("wait", "back"):
            journal.at += {"wait": 4_000, "back": -9_000}[step]
        elif step == "tick":
            quiz.tick()
        elif step == "go" and quiz.phase is QuizPhase.TOLD:
            quiz.go_on()
        elif quiz.phase is QuizPhase.ASKED:
            quiz.answer(f"answer {asked(quiz)}" if step == "right" else step)
        assert quiz.total == 5
        assert journal.results == quiz.results
        assert quiz.score.of == len(quiz.results)
        assert [result.question.card.key for result in quiz.results] == list("abcde")[
            : len(quiz.results)
        ]
        assert quiz.finished == (journal.ends == [True]) == (len(quiz.results) == 5)
        left = quiz.left()
        assert left is None or quiz.phase is QuizPhase.ASKED


def test_a_rejected_answer_can_be_counted_as_right_and_is_accepted_from_then_on() -> None:
    quiz, journal = begin(*letters(2))
    quiz.answer("Quite another (thing)")
    assert quiz.score == Score(0, 1)
    assert quiz.was_right() == ""
    assert quiz.score == Score(1, 1)
    assert quiz.missed == []
    assert journal.results == quiz.results
    assert journal.accepted == [("a", "Quite another (thing)")]
    assert quiz.judgement is not None
    assert (quiz.judgement.verdict, quiz.judgement.expected) == (Verdict.CORRECT, "answer a")
    assert quiz.disputable is None
    quiz.go_on()
    assert asked(quiz) == "b"


def test_an_answer_can_still_be_counted_as_right_at_the_next_question_and_at_the_end() -> None:
    quiz, _ = begin(*letters(2))
    quiz.answer("mistaken")
    quiz.go_on()
    quiz.was_right()
    assert (asked(quiz), quiz.score, quiz.judgement) == ("b", Score(1, 1), None)
    quiz.answer("mistaken")
    quiz.go_on()
    assert quiz.phase is QuizPhase.OVER
    quiz.was_right()
    assert quiz.score == Score(2, 2)


def test_an_answer_in_parts_counts_in_full_and_its_deck_stays() -> None:
    several = card("a", Kind.LIST, answers=("one", "two"))
    quiz, journal = begin(several)
    quiz.answer(("one", "three"))
    quiz.was_right()
    assert quiz.score == Score(1, 1)
    assert quiz.judgement is not None
    assert (quiz.judgement.got, quiz.judgement.of) == (2, 2)
    assert {item.verdict for item in quiz.judgement.items} == {Verdict.CORRECT}
    assert journal.accepted == []


def test_an_answer_counts_as_right_even_if_the_deck_cannot_be_changed() -> None:
    quiz, _ = begin(card("a", deck="shipped"))
    quiz.answer("mistaken")
    assert quiz.was_right() == "It counts, but the deck came with the app; copy it."
    assert quiz.score == Score(1, 1)


@pytest.mark.parametrize(
    ("of", "said", "options"),
    [
        (card("a"), "answer a", AT_ONCE),
        (card("a"), "", AT_ONCE),
        (card("a"), "mistaken", AT_END),
        (card("a", Kind.CHOICE, choices=("x", "y")), "x", AT_ONCE),
        (card("a", Kind.TRUE_FALSE, answers=("true",)), "false", AT_ONCE),
    ],
    ids=["right", "none", "not told", "choice", "statement"],
)
def test_only_a_rejected_typed_answer_can_be_counted_as_right(
    of: Card, said: str, options: QuizOptions
) -> None:
    quiz, journal = begin(of, options=options)
    quiz.answer(said)
    before = quiz.results[:]
    with pytest.raises(RuntimeError):
        quiz.was_right()
    assert quiz.results == journal.results == before


def test_an_answer_that_came_too_late_stays_missed() -> None:
    quiz, journal = begin(*letters(1), options=QuizOptions(seconds=5))
    journal.at += 6_000
    quiz.answer("mistaken")
    assert quiz.disputable is None


def test_counting_an_answer_as_right_changes_nothing_if_it_cannot_be_written() -> None:
    quiz, journal = begin(*letters(1))
    quiz.answer("mistaken")
    journal.full = True
    with pytest.raises(ProgressError):
        quiz.was_right()
    assert (quiz.score, journal.accepted) == (Score(0, 1), [])
    journal.full = False
    quiz.was_right()
    assert quiz.score == Score(1, 1)


def test_nothing_is_written_for_a_removed_card() -> None:
    quiz, journal = begin(*letters(2))
    quiz.answer("mistaken")
    del journal.cards["a"]
    before = journal.results[:]
    assert quiz.was_right() == "The card is in no deck any more."
    assert (journal.results, quiz.score) == (before, Score(0, 1))
