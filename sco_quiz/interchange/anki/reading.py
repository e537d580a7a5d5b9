"""Anki's packages, `.apkg` and `.colpkg`: notes, their media, and what was done with their cards.

Written from what the files hold; nothing of Anki itself is used.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sco_quiz.interchange.anki.collection import AnkiCollection
from sco_quiz.interchange.anki.history import AnkiHistories
from sco_quiz.interchange.anki.notes import AnkiNoteReader
from sco_quiz.interchange.anki.package_archive import Package
from sco_quiz.interchange.hypertext import to_markup
from sco_quiz.interchange.material import ForeignDeck, Material, Remark
from sco_quiz.interchange.shelf import Shelf

if TYPE_CHECKING:
    from sco_quiz.interchange.anki.collection import CardRow

_NEW = 0
"""The type of cards that were never answered."""
_LONGEST_DESCRIPTION = 2_000


def read(path: Path) -> Material:
    """Read a package: a deck for each deck of Anki's, in the order of their first notes.

    Raises:
        DeckError: It is no package, or damaged, or too large.
        UsageError: It cannot be read.
    """
    package = Package(path)
    with TemporaryDirectory(prefix="sco-quiz-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "collection.db"
        package.unpack(file)
        with closing(AnkiCollection(file, path.name)) as collection:
            return material_of(collection, Shelf(package.media()))


def material_of(collection: AnkiCollection, shelf: Shelf) -> Material:
    """Return the notes of a collection, with files of a shelf.

    Raises:
        DeckError: It is damaged, or too large.
    """
    histories = AnkiHistories(collection)
    cards: dict[int, list[CardRow]] = defaultdict(list)
    for card in collection.cards():
        cards[card.note].append(card)
    reader = AnkiNoteReader(collection.types, shelf, histories.of)
    decks: dict[int, ForeignDeck] = {}
    positions: dict[int, list[int]] = defaultdict(list)
    for row in collection.notes():
        own = cards.pop(row.id, [])
        home = min(own, key=lambda card: card.order, default=None)
        number = (home.home or home.deck) if home else 0
        known = collection.decks.get(number)
        title = known.title if known else ""
        notes = reader.notes_of(row, own, title)
        if not notes:
            continue
        new = [card.home_due if card.home else card.due for card in own if card.type == _NEW]
        positions[number] += [min(new, default=0)] * len(notes)
        if number not in decks:
            described = to_markup(known.description[:_LONGEST_DESCRIPTION]).text if known else ""
            decks[number] = ForeignDeck(title, [], described)
        decks[number].notes.extend(notes)
        if len({card.home or card.deck for card in own}) > 1:
            reader.lossy.append(Remark(notes[0].where, "all its cards come into one deck"))
    for number, deck in decks.items():  # new cards come in the order that they have in Anki
        placed = zip(positions[number], deck.notes, strict=True)
        deck.notes[:] = [note for _, note in sorted(placed, key=lambda each: each[0])]
    lossy = [*reader.lossy, *histories.remarks()]
    skipped = list(reader.skipped)
    if cards:
        skipped.append(Remark("", f"cards without a note: {sum(map(len, cards.values())):,}"))
    return Material(list(decks.values()), skipped, lossy, list(shelf.taken.values()))
