"""A study session: a state machine that any front end drives.

It asks, judges, offers four ratings with the interval of each, and moves on only when the journal
has saved the answer. All that both front ends must do alike is here.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sco_quiz.learning.card_queue import LEARN_AHEAD_MS
from sco_quiz.learning.cards import Card, CardState, Rating, State
from sco_quiz.learning.journal import Answer, Journal, Tally, UndoneStep
from sco_quiz.learning.kinds import Input
from sco_quiz.learning.leeches import Leech, is_leech
from sco_quiz.learning.question import CHANGED, Question, options_of
from sco_quiz.learning.study_day import MINUTE_MS
from sco_quiz.numbers_and_times import many, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sco_quiz.learning.card_queue import Queue
    from sco_quiz.learning.checking import Judgement
    from sco_quiz.learning.study_day import Moment


BEGINNER_ANSWERS = 5
"""The number of answers after which a learner no longer needs explanations."""


class StudySession:
    """Today's cards, one after another.

    Attributes:
        question: The present question; None when the session is over.
        judgement: The judgement of the answer; None before the answer.
        choices: The state that each rating would give the card; empty before the answer.
        given: The answer that is judged.
        tally: The counts of the session's answers.
        minutes: The length of the session; None for as long as there are cards.
        flagged: True if the present card has a flag.
        leech: The card just rated, if that made it a leech, for a message to the learner.
        time_is_up: True if the session ended because its time was up.
    """

    def __init__(
        self,
        journal: Journal,
        queue: Queue,
        leech_lapses: int = 8,
        minutes: float | None = None,
        *,
        whatever_due: bool = False,
        answered_before: int = BEGINNER_ANSWERS,
    ) -> None:
        """Ask the first card.

        Args:
            journal: The interface to the outside.
            queue: Today's cards.
            leech_lapses: The number of lapses that make a card a leech.
            minutes: The time after which no other card is asked; the one on the screen still
                counts.
            whatever_due: True to ask cards in review that are not due too, unless they were
                answered today.
            answered_before: The number of answers that the learner ever gave; it need not be
                counted beyond `BEGINNER_ANSWERS`.
        """
        self._journal = journal
        self._queue = queue
        self._leech_lapses = leech_lapses
        self._whatever_due = whatever_due
        self._answered_before = answered_before
        self._passed_over: Counter[str] = Counter()
        self._refusal = ""
        self._finished: dict[str, None] = {}
        self._steps: list[tuple[str, Answer | None]] = []
        self._hinted = False
        self._moment = journal.now()
        self._until = None if minutes is None else self._moment.at + round(minutes * MINUTE_MS)
        self.minutes = minutes
        self.time_is_up = False
        self.question: Question | None = None
        self.judgement: Judgement | None = None
        self.choices: Mapping[Rating, CardState] = {}
        self.given: str | tuple[str, ...] = ""
        self.tally = Tally()
        self.flagged = False
        self.leech: Leech | None = None
        self._advance()

    @property
    def done(self) -> int:
        """The number of cards that left the session: answered for today, suspended, buried."""
        return len(self._finished)

    @property
    def total(self) -> int:
        """The number of cards of this session, done or not."""
        return self.done + len(self._queue) + (self.question is not None)

    @property
    def place(self) -> int:
        """The number of cards that were asked so far, the present one included."""
        asked = {key for key, _ in self._steps}
        if self.question is not None:
            asked.add(self.question.card.key)
        return len(asked)

    @property
    def to_repeat(self) -> int:
        """The number of answered cards that come again in this session, or are asked again now."""
        asked = {key for key, _ in self._steps}
        return len(asked - self._finished.keys())

    @property
    def is_for_beginner(self) -> bool:
        """True if the learner has given so few answers that each step is explained."""
        return self._answered_before + self.tally.answers < BEGINNER_ANSWERS

    @property
    def outcomes(self) -> dict[str, CardState]:
        """The state of each card after its last answer of this session, by key."""
        return {key: answer.after for key, answer in self._steps if answer is not None}

    def left(self) -> int | None:
        """Return the milliseconds until no other card is asked; None without a limit."""
        return None if self._until is None else max(0, self._until - self._journal.now().at)

    @property
    def moment(self) -> Moment:
        """The time of the answer that is judged, from which its intervals count."""
        return self._moment

    @property
    def hinted(self) -> bool:
        """True if the hint of the present question is in view."""
        return self._hinted

    @property
    def acceptable(self) -> str:
        """The answer that is judged, if its card could accept it from now on; else empty."""
        if self.question is None or self.judgement is None or not isinstance(self.given, str):
            return ""
        card = self.question.card
        single = card.kind.input is Input.TEXT and len(card.answers) == 1
        return self.given if self.judgement.is_rejected and single else ""

    def hint(self) -> str:
        """Return the hint, empty for none; a right answer then proposes Hard."""
        if self.question is None or self.judgement is not None or not self.question.card.hint:
            return ""
        self._hinted = True
        return self.question.card.hint

    def follow(self) -> bool:
        """Follow changes made meanwhile: cards that were edited, answers given in other programs.

        If the present card is still to be asked, the question keeps it, under its new key and with
        its new text, and an answer that is judged is judged anew. Otherwise the next card is asked,
        and `take_notice` says why.

        Returns:
            False if another card is asked now.
        """
        new_keys = self._journal.look(self._keys())
        return new_keys is None or self._look_again(new_keys)

    def _still_asks(self) -> bool:
        """Follow changes; return True if the question is as the learner has seen it."""
        seen = self._asked().seen
        if not self.follow():
            return False
        if self._asked().seen != seen:
            self._refusal = CHANGED
            return False
        return True

    def _keys(self) -> Iterator[str]:
        """Yield the keys of all cards of the session; some more than once."""
        if self.question is not None:
            yield self.question.card.key
        yield from self._queue
        yield from self._finished
        yield from (key for key, _ in self._steps)

    def take_notice(self) -> str:
        """Return a sentence, once, on what happened since the last call; mostly empty.

        It is on cards that were passed over, and on a step that was not taken.
        """
        passed_over = [
            f"{many(count, 'card')} {plural(count, *verbs)} {why}"
            for why, verbs in _REASONS.items()
            if (count := self._passed_over[why])
        ]
        sentence = "; ".join(passed_over).capitalize() + "." * bool(passed_over)
        notice = " ".join(filter(None, [sentence, self._refusal]))
        self._passed_over.clear()
        self._refusal = ""
        return notice

    def answer(self, given: str | Iterable[str] = "") -> Judgement | None:
        """Judge an answer. An empty one reveals the card.

        Returns:
            The judgement; None if the card is not asked any more, or asks something else than what
            the learner has seen; `take_notice` says so.

        Raises:
            RuntimeError: The session is over.
        """
        if not self._still_asks():
            return None
        return self._judge(given if isinstance(given, str) else tuple(given), self._journal.now())

    def rate(self, rating: Rating | None = None) -> bool:
        """Record the answer under a rating (the proposed one by default) and ask the next card.

        Returns:
            False if it was not recorded: the card is not asked any more, or the question, the
            verdict or the promises of the ratings changed, so that the learner has to look again;
            `take_notice` says why.

        Raises:
            RuntimeError: No answer was judged.
            ProgressError: The answer could not be written; the session is as it was.
        """
        told, promised = self.judgement, self.choices
        if told is None:
            raise RuntimeError("an answer is rated after it was given")
        while True:
            if not self._still_asks():
                return False
            if self.judgement != told:
                self._refusal = CHANGED
                return False
            if self.choices != promised:
                self._refusal = _NEW_PROMISES
                return False
            if self._record(rating):
                self._advance()
                return True

    def _record(self, rating: Rating | None) -> bool:
        """Write the answer and update the session; return False if another program wrote first."""
        question = self._asked()
        assert self.judgement is not None  # noqa: S101 -- the caller checked
        rating = rating or self.judgement.proposal
        after = self.choices[rating]
        answer = Answer(
            card=question.original,
            asked=question.card.kind,
            given=self.given,
            judgement=self.judgement,
            rating=rating,
            hinted=self._hinted,
            milliseconds=max(0, self._moment.at - question.asked_at),
            moment=self._moment,
            before=question.before,
            after=after,
        )
        if not self._journal.record(answer):
            return False
        self.tally.add(answer)
        lapsed = after.lapses > question.before.lapses
        became_leech = lapsed and is_leech(after.lapses, self._leech_lapses)
        self.leech = Leech(question.original, after.lapses) if became_leech else None
        key = question.card.key
        self._steps.append((key, answer))
        if after.state in (State.LEARNING, State.RELEARNING):
            self._queue.later(key, after.due_at)
        else:
            self._finished[key] = None
        return True

    def suspend(self) -> bool:
        """Suspend the card until the learner takes it back, and ask the next.

        Returns:
            False if the card is not asked any more, or asks something else than what the learner
            has seen; `take_notice` says so.
        """
        return self._put_aside(self._journal.suspend)

    def bury(self) -> bool:
        """Put the card off until tomorrow, and ask the next; False as for `suspend`."""
        return self._put_aside(self._journal.bury)

    def flag(self) -> bool:
        """Flag the present card, or remove its flag, and keep asking it; False as for `suspend`."""
        if not self._still_asks():
            return False
        flag = 0 if self.flagged else 1
        self._journal.flag(self._asked().card, flag)
        self.flagged = flag > 0
        return True

    def undo(self) -> UndoneStep | None:
        """Take back the learner's last step, of this session or an earlier one, and ask its card.

        If the step's card is not to be asked again, the present question and its answer stay; but
        cards that the step had added to today's study leave the session.

        Returns:
            The step; None if there was none to take back.
        """
        undone = self._journal.undo()
        if undone is None:
            return None
        self.leech = None
        if (new_keys := self._journal.look(self._keys())) is not None:
            self._look_again(new_keys, whatever_due=True)
        key = undone.card
        is_last = self._steps[-1:] == [(key, None)]
        if undone.words and not (undone.rests and is_last):
            self._remove_if_not_due(key)
            return undone
        if self._is_as_asked(key):
            self.refresh()  # an edit was taken back, or an accepted answer
            return undone
        if self._steps and self._steps[-1][0] == key:
            _, answer = self._steps.pop()
            if answer is not None:
                self.tally.add(answer, -1)
        self._finished.pop(key, None)
        if self.question is not None and self.question.card.key != key:
            self._queue.first(self.question.card.key)
        self._queue.first(key)
        self._advance(whatever_the_time=True)
        return undone._replace(words="")

    def refresh(self, renamed: Mapping[str, str] | None = None) -> None:
        """Take the cards as their decks have them now; an answer that is judged is judged anew.

        Args:
            renamed: New keys of cards that were edited, by their old ones.
        """
        self._look_again(renamed or {}, whatever_due=True)

    def _look_again(self, renamed: Mapping[str, str], *, whatever_due: bool = False) -> bool:
        """Follow cards under their new keys; return True if the same card is still asked."""
        self._rename(renamed)
        before = self.question
        if before is None:
            return True
        key = renamed.get(before.card.key, before.card.key)
        card = self._journal.card(key) or self._journal.successor(before.original)
        state = self._journal.state(card.key if card else key)
        if card is not None and (whatever_due or self._waits(state)):
            mistake = self._journal.mistake(card)
            self.flagged = state.flag > 0
            same = state._replace(flag=before.before.flag) == before.before
            if not same or card != before.original:
                self.question = self._pose(card, state, before.asked_at)
                promised = self.choices
                if self.judgement is not None:
                    self._judge(self.given, self._moment)
                if same:  # a new key would change the fuzz of the promised days
                    self.choices = promised
            elif mistake != before.mistake:
                self.question = before._replace(mistake=mistake)
            return True
        self._pass_over(key, card)
        self._advance()
        return False

    def _rename(self, renamed: Mapping[str, str]) -> None:
        if renamed:
            self._queue.rename(renamed)
            self._finished = {renamed.get(key, key): None for key in self._finished}
            self._steps = [(renamed.get(key, key), answer) for key, answer in self._steps]

    def end(self) -> None:
        """Close the session; its answers are kept even if this is never called."""
        self._journal.end()

    def next_due_at(self) -> int | None:
        """Return the end of the soonest learning step (UTC ms); None if no card is in one."""
        return self._queue.next_due_at()

    def _remove_if_not_due(self, card: str) -> None:
        """Remove cards that are not to be studied any more: this one, or those added to today."""
        day = self._journal.now().day
        states = {key: self._journal.state(key) for key in (card, *self._queue.brought)}
        removed_keys = {
            key
            for key, state in states.items()
            if state.suspended or (key in self._queue.brought and not _waits(state, day))
        }
        for key in removed_keys:
            self._queue.remove(key)
        if self.question is not None and self.question.card.key in removed_keys:
            self._advance()
        else:
            self.refresh()

    def _is_as_asked(self, key: str) -> bool:
        """Return True if a card is the present one and its state is that of the question."""
        if self.question is None or self.question.card.key != key:
            return False
        before = self.question.before
        return self._journal.state(key)._replace(flag=before.flag) == before

    def _asked(self) -> Question:
        if self.question is None:
            raise RuntimeError("the session is over")
        return self.question

    def _judge(self, given: str | tuple[str, ...], moment: Moment) -> Judgement:
        from sco_quiz.learning.checking import judge  # a question can be shown without it

        question = self._asked()
        card = question.card
        self.given, self._moment = given, moment
        self.judgement = judge(card, given, rivals=self._journal.rivals(card), hinted=self._hinted)
        self.choices = self._journal.next_states(card, question.before, moment)
        return self.judgement

    def _put_aside(self, write: Callable[[Card], None]) -> bool:
        if not self._still_asks():
            return False
        card = self._asked().original
        write(card)
        key = card.key
        self._steps.append((key, None))
        self._finished[key] = None
        self._advance()
        return True

    def _advance(self, *, whatever_the_time: bool = False) -> None:
        """Ask the next card that still exists and is still to be asked."""
        self.judgement, self.choices, self.given, self._hinted = None, {}, "", False
        self.question = None
        self.time_is_up = self.left() == 0 and not whatever_the_time
        forced = whatever_the_time  # an undone card is asked, due or not
        while self.question is None and not self.time_is_up:
            now = self._journal.now()
            key = self._queue.take(now.at)
            if key is None:
                return
            card = self._journal.card(key)
            if card is None:  # maybe it has another key by now
                new_keys = self._journal.look([key, *self._queue]) or {}
                self._queue.rename(new_keys)
                key = new_keys.get(key, key)
                card = self._journal.card(key)
            state = self._journal.state(key)
            if card is None or not (forced or self._waits(state)):
                self._pass_over(key, card)
            elif (
                not forced and state.last_day <= now.day and state.due_at > now.at + LEARN_AHEAD_MS
            ):
                self._queue.later(key, state.due_at)  # answered elsewhere
            else:
                self.question = self._pose(card, state, now.at)
                self.flagged = state.flag > 0
            forced = False

    def _pose(self, card: Card, state: CardState, at: int) -> Question:
        asked = self._journal.pose(card, state)
        options = options_of(asked, state.reps)
        return Question(asked, card, options, at, state, self._journal.mistake(card))

    def _waits(self, state: CardState) -> bool:
        """Return True if a card of the session is still to be asked, by its present state."""
        day = self._journal.now().day
        if state.suspended or state.buried_until > day:
            return False
        if state.state is State.NEW or _waits(state, day):
            return True
        return self._whatever_due and state.last_day < day

    def _pass_over(self, key: str, card: Card | None) -> None:
        self._finished[key] = None
        self._passed_over[_GONE if card is None else _ANSWERED] += 1


_GONE = "in no deck any more"
_ANSWERED = "answered or set aside elsewhere"
_REASONS = {_GONE: ("is", "are"), _ANSWERED: ("was", "were")}
"""The reasons for passing over cards, with the verb before each, for one and for several cards."""
_NEW_PROMISES = "The card was answered elsewhere meanwhile: the ratings have new intervals."


def _waits(state: CardState, day: int) -> bool:
    """Return True if a card that is not new is to be studied on a day."""
    due = state.state is State.REVIEW and state.due_day <= day
    return due or state.brought == day or state.state in (State.LEARNING, State.RELEARNING)


def time_left(milliseconds: int) -> str:
    """Return the time of `StudySession.left` in words, which change at most once a minute."""
    if milliseconds <= 0:
        return "time is up"
    minutes = -(-milliseconds // MINUTE_MS)
    return f"{minutes} min left" if minutes > 1 else "last minute"
