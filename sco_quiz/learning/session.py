"""A study session: a state machine that any front end drives.

It asks, judges, offers four ratings with the interval each would give, and moves on only when the
journal has the answer safe. Whatever both front ends need to agree on lives here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from sco_quiz.learning.cards import Card, CardState, Rating, State
from sco_quiz.learning.journal import Answer, Journal, Tally, Undone
from sco_quiz.learning.kinds import Input
from sco_quiz.learning.leeches import Leech, is_leech
from sco_quiz.learning.question import Question, options_of
from sco_quiz.learning.queue import LEARN_AHEAD_MS
from sco_quiz.learning.study_day import MINUTE_MS
from sco_quiz.vocabulary import many, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sco_quiz.learning.checking import Judgement
    from sco_quiz.learning.queue import Queue
    from sco_quiz.learning.study_day import Moment


BEGINNER_ANSWERS = 5
"""Answers after which nobody has to be told how to answer."""


class StudySession:
    """Today's cards, one after another.

    Attributes:
        question: What is asked; None when the session is over.
        judgement: What the checker said of the answer; None while the answer is awaited.
        choices: What each rating would make of the card; empty while the answer is awaited.
        given: The answer under judgement.
        tally: What the session came to.
        minutes: How long the session is to be; None for as long as there are cards.
        flagged: Whether the card at hand has a flag.
        leech: The card just rated, if that made it a leech; the learner is to be told.
        time_is_up: Whether the session ended because its time was up.
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
            journal: What the session needs from outside.
            queue: Today's cards.
            leech_lapses: How often a card is forgotten until it is a leech.
            minutes: After these no other card is asked; the one on the screen still counts.
            whatever_due: Ask reviews that are not due too, as long as they were not answered today.
            answered_before: Answers that the learner ever gave; none beyond `BEGINNER_ANSWERS`
                need be counted.
        """
        self._journal = journal
        self._queue = queue
        self._leech_lapses = leech_lapses
        self._whatever_due = whatever_due
        self._answered_before = answered_before
        self._passed_over: Counter[str] = Counter()
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
        """Cards that left the session: answered for today, suspended, buried."""
        return len(self._finished)

    @property
    def total(self) -> int:
        """Cards of this session, done or not."""
        return self.done + len(self._queue) + (self.question is not None)

    @property
    def place(self) -> int:
        """How many of the session's cards were asked so far, the present one among them."""
        asked = {key for key, _ in self._steps}
        if self.question is not None:
            asked.add(self.question.card.key)
        return len(asked)

    @property
    def to_repeat(self) -> int:
        """Cards that were answered and come again in this session, maybe right now."""
        asked = {key for key, _ in self._steps}
        return len(asked - self._finished.keys())

    @property
    def is_for_beginner(self) -> bool:
        """Tell whether the learner has answered so little that each step is to be explained."""
        return self._answered_before + self.tally.answers < BEGINNER_ANSWERS

    @property
    def outcomes(self) -> dict[str, CardState]:
        """The state that the last answer of this session left each card in, by key."""
        return {key: answer.after for key, answer in self._steps if answer is not None}

    def left(self) -> int | None:
        """Milliseconds until no other card is asked, never below 0; None without such a limit."""
        return None if self._until is None else max(0, self._until - self._journal.now().at)

    @property
    def moment(self) -> Moment:
        """When the answer under judgement was given; its intervals count from here."""
        return self._moment

    @property
    def hinted(self) -> bool:
        """Whether the hint of the present question is in view."""
        return self._hinted

    @property
    def acceptable(self) -> str:
        """The answer under judgement, if its card could accept it from now on; else empty."""
        if self.question is None or self.judgement is None or not isinstance(self.given, str):
            return ""
        card = self.question.card
        single = card.kind.input is Input.TEXT and len(card.answers) == 1
        return self.given if self.judgement.is_rejected and single else ""

    def hint(self) -> str:
        """Show the hint; a right answer then proposes Hard. Empty when the card has none."""
        if self.question is None or self.judgement is not None or not self.question.card.hint:
            return ""
        self._hinted = True
        return self.question.card.hint

    def follow(self) -> bool:
        """Take up what changed meanwhile: cards that were edited, answers given elsewhere.

        A question keeps its card where that is still to be asked, under its new key and with its
        new text; an answer under judgement is judged anew. Otherwise the next card is asked, and
        `take_notice` says why.

        Returns:
            Whether the question, if there is one, is still about the same card.
        """
        renamed = self._journal.look(self._keys())
        return renamed is None or self._look_again(renamed)

    def _keys(self) -> Iterator[str]:
        """Go through the keys of all cards of the session; of some more than once."""
        if self.question is not None:
            yield self.question.card.key
        yield from self._queue
        yield from self._finished
        yield from (key for key, _ in self._steps)

    def take_notice(self) -> str:
        """Say, once, why cards were passed over since this was last asked; mostly empty."""
        told = [
            f"{many(count, 'card')} {plural(count, *verb)} {why}"
            for why, verb in _REASONS.items()
            if (count := self._passed_over[why])
        ]
        self._passed_over.clear()
        return "; ".join(told).capitalize() + "." * bool(told)

    def answer(self, given: str | Iterable[str] = "") -> Judgement | None:
        """Judge an answer. An empty one reveals the card.

        Returns:
            None when the card is not to be asked any more; see `follow`.

        Raises:
            RuntimeError: Nothing is asked.
        """
        self._asked()
        if not self.follow():
            return None
        return self._judge(given if isinstance(given, str) else tuple(given), self._journal.now())

    def rate(self, rating: Rating | None = None) -> bool:
        """Record the answer under a rating (the proposed one by default) and ask the next card.

        Returns:
            False when that was not done: the card was answered elsewhere meanwhile, or what the
            ratings promise changed with it; see `follow`.

        Raises:
            RuntimeError: No answer is under judgement.
            ProgressError: The answer could not be written; nothing has moved.
        """
        self._asked()
        if self.judgement is None:
            raise RuntimeError("an answer is rated after it was given")
        promised = self.choices
        while True:
            if not self.follow() or self.choices != promised:
                return False
            if self._record(rating):
                self._advance()
                return True

    def _record(self, rating: Rating | None) -> bool:
        """Write the answer and note what follows from it; whether nobody else wrote meanwhile."""
        question = self._asked()
        assert self.judgement is not None  # noqa: S101 -- the caller looked
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
        again = lapsed and is_leech(after.lapses, self._leech_lapses)
        self.leech = Leech(question.original, after.lapses) if again else None
        key = question.card.key
        self._steps.append((key, answer))
        if after.state in (State.LEARNING, State.RELEARNING):
            self._queue.later(key, after.due_at)
        else:
            self._finished[key] = None
        return True

    def suspend(self) -> bool:
        """Set the card aside until the learner takes it back, and ask the next.

        Returns:
            False when the card is not asked any more; see `follow`. So with `bury` and `flag`.
        """
        return self._put_aside(self._journal.suspend)

    def bury(self) -> bool:
        """Put the card off until tomorrow, and ask the next."""
        return self._put_aside(self._journal.bury)

    def flag(self) -> bool:
        """Flag the card at hand, to find it again; or take its flag away. The question stays."""
        self._asked()
        if not self.follow():
            return False
        flag = 0 if self.flagged else 1
        self._journal.flag(self._asked().card, flag)
        self.flagged = flag > 0
        return True

    def undo(self) -> Undone | None:
        """Take back the learner's last step, of this session or an earlier one, and ask its card.

        Where there is nothing to ask it for, the question at hand stays, as does the answer under
        judgement; but cards that the step had brought into today's study leave the session.

        Returns:
            The step; None if there was none to take back.
        """
        undone = self._journal.undo()
        if undone is None:
            return None
        self.leech = None
        if (renamed := self._journal.look(self._keys())) is not None:
            self._look_again(renamed, whatever_due=True)
        key = undone.card
        is_last = self._steps[-1:] == [(key, None)]
        if undone.words and not (undone.rests and is_last):
            self._leave_out(key)
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
        """See the cards as their decks have them now; an answer under judgement is judged anew.

        Args:
            renamed: New keys of cards that were edited, by their old ones.
        """
        self._look_again(renamed or {}, whatever_due=True)

    def _look_again(self, renamed: Mapping[str, str], *, whatever_due: bool = False) -> bool:
        """Follow cards under their new keys; return whether the same card is still asked."""
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
                if same:  # by another key the ratings would promise other days
                    self.choices = promised
            elif mistake != before.mistake:
                self.question = replace(before, mistake=mistake)
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
        """Close the session; what was answered is kept whether or not this is ever called."""
        self._journal.end()

    def next_due_at(self) -> int | None:
        """When the soonest learning step ends (UTC ms), if a card is in one."""
        return self._queue.next_due_at()

    def _leave_out(self, card: str) -> None:
        """Drop what is not to be studied any more: the card, or what was brought into today."""
        day = self._journal.now().day
        states = {key: self._journal.state(key) for key in (card, *self._queue.brought)}
        gone = {
            key
            for key, state in states.items()
            if state.suspended or (key in self._queue.brought and not _waits(state, day))
        }
        for key in gone:
            self._queue.remove(key)
        if self.question is not None and self.question.card.key in gone:
            self._advance()
        else:
            self.refresh()

    def _is_as_asked(self, key: str) -> bool:
        """Whether a card is at hand, and the log says of it what it did when it was asked."""
        if self.question is None or self.question.card.key != key:
            return False
        before = self.question.before
        return self._journal.state(key)._replace(flag=before.flag) == before

    def _asked(self) -> Question:
        if self.question is None:
            raise RuntimeError("the session is over")
        return self.question

    def _judge(self, given: str | tuple[str, ...], moment: Moment) -> Judgement:
        from sco_quiz.learning.checking import judge  # the question is there without it

        question = self._asked()
        card = question.card
        self.given, self._moment = given, moment
        self.judgement = judge(card, given, rivals=self._journal.rivals(card), hinted=self._hinted)
        self.choices = self._journal.next_states(card, question.before, moment)
        return self.judgement

    def _put_aside(self, write: Callable[[Card], None]) -> bool:
        self._asked()
        if not self.follow():
            return False
        card = self._asked().original
        write(card)
        key = card.key
        self._steps.append((key, None))
        self._finished[key] = None
        self._advance()
        return True

    def _advance(self, *, whatever_the_time: bool = False) -> None:
        """Ask the next card that its deck still has and that is still to be asked."""
        self.judgement, self.choices, self.given, self._hinted = None, {}, "", False
        self.question = None
        self.time_is_up = self.left() == 0 and not whatever_the_time
        forced = whatever_the_time  # what an undo brings back is asked, whatever is due
        while self.question is None and not self.time_is_up:
            now = self._journal.now()
            key = self._queue.take(now.at)
            if key is None:
                return
            card = self._journal.card(key)
            if card is None:  # under another key by now, maybe
                names = self._journal.look([key, *self._queue]) or {}
                self._queue.rename(names)
                key = names.get(key, key)
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
        """Tell whether a card of the session is to be asked, by what the log says now."""
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
"""Why cards are passed over, and the verb before it, for one and for several."""


def _waits(state: CardState, day: int) -> bool:
    """Whether a card is to be studied on a day, were it not new."""
    due = state.state is State.REVIEW and state.due_day <= day
    return due or state.brought == day or state.state in (State.LEARNING, State.RELEARNING)


def time_left(milliseconds: int) -> str:
    """What `StudySession.left` says, in words that change no more than once a minute."""
    if milliseconds <= 0:
        return "time is up"
    minutes = -(-milliseconds // MINUTE_MS)
    return f"{minutes} min left" if minutes > 1 else "last minute"
