"""Prepares reviews for a fit of FSRS's parameters, and judges if the fitted ones are better.

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
from sco_quiz.numbers_and_times import in_full, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_REVIEWS = 400
"""The least number of reviews for a fit; fewer show mostly chance."""
LEAST_RECALLS = 100
"""The least number of recalls: reviews on a later day than the one before, which show memory."""
JUDGED = 5
"""One in five recalls, the last ones, is left out of the fit, to judge it."""
LEAST_GAIN = 0.001
"""The least share of log loss to gain; less is not worth other parameters."""

_LONGEST_ELAPSED = 36_500  # days
_RATINGS = {int(rating): rating for rating in Rating}


class LoggedReview(NamedTuple):
    """A review in the log, or a reset.

    Attributes:
        card: The key of the card.
        day: The study day.
        rating: The rating, 1 to 4; None if the card was reset, to be learned again.
    """

    card: str
    day: int
    rating: int | None


class FsrsReview(NamedTuple):
    """A review as FSRS sees it: study days since the one before (0 for the first), and rating."""

    elapsed: int
    rating: Rating


class Recall(NamedTuple):
    """A review on a later day than the one before, which shows if memory lasted.

    Attributes:
        history: The index of its history in `ReviewHistories.histories`.
        place: Its index in that history.
        day: The study day.
    """

    history: int
    place: int
    day: int


@dataclass(slots=True)
class ReviewHistories:
    """A learner's reviews, in the form that a fit needs.

    Attributes:
        histories: The answers to each card, from the first or from a reset on.
        recalls: The recalls, in the order of time.
        reviews: The number of answers.
    """

    histories: list[list[FsrsReview]] = field(default_factory=list)
    recalls: list[Recall] = field(default_factory=list)
    reviews: int = 0

    @property
    def split(self) -> int:
        """The index of the first recall for judging; those before it are for the fit."""
        return len(self.recalls) - len(self.recalls) // JUDGED

    def check(self) -> None:
        """Check that there are enough reviews for a fit.

        Raises:
            SCOQuizError: There are not; it says what is missing.
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


def sort_into_histories(reviews: Iterable[LoggedReview]) -> ReviewHistories:
    """Sort reviews into the histories of cards.

    Args:
        reviews: The reviews, in the log's order. A study day before that of the last review (the
            clock was set back) counts as the same day.

    Raises:
        ProgressError: A review has an impossible rating or day.
    """
    past = ReviewHistories()
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
        history.append(FsrsReview(elapsed, _RATINGS[rating]))
        current[card] = index, day
        past.reviews += 1
    return past


def log_loss(past: ReviewHistories, parameters: tuple[float, ...]) -> float:
    """Return the log loss of parameters on the recalls from `past.split` on; 0 is perfect.

    That is the mean of -ln p, where p is the chance that the model gave to what then happened.

    Raises:
        ConfigError: The parameters cannot be used.
    """
    model = MemoryModel(parameters)
    after = cache(model.next)  # most histories begin alike
    first_recalls: dict[int, int] = {}
    for index, place, _ in past.recalls[past.split :]:
        first_recalls.setdefault(index, place)
    loss, count = 0.0, 0
    for index, first in first_recalls.items():
        memory = None
        for place, (elapsed, rating) in enumerate(past.histories[index]):
            if memory and elapsed and place >= first:
                chance = model.retrievability(memory.stability, elapsed)
                loss -= math.log(max(1 - chance if rating is Rating.AGAIN else chance, 1e-9))
                count += 1
            memory = after(memory, elapsed, rating)
    return loss / count


@dataclass(frozen=True, slots=True)
class FitVerdict:
    """A comparison of parameters fitted to the learner with those in force.

    Attributes:
        reviews: The number of reviews.
        judged: The number of recalls, the last ones, on which both were judged.
        since: The study day of the first of these.
        current: The parameters in force; empty for the defaults.
        new: The parameters fitted to all reviews.
        current_loss: The log loss of those in force on the judged recalls.
        new_loss: The log loss, on the judged recalls, of parameters fitted to earlier reviews.
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
        """True if the new parameters are worth taking."""
        return self.gain >= LEAST_GAIN

    def in_words(self) -> str:
        """Return the result, in a sentence or two."""
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
