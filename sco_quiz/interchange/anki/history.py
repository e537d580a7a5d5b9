"""The history of a card in Anki: answers, due day, suspension and flag."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING

from sco_quiz.interchange.material import ForeignHistory, ForeignReview, Remark
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.study_day import local_time, study_day, within_a_day
from sco_quiz.numbers_and_times import many

if TYPE_CHECKING:
    from sco_quiz.interchange.anki.collection import (
        AnkiCollection,
        CardRow,
        CollectionSettings,
        ReviewRow,
    )

_NEW = 0
"""The type of such cards."""
_SUSPENDED = -1
_LEARNING_KINDS = frozenset({0, 2})
"""Types of answers: in learning and in relearning."""
_FILTERED, _MANUAL, _RESCHEDULED = 3, 4, 5
_NO_ANSWERS = frozenset({_MANUAL, _RESCHEDULED})
_LATEST = 4_102_444_800_000  # the year 2100
_MAX_INTERVAL = 36_500
_SECONDS = 1_000_000_000
"""A due day is a smaller number, a due time in seconds a larger one."""
_RATINGS = {int(rating): rating for rating in Rating}


class AnkiHistories:
    """The histories of a collection's cards."""

    def __init__(self, collection: AnkiCollection) -> None:
        """Read the answers.

        Raises:
            DeckError: They cannot be read, or are too many.
        """
        self._settings = collection.settings
        self._left: Counter[str] = Counter()
        self._reviews: dict[int, list[ForeignReview]] = defaultdict(list)
        self._resets: dict[int, int] = {}
        old = collection.settings.scheduler == 1 and not any(
            row.ease == Rating.EASY and row.type in _LEARNING_KINDS for row in collection.reviews()
        )
        for row in collection.reviews():
            self._add(row, old=old)
        self._first_day = _first_day(collection.settings)

    def of(self, card: CardRow) -> ForeignHistory:
        """Return the history of a card: its answers, due day, suspension and flag."""
        reviews = self._reviews.pop(card.id, [])
        known = len(reviews)
        if card.type == _NEW:
            reviews = []
        elif reset := self._resets.get(card.id):
            reviews = [review for review in reviews if review.at > reset]
        if forgotten := known - len(reviews):
            self._left["before their card was reset"] += forgotten
        reviews.sort()
        return ForeignHistory(
            tuple(reviews), self._due(card), card.queue == _SUSPENDED, card.flags & 7
        )

    def remarks(self) -> list[Remark]:
        """Return remarks on the answers that were left out; to be asked after all cards."""
        if gone := sum(map(len, self._reviews.values())):
            self._left["of cards that are gone or left behind"] += gone
        return [
            Remark("", f"{many(count, 'answer')} {reason}: not kept")
            for reason, count in self._left.items()
        ]

    def _add(self, row: ReviewRow, *, old: bool) -> None:
        at, card, ease, interval, factor, milliseconds, kind = row
        if kind in _NO_ANSWERS or not ease:
            if kind == _MANUAL and factor == 0:  # the card was made new
                self._resets[card] = max(at, self._resets.get(card, 0))
            return
        if old and kind in _LEARNING_KINDS and ease > 1:
            ease += 1  # there was no Hard
        rating = _RATINGS.get(ease)
        if kind == _FILTERED and factor == 0:
            self._left["in filtered decks that changed no due date"] += 1
        elif rating is None or not 0 < at < _LATEST:
            self._left["with an impossible time or rating"] += 1
        else:
            interval = min(interval, _MAX_INTERVAL) if interval > 0 else 0
            review = ForeignReview(at, rating, max(milliseconds, 0), interval)
            self._reviews[card].append(review)

    def _due(self, card: CardRow) -> int:
        """The date on which a card is due, as an ordinal; 0 for one that is new."""
        due = card.home_due if card.home and card.home_due else card.due
        if card.type == _NEW or due <= 0:
            return 0
        if due >= _SECONDS:
            at = due * 1000
            return _study_day(at, self._settings.rollover) if at < _LATEST else 0
        if not self._first_day:
            return 0
        return min(self._first_day + due, date.max.toordinal())


def _first_day(settings: CollectionSettings) -> int:
    """The date that due days are counted from, as an ordinal; 0 if it is not known."""
    if not 0 < settings.created * 1000 < _LATEST:
        return 0
    at = settings.created * 1000
    tz = _offset_at(at) if settings.west is None else within_a_day(-settings.west)
    return local_time(at, tz).toordinal()


def _study_day(at: int, rollover: int) -> int:
    return study_day(at, _offset_at(at), rollover)


def _offset_at(at: int) -> int:
    """Return the offset from UTC of this system's zone at an instant, in minutes."""
    return within_a_day((time.localtime(at / 1000).tm_gmtoff or 0) // 60)
