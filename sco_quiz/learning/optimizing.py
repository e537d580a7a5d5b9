"""Fitting FSRS's parameters to a learner: what there is to learn from, and whether it helps.

The fit itself is not done here. Parameters are judged as the app would have used them: by how well
they predict reviews that they were not fitted to, the last fifth in time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import ProgressError, SCOQuizError
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.memory import MemoryModel
from sco_quiz.vocabulary import in_full, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_REVIEWS = 400
"""With fewer, a fit follows chance."""
LEAST_RECALLS = 100
"""How many of them have to be on a later day than the review before: only these show memory."""
JUDGED = 5
"""One in so many recalls, the last ones, is kept from the fit to judge it by."""
LEAST_GAIN = 0.001
"""The share of log loss that has to be gained; less is not worth another set of parameters."""

_LONGEST_ELAPSED = 36_500  # days
_RATINGS = {int(rating): rating for rating in Rating}


class Review(NamedTuple):
    """What the log says of one review.

    Attributes:
        card: The key of the card.
        day: Study day.
        rating: 1 to 4; None where the card was reset, to be learned anew.
    """

    card: str
    day: int
    rating: int | None


class Answer(NamedTuple):
    """A review as FSRS sees it: study days since the one before (0 for the first), and rating."""

    elapsed: int
    rating: Rating


class Recall(NamedTuple):
    """A review on a later day than the one before: one that memory can be judged by.

    Attributes:
        history: Index of its history in `Past.histories`.
        place: Its index there.
        day: Study day.
    """

    history: int
    place: int
    day: int


@dataclass(slots=True)
class Past:
    """What a learner's reviews tell of their memory.

    Attributes:
        histories: The answers to each card, from the first or from a reset on.
        recalls: In the order of time.
        reviews: How many answers there are.
    """

    histories: list[list[Answer]] = field(default_factory=list)
    recalls: list[Recall] = field(default_factory=list)
    reviews: int = 0

    @property
    def split(self) -> int:
        """Index of the first recall to judge by; those before it are for the fit."""
        return len(self.recalls) - len(self.recalls) // JUDGED

    def check(self) -> None:
        """See whether there is enough to learn from.

        Raises:
            SCOQuizError: There is not; it says what is missing.
        """
        stays = "go on studying: until then the parameters you have are the better guess"
        if self.reviews < LEAST_REVIEWS:
            raise SCOQuizError(
                f"{LEAST_REVIEWS} reviews are needed to fit parameters to you, and there are"
                f" {self.reviews}: what fewer show is mostly chance",
                stays,
            )
        if len(self.recalls) < LEAST_RECALLS:
            raise SCOQuizError(
                f"{LEAST_RECALLS} reviews on a later day than the one before are needed to fit"
                f" parameters to you, and there are {len(self.recalls)}: only these show what"
                " you remember",
                stays,
            )


def past_of(reviews: Iterable[Review]) -> Past:
    """Sort reviews into the histories of cards.

    Args:
        reviews: In the log's order. A study day before that of the last review (the clock was set
            back) counts as the same day.

    Raises:
        ProgressError: A review cannot be one.
    """
    past = Past()
    current: dict[str, tuple[int, int]] = {}
    for card, day, rating in reviews:
        if rating is None:
            current.pop(card, None)
            continue
        if rating not in _RATINGS or not 0 < day <= date.max.toordinal():
            raise ProgressError(
                f"the progress file holds a review that cannot be: rating {rating} on day {day}"
                f" for card {card}",
                "`sco-quiz doctor` says more",
            )
        if card in current:
            index, last = current[card]
            elapsed = min(max(day - last, 0), _LONGEST_ELAPSED)
        else:
            index, elapsed = len(past.histories), 0
            past.histories.append([])
        history = past.histories[index]
        if elapsed:
            past.recalls.append(Recall(index, len(history), day))
        history.append(Answer(elapsed, _RATINGS[rating]))
        current[card] = index, day
        past.reviews += 1
    return past


def log_loss(past: Past, parameters: tuple[float, ...]) -> float:
    """How badly parameters would have predicted the recalls from `past.split` on; 0 is perfect.

    The mean of -ln p, where p is the chance that the model gave to what then happened.

    Raises:
        ConfigError: The parameters cannot be used.
    """
    model = MemoryModel(parameters)
    after = cache(model.next)  # most histories begin alike
    judged: dict[int, int] = {}
    for index, place, _ in past.recalls[past.split :]:
        judged.setdefault(index, place)
    loss, count = 0.0, 0
    for index, first in judged.items():
        memory = None
        for place, (elapsed, rating) in enumerate(past.histories[index]):
            if memory and elapsed and place >= first:
                chance = model.retrievability(memory.stability, elapsed)
                loss -= math.log(max(1 - chance if rating is Rating.AGAIN else chance, 1e-9))
                count += 1
            memory = after(memory, elapsed, rating)
    return loss / count


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether parameters fitted to the learner predict better than those in force.

    Attributes:
        reviews: How many there are.
        judged: How many of them, the last ones, the parameters were judged by.
        since: Study day of the first of these.
        current: The parameters in force; empty for the defaults.
        new: Those fitted to all reviews.
        current_loss: Log loss of those in force on the judged reviews.
        new_loss: Log loss there of parameters fitted to the reviews before.
    """

    reviews: int
    judged: int
    since: int
    current: tuple[float, ...]
    new: tuple[float, ...]
    current_loss: float
    new_loss: float

    @property
    def gain(self) -> float:
        """The share of log loss that the new parameters save; below 0 they add to it."""
        return 1 - self.new_loss / self.current_loss

    @property
    def better(self) -> bool:
        """Whether the new parameters are worth taking."""
        return self.gain >= LEAST_GAIN

    def in_words(self) -> str:
        """What was found, in a sentence or two."""
        since = date.fromordinal(self.since)
        judged = f"your last {self.judged:,} reviews, since {in_full(since)},"
        losses = f"(log loss {self.new_loss:.4f} instead of {self.current_loss:.4f})"
        if self.better:
            return (
                f"Parameters fitted to you would have predicted {judged}"
                f" {percent(self.gain, 1)} better than those in force {losses}."
            )
        return (
            f"Parameters fitted to you would not have predicted {judged} better than those in"
            f" force {losses}. Keep what you have."
        )
