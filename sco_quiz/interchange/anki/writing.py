"""A package for Anki: notes by genanki, completed with scheduling and log.

The collection is of Anki's version 11: due days are counted from the day of `col.crt`; `schedVer` 2
says that days begin at the `rollover`; the `data` of a card holds what FSRS knows of it. What the
columns mean is told in https://github.com/ankidroid/Anki-Android/wiki/Database-Structure.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import tempfile
from hashlib import blake2b
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import genanki

from sco_quiz.interchange.anki.kind_types import OPTIONS, shown_name, type_of, with_original
from sco_quiz.interchange.material import MEDIA
from sco_quiz.learning.cards import State
from sco_quiz.learning.cloze import numbered
from sco_quiz.learning.kinds import Input, Kind
from sco_quiz.learning.study_day import DAY_MS, EPOCH_DAY, HOUR_MS, MINUTE_MS
from sco_quiz.library.kinds import texts_of
from sco_quiz.text import blocks, may_have_markup, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from sqlite3 import Cursor

    from markdown_it.token import Token

    from sco_quiz.interchange.anki.export_records import (
        AnkiExport,
        ExportedCard,
        ExportedDeck,
        ExportedNote,
        ExportedReview,
    )
    from sco_quiz.interchange.anki.kind_types import KindType
    from sco_quiz.learning.study_day import Moment

_SUSPENDED, _BURIED, _LEARNING = -1, -3, 1  # queues that differ from the card's type
_EASE = 2500
"""In thousandths: with what a learner begins who turns FSRS off."""
_RESET = 4
"""The type of the log's row that says that a card was to be learned again."""
_UNSENT = -1
_CARD = "INSERT INTO cards VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_REVIEW = "INSERT INTO revlog VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_FORBIDDEN_IN_TAGS = str.maketrans({" ": "_", "\u3000": "_"})

_TAGS = {
    "strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>",
    "link_close": "</a>",
}  # fmt: skip
_ACTIVE = re.compile(r"\\(?=[(\[])|\[(?=sound:|anki:|latex\]|\$\$?\])")
_INDENT = re.compile(r"(?m)^ +")


def package(leaving: AnkiExport, now: Moment, rollover: int) -> bytes:
    """A file `.apkg` with decks and all that is known of their cards.

    Args:
        leaving: What goes into it.
        now: When it is made.
        rollover: The hour at which the learner's day begins.
    """
    days = [
        card.state.first_day
        for deck in leaving.decks
        for note in deck.notes
        for card in note.cards
        if card.state.first_day
    ]
    writer = _Writer(leaving, now, rollover, min([now.day, *days]))
    with tempfile.TemporaryDirectory() as folder:
        for name, path in leaving.media.items():  # genanki calls them as their files are called
            writer.media_files.append(shutil.copyfile(path, Path(folder) / name))
        file = Path(folder) / ".apkg"
        writer.write_to_file(file, timestamp=now.at / 1000)
        return file.read_bytes()


