"""Cards of Mnemosyne 2: a zip of `cards.xml`, `METADATA` and the files that cards name."""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.interchange.anki.database import Database
from sco_quiz.interchange.archive import Archive
from sco_quiz.interchange.hypertext import LONGEST_HTML, Converted, to_markup
from sco_quiz.interchange.material import (
    MAX_NOTES,
    ForeignDeck,
    ForeignHistory,
    ForeignNote,
    ForeignReview,
    Material,
    Remark,
    placed,
)
from sco_quiz.interchange.mnemosyne_xml import (
    MAX_CHARACTERS,
    MAX_ENTRIES,
    CardEntry,
    Entries,
    FactView,
    Repetition,
    gap_in,
    parse,
    words,
)
from sco_quiz.interchange.shelf import Shelf, side_text
from sco_quiz.learning.cards import Rating

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sco_quiz.interchange.material import Field

_LOG, _METADATA = "cards.xml", "METADATA"
_MAX_LOG = 64 << 20  # bytes
_MAX_METADATA = 1 << 20
_DAY = 86_400  # seconds
_LATEST = 4_102_444_800  # the year 2100
_REPEATED = 9
"""The type of an event of a database's log that is an answer."""
_CLOZE, _SENTENCE, _SIDED = "5", "6", "7"
"""Types that are not made by views: deletions, a sentence with them, and cards of Anki's."""
_VIEWS = {
    "1.1": FactView(("f",), ("b",)),
    "2.1": FactView(("f",), ("b",)),
    "2.2": FactView(("b",), ("f",)),
    "3.1": FactView(("f",), ("p_1", "m_1", "n")),
    "3.2": FactView(("m_1",), ("f", "p_1", "n")),
    "4.1": FactView(("marked",), ("loc",)),
    "4.2": FactView(("loc", "blank"), ("marked",)),
    "6.1": FactView(("f",), ("p_1", "m_1", "n")),
}
"""The views that Mnemosyne comes with:
https://github.com/mnemosyne-proj/mnemosyne/tree/master/mnemosyne/libmnemosyne/card_types."""
_GAP = re.compile(r"\[([^\[\]:]+)(?::([^\[\]]*))?\](?!\()")
_FORMULA = re.compile(r"<(/?)(latex|\$\$?)>", re.IGNORECASE)
_RATINGS = {
    0: Rating.AGAIN, 1: Rating.AGAIN, 2: Rating.HARD, 3: Rating.GOOD, 4: Rating.GOOD,
    5: Rating.EASY,
}  # fmt: skip
"""Grades: 0 and 1 are not remembered, 2 barely, 3 with effort, 4 well, 5 without effort."""


def read(path: Path) -> Material:
    """The cards of an export.

    Raises:
        DeckError: It is none, or damaged, or a trap.
        UsageError: It cannot be read.
    """
    archive = Archive(path)
    if _LOG not in archive:
        raise DeckError(f"{path.name} has no {_LOG}", "export it again from Mnemosyne 2")
    entries = parse(archive.chunks(_LOG, _MAX_LOG), f"{_LOG} in {path.name}")
    about: dict[str, str] = {}
    if _METADATA in archive:
        written = b"".join(archive.chunks(_METADATA, _MAX_METADATA)).decode(errors="replace")
        about = dict(line.split(":", 1) for line in written.splitlines() if ":" in line)
    reader = _Reader(entries, Shelf(archive.media(_LOG, _METADATA)))
    notes = reader.notes()
    material = reader.material
    if notes:
        title = to_markup(about.get("card_set_name", "")).text
        material.decks = [ForeignDeck(title, notes, to_markup(about.get("notes", "")).text)]
    material.media = list(reader.shelf.taken.values())
    return material


def read_database(file: Path, name: str, shelf: Shelf) -> Material:
    """The cards of a database of Mnemosyne's own.

    Args:
        file: The SQLite file; not left as it was.
        name: What to call it in messages.
        shelf: The files that its cards name.

    Raises:
        DeckError: It is damaged, or has too much.
    """
    with closing(Database(file, name)) as database:
        entries = _entries_of(database)
    reader = _Reader(entries, shelf)
    notes = reader.notes()
    reader.material.decks = [ForeignDeck("", notes)] if notes else []
    reader.material.media = list(shelf.taken.values())
    return reader.material


