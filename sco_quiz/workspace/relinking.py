"""Edited, moved and renamed cards keep their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.library.index import decode_card
from sco_quiz.progress import log
from sco_quiz.workspace.cards import find_card
from sco_quiz.workspace.catalogue import state_of_files

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.relinking import Face, Pair
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
        files = state_of_files(self._db)
        done_for, doubtful = self._index.relinking()
        if done_for == files:
            return Relinked(0, len(doubtful))
        gone = self.orphans()
        if not gone:
            self._index.save_relinking(files, [])
            return Relinked(0, 0)
        from sco_quiz.learning.relinking import relink

        new = {card.key: card for card in map(decode_card, _unanswered(self._db))}
        found = relink(gone, map(face_of, new.values()), _kept_apart(self._db))
        moment = self._now()
        if found.sure:
            self._progress.append(
                *(log.relink(moment, pair.old.key, new[pair.new.key]) for pair in found.sure)
            )
        self._index.save_relinking(files, [(pair.old.key, pair.new.key) for pair in found.doubtful])
        return Relinked(len(found.sure), len(found.doubtful))

    def doubtful(self) -> list[Pair]:
        """Vanished cards and the new ones they may have become, for the learner to decide."""
        doubtful = self._index.relinking()[1]
        if not doubtful:
            return []
        from sco_quiz.learning.relinking import Pair

        old = {face.key: face for face in self.orphans()}
        pairs = []
        for old_key, new_key in doubtful:
            new = find_card(self._db, new_key)
            if new is not None and old_key in old and not self._progress.state(new_key).reps:
                pairs.append(Pair(old[old_key], face_of(new.card)))
        return pairs

    def orphans(self) -> list[Face]:
        """Cards with a history that no deck in use has, as they last looked.

        It comes back when they do; those of a file with a mistake are not among them. None while
        another program has read a deck file and this one
        has not seen it yet.
        """
        from sco_quiz.learning.relinking import Face

        rows = self._db.execute(
            "SELECT f.key, f.deck, f.kind, f.prompt, f.answer FROM card_state s"
            " JOIN face f ON f.key = s.key WHERE s.reps > 0 AND NOT EXISTS (SELECT 1 FROM"
            " library.card c JOIN temp.deck d ON d.file = c.file WHERE c.key = s.key)"
            " AND NOT EXISTS (SELECT 1 FROM library.card c JOIN library.file lf ON lf.id = c.file"
            "  WHERE c.key = s.key AND lf.deck IS NULL)"
            " AND NOT EXISTS"
            " (SELECT 1 FROM temp.deck WHERE file NOT IN (SELECT id FROM library.file))"
            " ORDER BY f.deck, f.prompt"
        )
        return list(map(Face._make, rows))

    def decide(self, pair: Pair, *, same: bool) -> None:
        """Keep the history of a vanished card for the new one, or keep them apart.

        Raises:
            ProgressError: The log could not be written.
        """
        new = find_card(self._db, pair.new.key)
        if new is not None:
            make = log.relink if same else log.apart
            self._progress.append(make(self._now(), pair.old.key, new.card))
        files, doubtful = self._index.relinking()
        left = [keys for keys in doubtful if keys != (pair.old.key, pair.new.key)]
        self._index.save_relinking(files, left)


def face_of(card: Card) -> Face:
    """How a card looks, with all its answers, as the log keeps it."""
    from sco_quiz.learning.relinking import Face

    return Face(card.key, *log.Face.of(card))


def relinked_to(db: sqlite3.Connection, old: str) -> str | None:
    """The card that a vanished one was last re-linked to."""
    row = db.execute(
        "SELECT card FROM event WHERE kind = 'relink' AND json_extract(data, '$.old') = ?"
        " ORDER BY stamp DESC LIMIT 1",
        (old,),
    ).fetchone()
    return row[0] if row else None


def _unanswered(db: sqlite3.Connection) -> Iterator[bytes]:
    """The bodies (msgpack) of cards in use without any event."""
    rows = db.execute(
        "SELECT b.card FROM temp.deck d JOIN library.card c ON c.file = d.file"
        " JOIN library.body b ON b.file = c.file AND b.position = c.position"
        " WHERE NOT EXISTS (SELECT 1 FROM card_state s WHERE s.key = c.key)"
    )
    return (body for (body,) in rows)


def _kept_apart(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Pairs of keys, old and new, that the learner said are not the same card."""
    return db.execute(
        "SELECT json_extract(data, '$.old'), card FROM event WHERE kind = 'apart'"
    ).fetchall()
