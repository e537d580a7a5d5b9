"""Edited, moved and renamed cards keep their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.relinking import Face, Pair, relink
from sco_quiz.library.index import decode_card
from sco_quiz.progress import log
from sco_quiz.workspace import queries

if TYPE_CHECKING:
    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.study_day import Clock
    from sco_quiz.library.index import Index
    from sco_quiz.progress.store import Progress


class Relinked(NamedTuple):
    """What a look at edited cards came to.

    Attributes:
        kept: Cards that kept their history.
        doubtful: Pairs that the learner has to decide.
    """

    kept: int
    doubtful: int


class Relinker:
    """Pairs cards again after deck files changed."""

    def __init__(self, progress: Progress, index: Index, now: Clock) -> None:
        """Work on a log whose connection has the index attached."""
        self._progress = progress
        self._db = progress.connection
        self._index = index
        self._now = now

    def run(self) -> Relinked:
        """Re-link what is plainly the same, unless that was done for these files already.

        Raises:
            ProgressError: The log could not be written.
        """
        files = queries.state_of_files(self._db)
        done_for, doubtful = self._index.relinking()
        if done_for == files:
            return Relinked(0, len(doubtful))
        vanished = queries.vanished(self._db)
        if not vanished:
            self._index.save_relinking(files, [])
            return Relinked(0, 0)
        new = {card.key: card for card in map(decode_card, queries.unanswered(self._db))}
        found = relink(vanished, map(face_of, new.values()), queries.kept_apart(self._db))
        moment = self._now()
        if found.sure:
            self._progress.append(
                *(log.relink(moment, pair.old.key, new[pair.new.key]) for pair in found.sure)
            )
        self._index.save_relinking(files, [(pair.old.key, pair.new.key) for pair in found.doubtful])
        return Relinked(len(found.sure), len(found.doubtful))

    def doubtful(self) -> list[Pair]:
        """The pairs that the learner has to decide."""
        doubtful = self._index.relinking()[1]
        if not doubtful:
            return []
        old = {face.key: face for face in queries.vanished(self._db)}
        pairs = []
        for old_key, new_key in doubtful:
            row = queries.card_body(self._db, new_key)
            if row is not None and old_key in old and not self._progress.state(new_key).reps:
                pairs.append(Pair(old[old_key], face_of(decode_card(row[0]))))
        return pairs

    def decide(self, pair: Pair, *, same: bool) -> None:
        """Log what the learner said of a doubtful pair.

        Raises:
            ProgressError: The log could not be written.
        """
        row = queries.card_body(self._db, pair.new.key)
        if row is not None:
            make = log.relink if same else log.apart
            self._progress.append(make(self._now(), pair.old.key, decode_card(row[0])))
        files, doubtful = self._index.relinking()
        left = [keys for keys in doubtful if keys != (pair.old.key, pair.new.key)]
        self._index.save_relinking(files, left)


def face_of(card: Card) -> Face:
    """How a card looks, with all its answers, as the log keeps it."""
    return Face(card.key, *log.Face.of(card))