def _entries_of(database: Database) -> Entries:
    """Return the rows of a database, as an export would list them."""
    entries = Entries()
    for _, of, tag in database.rows("tags", MAX_ENTRIES, numbers=("_id",), texts=("id", "name")):
        entries.tags[of] = tag
    tag_ids = dict(database.rows("tags", MAX_ENTRIES, numbers=("_id",), texts=("id",)))
    facts = dict(database.rows("facts", MAX_NOTES, numbers=("_id",), texts=("id",)))
    entries.facts = {of: {} for of in facts.values()}
    characters = 0
    for number, key, text in database.rows(
        "data_for_fact", MAX_ENTRIES, numbers=("_fact_id",), texts=("key", "value")
    ):
        characters += len(text)
        if characters > MAX_CHARACTERS:
            raise database.damaged("it has too much text")
        if number in facts:
            entries.facts[facts[number]][key] = text
    tagged: defaultdict[int, list[str]] = defaultdict(list)
    for card, tag_number in database.rows(
        "tags_for_card", MAX_ENTRIES, numbers=("_card_id", "_tag_id")
    ):
        tagged[card].append(tag_ids.get(tag_number, ""))
    for of, question, answer, typed in database.rows(
        "fact_views", MAX_ENTRIES, texts=("id", "q_fact_keys", "a_fact_keys", "type_answer")
    ):
        entries.views[of] = FactView(words(question), words(answer), typed in {"1", "True"})
    for number, fact, grade, last, due, of, kind, view, extra in database.rows(
        "cards", MAX_ENTRIES, numbers=("_id", "_fact_id", "grade", "last_rep", "next_rep"),
        texts=("id", "card_type_id", "fact_view_id", "extra_data"),
    ):  # fmt: skip
        entries.cards.append(
            CardEntry(
                of, facts.get(fact, ""), kind, view, tuple(tagged[number]), gap_in(extra), grade,
                _bounded(last), _bounded(due),
            )
        )  # fmt: skip
    for kind, when, grade, thinking, due, of in database.rows(
        "log", MAX_ENTRIES,
        numbers=("event_type", "timestamp", "grade", "thinking_time", "next_rep"),
        texts=("object_id",),
    ):  # fmt: skip
        if kind == _REPEATED:
            at = _bounded(when)
            entries.repetitions[of].append(
                Repetition(at, grade, max(_bounded(thinking), 0), max(_bounded(due) - at, 0))
            )
    return entries


def _bounded(number: int) -> int:
    """A time in seconds as a file may have it."""
    return number if -1 <= number < _LATEST else -1


