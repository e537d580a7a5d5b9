"""Re-links edited, moved and renamed cards, so that they keep their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.cards import Card, KeyedFace, RelinkPair
from sco_quiz.library.index import decode_card
from sco_quiz.progress import log
from sco_quiz.workspace.cards import find_card
from sco_quiz.workspace.catalogue import state_of_files

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from sco_quiz.learning.relinking import Relinking
    from sco_quiz.learning.study_day import Clock
    from sco_quiz.library.index import Index
    from sco_quiz.progress.log import EventDraft
    from sco_quiz.progress.store import Progress


_DELETED = """
SELECT part.{column} FROM event, json_each(event.data, '$.{what}') AS part
WHERE event.card IS NULL AND event.kind = 'decks'
  AND json_extract(event.data, '$.step') IN ('deleted-notes', 'deleted-deck')
  AND (event.device, event.seq) NOT IN undone
  AND part.{column} NOT IN (SELECT id FROM temp.deck)"""


class RelinkCounts(NamedTuple):
    """The result of re-linking edited cards.

    Attributes:
        kept: The number of cards that kept their history.
        doubtful: The number of pairs for the learner to decide.
    """

    kept: int
    doubtful: int


class FoundPairs(NamedTuple):
    """Edited cards, paired with the vanished ones that they were.

    Attributes:
        files: The state of the deck files; empty if it was done already for this state.
        kept: A `relink` event for each card that plainly keeps its history.
        doubtful: Pairs of an old and a new key for the learner to decide.
    """

    files: str
    kept: list[EventDraft]
    doubtful: list[tuple[str, str]]


class Relinker:
    """Pairs cards again after deck files changed."""

    def __init__(self, progress: Progress, index: Index, now: Clock) -> None:
        """Take a log whose connection has the index attached."""
        self._progress = progress
        self._db = progress.connection
        self._index = index
        self._now = now

    def find(self) -> FoundPairs:
        """Pair edited cards with vanished ones, unless it was done for these files already."""
        files = state_of_files(self._db)
        done_for, doubtful = self._index.relinking()
        if done_for == files:
            return FoundPairs("", [], doubtful)
        if vanished := self.orphans():
            cards, decks = _deleted(self._db)
            vanished = [
                face for face in vanished if face.key not in cards and face.deck not in decks
            ]
        if not vanished:
            return FoundPairs(files, [], [])
        new = {card.key: card for card in map(decode_card, _unanswered(self._db))}
        pairs = self._pair(vanished, new.values())
        moment = self._now()
        return FoundPairs(
            files,
            [log.relink(moment, pair.old.key, new[pair.new.key]) for pair in pairs.sure],
            [(pair.old.key, pair.new.key) for pair in pairs.doubtful],
        )

    def keep(self, edited_cards: FoundPairs) -> RelinkCounts:
        """Write re-links to the log, and note in the index that it was done.

        Raises:
            ProgressError: The log could not be written.
        """
        if edited_cards.kept:
            self._progress.append(*edited_cards.kept)
        if edited_cards.files and not (edited_cards.kept and self._progress.in_memory):
            self._index.save_relinking(edited_cards.files, edited_cards.doubtful)
        return RelinkCounts(len(edited_cards.kept), len(edited_cards.doubtful))

    def look_again(self) -> None:
        """Pair cards anew for the same files, because the log has changed.

        Raises:
            ProgressError: The log could not be written.
        """
        self._index.save_relinking("", [])
        self.keep(self.find())

    def doubtful(self) -> list[RelinkPair]:
        """Return vanished cards and the new ones they may be now, for the learner to decide."""
        doubtful = self._index.relinking()[1]
        if not doubtful:
            return []
        old = {face.key: face for face in self.orphans()}
        pairs = []
        for old_key, new_key in doubtful:
            new = find_card(self._db, new_key)
            if new is not None and old_key in old and not self._progress.state(new_key).reps:
                pairs.append(RelinkPair(old[old_key], face_of(new.card)))
        return pairs

    def orphans(self) -> list[KeyedFace]:
        """Return cards with a history that no deck in use has, as they last looked.

        Cards of a file with a mistake are not among them. The list is empty while another program
        has read a deck file and this one has not seen it yet.
        """
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
        return list(map(KeyedFace._make, rows))

    def successor(self, card: Card) -> Card | None:
        """Return the new card of the same deck that a vanished one plainly became; None for none.

        For cards without an event; those with events are re-linked by `find`.
        """
        new = {
            new_card.key: new_card
            for new_card in map(decode_card, _unanswered(self._db, card.deck))
        }
        pairs = self._pair([face_of(card)], new.values())
        return next((new[pair.new.key] for pair in pairs.sure), None)

    def _pair(self, gone: Iterable[KeyedFace], new: Iterable[Card]) -> Relinking:
        from sco_quiz.learning.relinking import relink

        return relink(gone, map(face_of, new), _kept_apart(self._db), _taken_apart(self._db))

    def decide(self, pair: RelinkPair, *, same: bool) -> None:
        """Keep the history of a vanished card for the new one, or keep them apart.

        Raises:
            ProgressError: The log could not be written.
        """
        if same:
            self.join(pair.old.key, pair.new.key)
            return
        new = find_card(self._db, pair.new.key)
        if new is not None:
            self._progress.append(log.apart(self._now(), pair.old.key, new.card))
        self._settle(pair.old.key, pair.new.key)

    def join(self, old: str, key: str) -> bool:
        """Give a card the history of one that no deck has, in addition to its own.

        Args:
            old: The key of the card that no deck has.
            key: The key of the card.

        Returns:
            False if `old` is in a deck by now or was joined by another program, or `key` is gone.

        Raises:
            ProgressError: The log could not be written.
        """
        new = find_card(self._db, key)
        possible = new is not None and any(face.key == old for face in self.orphans())
        if new is not None and possible:
            self._progress.append(log.join(self._now(), old, new.card))
        self._settle(old, key)
        return possible

    def _settle(self, old: str, new: str) -> None:
        """Do not ask about two cards again."""
        files, doubtful = self._index.relinking()
        remaining = (keys for keys in doubtful if {old, new}.isdisjoint(keys))
        self._index.save_relinking(files, remaining)


def face_of(card: Card) -> KeyedFace:
    """Return the look of a card with all its answers, as the log keeps it."""
    return KeyedFace(card.key, *log.Face.of(card))


def relinked_to(db: sqlite3.Connection, old: str) -> str | None:
    """Return the card that a vanished one was last re-linked to; None if to none."""
    row = db.execute(
        "SELECT card FROM event WHERE kind = 'relink' AND json_extract(data, '$.old') = ?"
        " AND (device, seq) NOT IN undone ORDER BY stamp DESC LIMIT 1",
        (old,),
    ).fetchone()
    return row[0] if row else None


def _unanswered(db: sqlite3.Connection, deck: str | None = None) -> Iterator[bytes]:
    """Return the bodies (msgpack) of cards in use without any event, of one deck or of all."""
    rows = db.execute(
        "SELECT b.card FROM temp.deck d JOIN library.card c ON c.file = d.file"
        " JOIN library.body b ON b.file = c.file AND b.position = c.position"
        " WHERE NOT EXISTS (SELECT 1 FROM card_state s WHERE s.key = c.key)"
        " AND d.id = coalesce(?, d.id)",
        (deck,),
    )
    return (body for (body,) in rows)


def _deleted(db: sqlite3.Connection) -> tuple[set[str], set[str]]:
    """Return the keys of cards and the ids of decks that the learner deleted.

    No other card is an edited form of them, however similar it is.
    """
    cards = {key for (key,) in db.execute(_DELETED.format(what="cards", column="value"))}
    decks = {deck for (deck,) in db.execute(_DELETED.format(what="decks", column="key"))}
    return cards, decks


def _kept_apart(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return pairs of keys, old and new, that the learner said are not the same card."""
    return db.execute(
        "SELECT json_extract(data, '$.old'), card FROM event WHERE kind = 'apart'"
        " AND (device, seq) NOT IN undone"
    ).fetchall()


def _taken_apart(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return pairs of keys, old and new, that were joined until the learner undid it."""
    return db.execute(
        "SELECT json_extract(data, '$.old'), card FROM undone JOIN event USING (device, seq)"
        " WHERE kind = 'relink'"
    ).fetchall()
