"""The outside of a study session: what it needs from there, and the answers it writes there."""

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


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it goes into the log.

    Attributes:
        card: What was asked, as its deck has it.
        asked: As which kind.
        given: What the learner answered; several texts for multi, order, list and the like.
        judgement: What the checker said.
        rating: What the learner said.
        hinted: Whether the hint was seen.
        milliseconds: From the question to the answer.
        moment: When the answer was given; the ratings' intervals count from here.
        before: The card's state when it was asked.
        after: What the button of the rating promised.
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
        ratings: How often each was given.
        learned: Cards answered for the first time.
        milliseconds: Time from question to answer, summed.
    """

    ratings: Counter[Rating] = field(default_factory=Counter)
    learned: int = 0
    milliseconds: int = 0

    @property
    def answers(self) -> int:
        """Answers given."""
        return self.ratings.total()

    @property
    def recalled(self) -> int:
        """Answers that were not Again."""
        return self.answers - self.ratings[Rating.AGAIN]

    def add(self, answer: Answer, sign: int = 1) -> None:
        """Count an answer, or with `sign` -1 take it out again."""
        self.ratings[answer.rating] += sign
        self.learned += sign * (answer.before.state is State.NEW)
        self.milliseconds += sign * answer.milliseconds


class Undone(NamedTuple):
    """A step of the learner that was taken back.

    Attributes:
        card: The key of its card; of the last one, if it was about several; empty for an import.
        words: What it was, when its card is not to be asked for it; empty when it is.
        rests: Whether the card had been set aside or put off, and is not due: it is asked only
            where it was when that was done.
    """

    card: str
    words: str = ""
    rests: bool = False


class Journal(Protocol):
    """What a session needs from outside: the clock, the cards, and a place where answers are safe.

    The methods that change something return only once it is on disk, and raise `ProgressError`
    when it cannot be; the session then stands where it stood.
    """

    def now(self) -> Moment:
        """The present."""

    def look(self, keys: Iterable[str]) -> Mapping[str, str] | None:
        """Look around for what changed since the last look: decks, or the log by other programs.

        Args:
            keys: The cards of the session.

        Returns:
            The new keys of those that were edited, by their old ones; None if nothing changed.
        """

    def card(self, key: str) -> Card | None:
        """The card as its deck has it now, or as it was last read where the deck has a mistake.

        None when its deck no longer has it.
        """

    def successor(self, card: Card) -> Card | None:
        """The card that a vanished one without a history plainly became; None for none."""

    def mistake(self, card: Card) -> str:
        """The mistake for which the card's file cannot be read now; empty for none."""

    def state(self, key: str) -> CardState:
        """What the log says of the card."""

    def pose(self, card: Card, before: CardState) -> Card:
        """The card as it is to be asked now: as it is, or as another kind."""

    def rivals(self, card: Card) -> Sequence[str]:
        """Right answers of the category, or else of the deck, the card's own among them."""

    def next_states(
        self, card: Card, before: CardState, moment: Moment
    ) -> Mapping[Rating, CardState]:
        """What each rating would make of the card."""

    def record(self, answer: Answer) -> bool:
        """Write an answer, unless another program has written to the log since the last look.

        Returns:
            Whether it was written.
        """

    def suspend(self, card: Card) -> None:
        """Set the card aside."""

    def bury(self, card: Card) -> None:
        """Put the card off until tomorrow."""

    def flag(self, card: Card, flag: int) -> None:
        """Give the card a flag, 1 to 7, or 0 for none."""

    def undo(self) -> Undone | None:
        """Take back the learner's last step; None if there is none."""

    def end(self) -> None:
        """Note that the session is over."""