class _Reader:
    def __init__(self, entries: Entries, shelf: Shelf) -> None:
        self.material = Material()
        self.shelf = shelf
        self._entries = entries
        self._where = ""

    def notes(self) -> list[ForeignNote]:
        """A note of each fact, or several where its cards are not two sides of one."""
        cards: defaultdict[str, list[CardEntry]] = defaultdict(list)
        for card in self._entries.cards:
            cards[card.fact].append(card)
        order = {view: number for number, view in enumerate(self._entries.views)}
        notes: list[ForeignNote] = []
        for number, (fact, texts) in enumerate(self._entries.facts.items(), 1):
            self._where = f"fact {number}"
            own = sorted(
                cards[fact], key=lambda card: (order.get(card.view, -1), card.view, card.gap)
            )
            if not own:
                self._skip("it has no card")
                continue
            kind = own[0].type.partition("::")[0]
            if kind == _SIDED:
                self._skip("a card type that came from Anki; export it there")
            elif kind in {_CLOZE, _SENTENCE}:
                notes += self._cloze(fact, texts, own, sentence=kind == _SENTENCE)
            else:
                notes += self._sides(fact, texts, own)
        return notes

    def _cloze(
        self, fact: str, texts: dict[str, str], cards: Sequence[CardEntry], *, sentence: bool
    ) -> Iterable[ForeignNote]:
        text = texts.get("f" if sentence else "text", "")
        bare = _GAP.sub(r"\1", text)
        if sentence and (asked := [card for card in cards if card.view.endswith(".1")]):
            yield from self._sides(fact, texts | {"f": bare}, asked)
        side = self._converted(text)
        with_gaps, gaps = _GAP.subn(_with_braces, side.text.replace("\\[", "[").replace("\\]", "]"))
        if not gaps:
            if not sentence:
                self._skip("a text without a deletion")
            return
        explained = self._joined(texts, ("p_1", "m_1", "n")) if sentence else Converted("")
        by_gap = {card.gap: card for card in cards if not sentence or card.view[-2:] != ".1"}
        fields: dict[str, Field] = {"text": with_gaps, "explain": explained.text}
        fields |= self._media(side, explained)
        done = tuple(self._history(by_gap.get(number)) for number in range(gaps))
        yield self._note(fields, f"{fact}.gaps" if sentence else fact, cards, done)

    def _sides(
        self, fact: str, texts: dict[str, str], cards: Sequence[CardEntry]
    ) -> Iterable[ForeignNote]:
        views = [self._entries.views.get(card.view) or _VIEWS.get(card.view) for card in cards]
        known = [(card, view) for card, view in zip(cards, views, strict=True) if view is not None]
        if len(known) < len(cards):
            self._skip("a card type that is not known here")
        if len(known) == 2 and (notes := self._both_ways(fact, texts, known)):
            yield notes
            return
        for card, view in known:
            question = self._joined(texts, view.question)
            answer = self._joined(texts, view.answer)
            fields: dict[str, Field] = {"front": side_text(question), "back": side_text(answer)}
            if view.typed:
                fields = {"question": side_text(question), "answer": side_text(answer)}
            fields |= self._media(question, answer)
            key = fact if len(known) == 1 else f"{fact}.{card.view}"
            yield self._note(fields, key, [card], (self._history(card),))

    def _both_ways(
        self, fact: str, texts: dict[str, str], known: Sequence[tuple[CardEntry, FactView]]
    ) -> ForeignNote | None:
        """One note of two cards, where each asks what the other reveals."""
        (first, there), (second, back) = known
        both = [key for key in there.answer if key in back.answer]
        answer = tuple(key for key in there.answer if key not in both)
        asked = tuple(key for key in back.answer if key not in both)
        if answer != back.question or asked != there.question or there.typed or back.typed:
            return None
        front, other = self._joined(texts, there.question), self._joined(texts, answer)
        extra = self._joined(texts, both)
        fields: dict[str, Field] = {
            "front": side_text(front),
            "back": side_text(other),
            "reverse": "true",
            "explain": extra.text,
        }
        more = other._replace(
            images=other.images + extra.images, sounds=other.sounds + extra.sounds
        )
        fields |= self._media(front, more)
        done = (self._history(first), self._history(second))
        return self._note(fields, fact, (first, second), done)

    def _note(
        self,
        fields: dict[str, Field],
        key: str,
        cards: Sequence[CardEntry],
        done: tuple[ForeignHistory, ...],
    ) -> ForeignNote:
        names = self._entries.tags
        tags = [names.get(tag, "").strip() for card in cards for tag in card.tags]
        fields["tags"] = list(dict.fromkeys(tag for tag in tags if tag and tag != "__UNTAGGED__"))
        said = {name: value for name, value in fields.items() if value}
        known = any(each != ForeignHistory() for each in done)
        return ForeignNote(said, key, self._where, done if known else ())

    def _history(self, card: CardEntry | None) -> ForeignHistory:
        """Return the history of a card: its answers, or the last one if the file has no others."""
        if card is None or card.grade not in _RATINGS or card.last <= 0:
            return ForeignHistory()
        answers = sorted(self._entries.repetitions.get(card.id, ()))
        if not answers:
            answers = [Repetition(card.last, card.grade, 0, max(card.next - card.last, 0))]
        reviews = tuple(
            ForeignReview(
                each.at * 1000, _RATINGS[each.grade], each.thinking * 1000, each.interval // _DAY
            )
            for each in answers
            if each.grade in _RATINGS
        )
        due = datetime.fromtimestamp(card.next, UTC).date() if card.next > 0 else None
        return ForeignHistory(reviews, due.toordinal() if due else 0)

    def _joined(self, texts: dict[str, str], keys: Iterable[str]) -> Converted:
        sides = [self._converted(texts[key]) for key in keys if texts.get(key, "").strip()]
        return Converted(
            "\n".join(side.text for side in sides if side.text),
            images=tuple(image for side in sides for image in side.images),
            sounds=tuple(sound for side in sides for sound in side.sounds),
        )

    def _converted(self, text: str) -> Converted:
        """A text of a fact: HTML in which line ends count."""
        if len(text) > LONGEST_HTML:
            self._lose("HTML of this length is left as it is")
            return Converted(text)
        html = _FORMULA.sub(r"[\1\2]", text.strip()).replace("\n", "<br>")
        converted = to_markup(html, media=True)
        for what in sorted(converted.lost):
            self._lose(f"{what} is not kept")
        return converted

    def _media(self, question: Converted, answer: Converted) -> dict[str, Field]:
        fields, left = self.shelf.fields(question, answer)
        self.material.lossy += placed(self._where, left)
        return fields

    def _lose(self, reason: str) -> None:
        self.material.lossy.append(Remark(self._where, reason))

    def _skip(self, reason: str) -> None:
        self.material.skipped.append(Remark(self._where, reason))


def _with_braces(gap: re.Match[str]) -> str:
    hint = f"::{gap[2].strip()}" if gap[2] and gap[2].strip() else ""
    return "{{" + gap[1].strip() + hint + "}}"