class _Writer(genanki.Package):  # type: ignore[misc]
    """Everything, as genanki writes it, and what genanki knows nothing of."""

    def __init__(self, leaving: AnkiExport, now: Moment, rollover: int, created: int) -> None:
        self._now = now
        self._rollover = rollover
        self._created = created
        self._log: list[tuple[int, int, tuple[int, ...]]] = []
        self._decay = leaving.parameters[20]
        self._types = {kind: _model(type_of(kind)) for kind in Kind}
        super().__init__([self._deck(deck) for deck in leaving.decks])

    def write_to_db(self, cursor: Cursor, timestamp: float, id_gen: Iterator[int]) -> None:
        """Write the collection."""
        super().write_to_db(cursor, timestamp, id_gen)
        start = (self._created - EPOCH_DAY) * DAY_MS + self._rollover * HOUR_MS
        (conf,) = cursor.execute("SELECT conf FROM col").fetchone()
        settings = json.loads(conf) | {
            "schedVer": 2,
            "sched2021": True,
            "fsrs": True,
            "rollover": self._rollover,
            "creationOffset": -self._now.tz,
            "localOffset": -self._now.tz,
        }
        cursor.execute(
            "UPDATE col SET crt = ?, mod = ?, scm = ?, conf = ?",
            (
                (start - self._now.tz * MINUTE_MS) // 1000,
                self._now.at,
                self._now.at,
                json.dumps(settings),
            ),
        )
        self._write_log(cursor)

    def add(self, cursor: Cursor, row: tuple[int, int, int, int], card: ExportedCard) -> None:
        """Write a card.

        Args:
            cursor: Where to.
            row: Its id, that of its note, that of its deck, and its place among the new cards.
            card: The card.
        """
        number, note, deck, place = row
        state = card.state
        days = max(state.due_day - state.last_day, 1) if state.state is State.REVIEW else 0
        due, ease, queue = place, 0, int(state.state)
        if state.state is State.REVIEW:
            due, ease = state.due_day - self._created, _EASE
        elif state.state is not State.NEW:
            due, queue = state.due_at // 1000, _LEARNING
        if state.state is State.RELEARNING:
            days, ease = 1, _EASE
        if state.suspended:
            queue = _SUSPENDED
        elif state.buried_until > self._now.day:
            queue = _BURIED
        cursor.execute(
            _CARD,
            (
                number, note, deck, card.asked_as, self._now.at // 1000, _UNSENT, int(state.state),
                queue, due, days, ease, state.reps, state.lapses, card.steps_left * 1001, 0, 0,
                state.flag, self._memory(card),
            ),
        )  # fmt: skip
        self._log += [(at, number, values) for at, values in _rows(card)]

    def _memory(self, card: ExportedCard) -> str:
        """Return FSRS's memory of a card as Anki's JSON; empty if it has none."""
        state = card.state
        if not state.stability:
            return ""
        memory = {
            "s": round(state.stability, 4),
            "d": round(state.difficulty, 3),
            "dr": round(card.retention, 2),
            "decay": round(self._decay, 3),
        }
        if card.reviews:
            memory["lrt"] = card.reviews[-1].at // 1000
        return json.dumps(memory, separators=(",", ":"))

    def _write_log(self, cursor: Cursor) -> None:
        last = 0
        for at, card, values in sorted(self._log):
            last = max(at, last + 1)  # no two may have one time
            cursor.execute(_REVIEW, (last, card, _UNSENT, *values))

    def _deck(self, deck: ExportedDeck) -> genanki.Deck:
        number = int.from_bytes(blake2b(deck.id.encode(), digest_size=5).digest(), "big")
        # Of the deck with Anki's own name for its first there must be no second.
        number = 1 if deck.title.casefold() == "default" else (1 << 40) + number
        made = genanki.Deck(number, deck.title, to_html(deck.description))
        for place, note in enumerate(deck.notes, 1):
            made.add_note(self._note(note, place))
        return made

    def _note(self, note: ExportedNote, place: int) -> genanki.Note:
        written = genanki.Note(
            model=self._types[note.kind],
            fields=[_field(note, name) for name in type_of(note.kind).fields],
            tags=[str(tag).translate(_FORBIDDEN_IN_TAGS) for tag in note.fields.get("tags", ())],
            guid=note.guid,
            due=place,
        )
        written.cards = [_Card(self, card) for card in note.cards]
        return written


class _Card(genanki.Card):  # type: ignore[misc]
    """A card that was studied."""

    def __init__(self, writer: _Writer, card: ExportedCard) -> None:
        super().__init__(card.asked_as, card.state.suspended)
        self._writer = writer
        self._card = card

    def write_to_db(
        self,
        cursor: Cursor,
        timestamp: float,  # noqa: ARG002 -- as genanki calls it
        deck_id: int,
        note_id: int,
        id_gen: Iterator[int],
        due: int = 0,
    ) -> None:
        """Write its row."""
        self._writer.add(cursor, (next(id_gen), note_id, deck_id, due), self._card)


