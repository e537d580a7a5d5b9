"""What a study session needs from outside, and what it writes there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sco_quiz.learning.cards import Card, CardState, Kind, Rating
    from sco_quiz.learning.checking import Judgement
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

    def mistake(self, card: Card) -> str:
        """The mistake for which the card's file cannot be read now; empty for none."""

    def state(self, key: str) -> CardState:
        """What the log says of the card."""

    def pose(self, card: Card, before: CardState) -> Card:
        """The card as it is to be asked now: as it is, or as another kind."""

    def rivals(self, card: Card) -> Sequence[str]:
        """Right answers of other cards of the same category."""

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
