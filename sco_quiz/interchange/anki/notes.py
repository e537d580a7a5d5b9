"""Convert notes of Anki's into notes of a deck.

A note of Anki's is fields and a card for each template of its type. What such a card shows is made
into a question and an answer, whatever the templates look like. A cloze becomes a cloze, cards of
which one is the other turned round become one note, and every other card is a note of its own.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.interchange.anki.kind_types import read_known_note
from sco_quiz.interchange.anki.sides import Sides
from sco_quiz.interchange.anki.templates import TemplateError
from sco_quiz.interchange.cloze import as_own_cloze, cloze_of_group, is_cloze
from sco_quiz.interchange.hypertext import Converted
from sco_quiz.interchange.material import ForeignHistory, ForeignNote, Remark, placed
from sco_quiz.interchange.shelf import side_text
from sco_quiz.learning.cloze import ClozeError, read_cloze

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sco_quiz.interchange.anki.collection import CardRow, CardTemplates, NoteRow, NoteType
    from sco_quiz.interchange.anki.kind_types import KnownNote
    from sco_quiz.interchange.material import Field
    from sco_quiz.interchange.shelf import Shelf

_HIDES_IMAGES = re.compile(r"image occlusion", re.IGNORECASE)
_STRAY = re.compile(r"\{\{(?!c[0-9]+::)")
_TAG = re.compile(r"</?[a-z][^<>]*(?:>|\Z)", re.IGNORECASE)
_UNSEEN = re.compile(
    r"<(style|script)\b.*?(?:</\1>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL
)
_LONGEST_WHERE = 2_000
"""Characters by which a note is named."""


class _Face(NamedTuple):
    """A card.

    Attributes:
        card: What is known of it.
        question: What it asks.
        answer: What its other side has besides.
        typed: What is to be typed; empty if nothing is.
        hint: What it shows on request.
    """

    card: CardRow
    question: Converted
    answer: Converted
    typed: str = ""
    hint: str = ""


class AnkiNoteReader:
    """Makes notes.

    Attributes:
        skipped: What is left behind.
        lossy: What comes along, but not all of it.
    """

    def __init__(
        self,
        types: Mapping[int, NoteType],
        shelf: Shelf,
        history: Callable[[CardRow], ForeignHistory] = lambda _: ForeignHistory(),
    ) -> None:
        """Make notes of some types, with their files, and with what was done with each card."""
        self.skipped: list[Remark] = []
        self.lossy: list[Remark] = []
        self._types = types
        self._sides = Sides(shelf)
        self._history = history

    def notes_of(self, row: NoteRow, cards: Sequence[CardRow], deck: str) -> list[ForeignNote]:
        """Convert a note of Anki's into notes of a deck.

        Raises:
            DeckError: All notes together are too long.
        """
        where = _where(row)
        kind = self._types.get(row.type)
        if kind is None or not cards:
            reason = "it has no cards" if kind else "its note type is not there"
            self.skipped.append(Remark(where, reason))
            return []
        if _HIDES_IMAGES.match(kind.name) and not any(map(_has_gaps, kind.templates.values())):
            self.skipped.append(Remark(where, f"{kind.name[:60]}: it hides parts of an image"))
            return []
        values = dict.fromkeys(kind.fields, "")
        values |= dict(zip(kind.fields, row.fields.split("\x1f"), strict=False))
        values |= {
            "Tags": row.tags.strip(), "Type": kind.name, "Deck": deck, "CardFlag": "",
            "Subdeck": deck.rpartition("::")[2], "CardID": "", "FrontSide": "",
        }  # fmt: skip
        self._sides.lost()
        making = _Making(row, where, kind, values, sorted(cards, key=lambda card: card.order))
        own = read_known_note(kind.name, values, self._sides.side)
        try:
            if own is not None:
                notes = [self._own(making, own)]
            else:
                notes = self._cloze(making) if kind.cloze else self._plain(making)
        except TemplateError as error:
            self.skipped.append(Remark(where, str(error)))
            return []
        self.lossy += placed(where, self._sides.lost())
        return notes

    def _own(self, making: _Making, own: KnownNote) -> ForeignNote:
        by_order = {card.order: card for card in making.cards}
        fields = own.fields | self._sides.files(own.question, own.answer)
        return self._note(
            making, fields, making.key(None), [by_order.get(each) for each in own.orders]
        )

    def _plain(self, making: _Making) -> list[ForeignNote]:
        """The notes of cards that have a template each."""
        faces = []
        for card in making.cards:
            template = making.kind.templates.get(card.order)
            if template is None:
                self._skip(making, card, "its template is not there")
                continue
            values = making.values | {"Card": template.name}
            made = self._sides.render(template.question, values)
            question = self._sides.side(made.html)
            answer = self._sides.answer(template.answer, values, question)
            typed = "".join(self._sides.side(values.get(name, "")).text for name in made.typed[:1])
            hints = self._sides.side("<br>".join(made.hints)).text
            hint = "\n".join(each for each in (hints, question.hidden) if each)
            question = question._replace(hidden="")
            faces.append(_Face(card, question, answer, typed, hint))
        return self._paired(making, _without_common(faces))

    def _paired(self, making: _Making, faces: Sequence[_Face]) -> list[ForeignNote]:
        """Cards of which one is the other turned round as one note."""
        notes = []
        turned = {(each.answer, each.question): each for each in faces if not each.typed}
        done = set()
        for each in faces:
            order = each.card.order
            if order in done:
                continue
            done.add(order)
            other = None if each.typed else turned.get((each.question, each.answer))
            if other is not None and other.card.order in done:
                other = None
            pair = [each] if other is None else [each, other]
            done |= {one.card.order for one in pair}
            fields = self._fields_of(making, each)
            if fields is None:
                continue
            if other is not None:
                fields["reverse"] = "true"
            key = making.key(order or None)
            notes.append(self._note(making, fields, key, [one.card for one in pair]))
        return notes

    def _fields_of(self, making: _Making, face: _Face) -> dict[str, Field] | None:
        question, answer, typed = face.question, face.answer, face.typed
        fields: dict[str, Field] = {}
        if not side_text(question) or not (side_text(answer) or typed):
            empty = "answer" if side_text(question) else "question"
            self._skip(making, face.card, f"its {empty} is empty")
            return None
        if typed and "\n" not in typed:
            fields |= {"question": side_text(question), "answer": typed}
            if answer.text not in {"", typed}:
                fields["explain"] = answer.text
        else:
            fields |= {"front": side_text(question), "back": side_text(answer) or typed}
        if face.hint:
            fields["hint"] = face.hint
        return fields | self._sides.files(question, answer)

    def _cloze(self, making: _Making) -> list[ForeignNote]:
        """The notes of cards that are deletions of a text; one note, if ours can be like that."""
        template = next(iter(making.kind.templates.values()), None)
        if template is None:
            self.skipped.append(Remark(making.where, "its template is not there"))
            return []
        orders = {card.order for card in making.cards}
        values = making.values | {"Card": template.name}
        every = values | {f"c{order + 1}": "1" for order in orders}
        made = self._sides.render(template.question, every)
        if "image-occlusion:" in made.html:
            self.skipped.append(Remark(making.where, "it hides parts of an image"))
            return []
        question = self._sides.side(made.html)
        extra = self._sides.answer(template.answer, every, question, cloze=lambda _: "")
        text, numbers = _as_ours(question.text)
        notes = []
        whole: dict[str, Field] = {"text": text}
        if numbers:
            if extra.text:
                whole["explain"] = extra.text
            if hint := self._sides.side("<br>".join(made.hints)).text:
                whole["hint"] = hint
            whole |= self._sides.files(question, extra)
            by_number = {card.order + 1: card for card in making.cards}
            asked_of = [by_number.get(number) for number in numbers]
            notes.append(self._note(making, whole, making.key(None), asked_of))
        for card in making.cards:
            if card.order + 1 not in numbers:
                notes += self._deletion(making, card, template.question, values, extra)
        return notes

    def _deletion(
        self,
        making: _Making,
        card: CardRow,
        template: str,
        values: Mapping[str, str],
        extra: Converted,
    ) -> list[ForeignNote]:
        """A deletion that no cloze text of ours has, as a note that is thought about."""
        group = card.order + 1
        answers: list[str] = []

        def blanked(text: str) -> str:
            self._sides.work(len(text))
            card = cloze_of_group(text, group)
            answers.extend(card.answers)
            return card.question

        made = self._sides.render(template, {**values, f"c{group}": "1"}, blanked)
        question, answer = self._sides.side(made.html), self._sides.side("<br>".join(answers))
        if not side_text(answer) or not side_text(question):
            self._skip(making, card, "it asks nothing")
            return []
        fields: dict[str, Field] = {"front": side_text(question), "back": side_text(answer)}
        if extra.text:
            fields["explain"] = extra.text
        besides = Converted(
            "", images=answer.images + extra.images, sounds=answer.sounds + extra.sounds
        )
        fields |= self._sides.files(question, besides)
        return [self._note(making, fields, making.key(card.order), [card])]

    def _note(
        self,
        making: _Making,
        fields: dict[str, Field],
        key: str,
        cards: Sequence[CardRow | None],
    ) -> ForeignNote:
        if tags := making.row.tags.split():
            fields["tags"] = list(dict.fromkeys(tags))
        known = tuple(self._history(card) if card else ForeignHistory() for card in cards)
        return ForeignNote(fields, key, making.where, known if any(map(any, known)) else ())

    def _skip(self, making: _Making, card: CardRow, reason: str) -> None:
        self.skipped.append(Remark(f"{making.where}, card {card.order + 1}", reason))


def _without_common(faces: Sequence[_Face]) -> Sequence[_Face]:
    """Two cards whose sides are the same but for what stands above them, without that."""
    if len(faces) != 2 or any(face.typed for face in faces):
        return faces
    one, other = faces
    asked = one.question.text.split("\n"), other.question.text.split("\n")
    common = {line for line in asked[0] if line in asked[1]}
    if not common:
        return faces
    bare = ["\n".join(line for line in lines if line not in common) for lines in asked]
    if bare != [other.answer.text, one.answer.text] or not all(bare):
        return faces
    return [
        face._replace(question=face.question._replace(text=text))
        for face, text in zip(faces, bare, strict=True)
    ]


class _Making(NamedTuple):
    """A note that is being made.

    Attributes:
        row: The note of Anki's.
        where: Which one it is, in words.
        kind: Its type.
        values: Its fields and what else its templates can name.
        cards: Its cards, by their numbers.
    """

    row: NoteRow
    where: str
    kind: NoteType
    values: dict[str, str]
    cards: Sequence[CardRow]

    def key(self, order: int | None) -> str:
        """Return the identifier of the note, or of the note made of one of its cards."""
        guid = self.row.guid
        return guid if order is None or not guid else f"{guid}:{order}"


def _has_gaps(template: CardTemplates) -> bool:
    """Tell whether a template is one of Anki's own, which asks deletions."""
    return "image-occlusion:" in template.question or "cloze:" in template.question


def _where(row: NoteRow) -> str:
    written = _UNSEEN.sub(" ", row.fields[:_LONGEST_WHERE].replace("\x1f", " "))
    words = " ".join(html.unescape(_TAG.sub(" ", written)).split())
    return f"“{words[:40]}…”" if len(words) > 40 else f"“{words}”"


def _as_ours(text: str) -> tuple[str, list[int]]:
    """A cloze text as ours, and the numbers of what it asks, in order; none if it cannot be."""
    if not is_cloze(text):
        return text, []
    ours = _STRAY.sub("{ {", as_own_cloze(text)[0])
    try:
        blanks = read_cloze(ours).blanks
    except ClozeError:
        return text, []
    return ours, [int(blank.variant[1:]) for blank in blanks]