def _rows(card: ExportedCard) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The rows of a card in the log: when, then rating, interval, the one before, factor, time."""
    anew = len(card.reviews) - card.state.reps  # answers before the card was last reset
    before = 0
    for number, review in enumerate(card.reviews):
        if number == anew > 0:
            yield review.at - 1, (0, 0, before, 0, 0, _RESET)
            before = 0
        yield review.at, _answer(review, before)
        before = review.interval
    if card.reviews and not card.state.reps:
        yield card.reviews[-1].at + 1, (0, 0, before, 0, 0, _RESET)


def _answer(review: ExportedReview, before: int) -> tuple[int, ...]:
    # The log's types are learning, review and relearning, from 0. Of FSRS the factor is the
    # difficulty, as 100 to 1,100.
    kind = max(review.was - 1, 0)
    factor = round((review.difficulty - 1) / 9 * 1000) + 100
    return review.rating, review.interval, before, factor, review.milliseconds, kind


def _field(note: ExportedNote, name: str) -> str:
    """A field of a note, as Anki gets it."""
    if name == OPTIONS:
        return _options(note)
    value = note.fields.get(name, "")
    if name in MEDIA and name.endswith("image"):
        return "".join(f'<img src="{escape(file)}">' for file in texts_of(value) if file)
    if isinstance(value, list):
        return with_original("<br>".join(map(to_html, value)), "\n".join(value))
    if not value:
        return ""
    if name in MEDIA:
        return f"[sound:{escape(value, quote=False)}]"
    spec = note.kind.spec
    text = numbered(value) if spec.has_gaps and name == spec.prompt else value
    if name == spec.answer and spec.input is Input.TEXT:
        return to_html(text)  # Anki compares it with what is typed
    return with_original(to_html(text), value)


def _options(note: ExportedNote) -> str:
    """Return the options or steps of a note as an HTML list, shuffled the same way every time."""
    spec = note.kind.spec
    said = [note.fields.get(name, []) for name in (spec.answer, spec.wrong)]
    listed = [text for each in said for text in ([each] if isinstance(each, str) else each)]
    chance = random.Random(note.guid)  # noqa: S311 -- a game, not secrecy
    chance.shuffle(listed)
    while listed == said[0] and len(listed) > 1:  # that would be the answer
        chance.shuffle(listed)
    return f"<ul>{''.join(f'<li>{to_html(text)}</li>' for text in listed)}</ul>"


def _model(kind: KindType) -> genanki.Model:
    return genanki.Model(
        kind.id,
        kind.name,
        fields=[{"name": shown_name(name)} for name in kind.fields],
        templates=[
            {"name": name, "qfmt": question, "afmt": answer}
            for name, question, answer in kind.templates
        ],
        css=kind.css,
        model_type=genanki.Model.CLOZE if kind.kind.spec.has_gaps else genanki.Model.FRONT_BACK,
    )


def to_html(text: str) -> str:
    """A text as HTML that says the same: nothing of it is taken for HTML, sound or math of Anki's.

    Args:
        text: Clean, with our markup; in a cloze text the deletions stay.
    """
    if not may_have_markup(text):
        return _shown(text)
    return "".join(
        _inline(tokens(part)) if language is None else f"<pre><code>{_code(part)}</code></pre>"
        for part, language in blocks(text)
    )


def _inline(found: Iterable[Token]) -> str:
    parts = []
    for token in found:
        match token.type:
            case "link_open":
                parts.append(f'<a href="{escape(str(token.attrs["href"]))}">')
            case "image":
                parts.append(_inline(token.children or []))
            case "code_inline":
                parts.append(f"<code>{_code(token.content)}</code>")
            case "formula":
                parts.append(rf"\({escape(token.info, quote=False)}\)")
            case _:
                parts.append(_TAGS.get(token.type) or _shown(token.content.replace("\v", "\n")))
    return "".join(parts)


def _code(text: str) -> str:
    return _ACTIVE.sub(r"\g<0><span></span>", escape(text.replace("\v", "\n"), quote=False))


def _shown(text: str) -> str:
    indented = _INDENT.sub(lambda spaces: "&nbsp;" * len(spaces[0]), _code(text))
    return indented.replace("\n", "<br>")
