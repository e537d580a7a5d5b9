"""The interface of a study session to the outside, and the answers it writes there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sco_quiz.learning.cards import Rating, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sco_quiz.learning.cards import Card, CardState
    from sco_quiz.learning.checking import Judgement
    from sco_quiz.learning.kinds import Kind
    from sco_quiz.learning.study_day import Moment


class Answer(NamedTuple):
    """One answer as it goes into the log.

    Attributes:
        card: The card that was asked, as its deck has it.
        asked: The kind as which it was asked.
        given: The learner's answer; several texts for multi, order, list and the like.
        judgement: The checker's judgement.
        rating: The learner's rating.
        hinted: True if the hint was seen.
        milliseconds: The time from the question to the answer.
        moment: The time of the answer, from which the ratings' intervals count.
        before: The card's state when it was asked.
        after: The state that the button of the rating promised.
    """

    card: Card
    asked: Kind
    given: str | tuple[str, ...]
    judgement: Judgement
    rating: Rating
    hinted: bool
    milliseconds: int
    moment: Moment
    before: CardState
    after: CardState


@dataclass(slots=True)
class Tally:
    """The answers of a session so far, counted.

    Attributes:
        ratings: The number of times that each rating was given.
        learned: The number of cards answered for the first time.
        milliseconds: The sum of the times from question to answer.
    """

    ratings: Counter[Rating] = field(default_factory=Counter)
    learned: int = 0
    milliseconds: int = 0

    @property
    def answers(self) -> int:
        """The number of answers."""
        return self.ratings.total()

    @property
    def recalled(self) -> int:
        """The number of answers not rated Again."""
        return self.answers - self.ratings[Rating.AGAIN]

    def add(self, answer: Answer, sign: int = 1) -> None:
        """Count an answer, or with `sign` -1 take it out again."""
        self.ratings[answer.rating] += sign
        self.learned += sign * (answer.before.state is State.NEW)
        self.milliseconds += sign * answer.milliseconds


class UndoneStep(NamedTuple):
    """A step of the learner that was taken back.

    Attributes:
        card: The key of its card; of the last one, if it was about several; empty for an import.
        words: The name of the step, if its card is not to be asked again; else empty.
        rests: True if the card had been suspended or buried, and is not due: it is asked again
            only if it was in view when that was done.
    """

    card: str
    words: str = ""
    rests: bool = False


class Journal(Protocol):
    """The interface of a session to the outside: the clock, the cards, and the log for its answers.

    Methods that change something return only once it is on disk, and raise `ProgressError` if that
    fails; the session then stays as it was.
    """

    def now(self) -> Moment:
        """Return the present."""

    def look(self, keys: Iterable[str]) -> Mapping[str, str] | None:
        """Look for changes since the last look: of decks, or of the log by other programs.

        Args:
            keys: The keys of the session's cards.

        Returns:
            The new keys of edited cards, by their old keys; None if nothing changed.
        """

    def card(self, key: str) -> Card | None:
        """Return the card as its deck has it now, or as last read while the deck has a mistake.

        None if its deck no longer has it.
        """

    def successor(self, card: Card) -> Card | None:
        """Return the card that a vanished one without a history plainly became; None for none."""

    def mistake(self, card: Card) -> str:
        """Return the mistake that prevents reading the card's file now; empty for none."""

    def state(self, key: str) -> CardState:
        """Return the state of the card."""

    def pose(self, card: Card, before: CardState) -> Card:
        """Return the card as it is to be asked now: unchanged, or as another kind."""

    def rivals(self, card: Card) -> Sequence[str]:
        """Return right answers of the category, or else of the deck, the card's own included."""

    def next_states(
        self, card: Card, before: CardState, moment: Moment
    ) -> Mapping[Rating, CardState]:
        """Return the state that each rating would give the card."""

    def record(self, answer: Answer) -> bool:
        """Write an answer, unless another program has written to the log since the last look.

        Returns:
            True if it was written.
        """

    def suspend(self, card: Card) -> None:
        """Set the card aside."""

    def bury(self, card: Card) -> None:
        """Put the card off until tomorrow."""

    def flag(self, card: Card, flag: int) -> None:
        """Give the card a flag, 1 to 7, or 0 for none."""

    def undo(self) -> UndoneStep | None:
        """Take back the learner's last step; None if there is none."""

    def end(self) -> None:
        """Note that the session is over."""
