"""Makes cards of the notes of a deck: finds the kind, the sound fields and the key of each note."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import ValidationError, convert

from sco_quiz.learning.cards import NO_MEDIA, Card, CardMedia, keys_of, normal_prompt
from sco_quiz.library.citations import Citations
from sco_quiz.library.diagnostics import did_you_mean, quote
from sco_quiz.library.kinds import COMMON, NOTE_KEYS, SHAPES, WAYS_TO_ASK, kind_of, texts_of
from sco_quiz.library.nodes import MappingNode, has_blank
from sco_quiz.library.questions import Questions, ask, block, identifier, line, lines
from sco_quiz.library.schema import NOTES, Note
from sco_quiz.library.validation import salvage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sco_quiz.learning.kinds import Kind
    from sco_quiz.library.diagnostics import Problems
    from sco_quiz.library.nodes import Node
    from sco_quiz.library.schema import Header

_NOTE_KEYS = frozenset(NOTE_KEYS)


class NoteReader:
    """Reads the notes of one deck.

    Attributes:
        cards: The cards of the notes read so far that have no error.
        lines: For each card, the line at which its note starts.
    """

    def __init__(self, header: Header, root: MappingNode, problems: Problems) -> None:
        """Prepare to read the notes of the deck with this header, which was read from `root`."""
        self.cards: list[Card] = []
        self.lines: list[int] = []
        self._deck = header.id
        self._language = header.language.strip()
        self._prompt_language = header.prompt_language.strip() or self._language
        self._problems = problems
        self._citations = Citations(header.sources, problems)
        self._kinds: dict[tuple[str, ...], Kind | None] = {}
        self._ids: dict[str, int] = {}
        self._prompts: dict[tuple[str, ...], tuple[int, Questions | None]] = {}
        self._twins: dict[tuple[str, ...], dict[tuple[str, ...], int]] = {}

        defaults = header.defaults
        node = root.get("defaults")
        self._tags = lines(defaults.tags)
        self._category = line(defaults.category)
        self._strict = defaults.strict == "true"
        self._as_of = self._source = ""
        if isinstance(node, MappingNode):
            self._as_of = self._checked_date(defaults.as_of, node)
            if defaults.source:
                self._source = self._citations.show(defaults.source, node)

    def read(self, node: MappingNode) -> None:
        """Read a note."""
        kind, note = self._kind_and_fields(node)
        if note is None or kind is None:
            return
        place, _ = self._problems.lines.position(node.start)
        questions = ask(kind, note, node, self._problems)
        name = note.id and self._unique_id(note.id, node, place)
        as_of = (note.as_of and self._checked_date(note.as_of, node)) or self._as_of
        source = (note.source and self._citations.show(note.source, node)) or self._source
        if questions is None or self._is_broken(node):
            return
        media = _media_of(note)
        identity = self._identity(kind, name, questions, media, node, place)
        if not identity:
            return
        tags = self._tags
        if note.tags:
            tags = tuple(dict.fromkeys(tags + lines(note.tags)))
        strict = self._strict if questions.strict is None else questions.strict
        category = (note.category and line(note.category)) or self._category
        key, keys = keys_of(identity, [variant for variant, _, _ in questions.cards])
        for own_key, (variant, prompt, answers) in zip(keys, questions.cards, strict=True):
            card = Card(
                own_key, key, self._deck, kind, prompt, answers,
                questions.choices, questions.accept, strict,
                self._prompt_language if variant == "reverse" else self._language,
                note.hint and block(note.hint), note.explain and block(note.explain), source, as_of,
                category, tags,
                media.turned() if variant == "reverse" else media,
            )  # fmt: skip
            self.cards.append(card)
            self.lines.append(place)

    def _kind_and_fields(self, node: MappingNode) -> tuple[Kind | None, Note | None]:
        """Return the kind of a note, and its sound fields as a struct."""
        keys = tuple(node)
        if keys not in self._kinds:
            self._kinds[keys] = kind_of(keys)
        kind = self._kinds[keys]
        if kind is None:
            kind = _nearest(node, self._problems)
            struct, advice = (NOTES[kind], "") if kind else (Note, WAYS_TO_ASK)
            return kind, salvage(node, struct, self._problems, settled=_NOTE_KEYS, advice=advice)
        values: dict[str, Node] = node
        if "" in node.values():
            values = {key: value for key, value in node.items() if value != ""}
        try:
            if not has_blank(values.values()):
                return kind, convert(values, NOTES[kind])
        except ValidationError:
            pass  # `salvage` says of what
        return kind, salvage(node, NOTES[kind], self._problems, settled=_NOTE_KEYS)

    def _is_broken(self, node: MappingNode) -> bool:
        problems = self._problems
        return bool(problems.found) and problems.errors_within(node.start, node.end)

    def _unique_id(self, written: str, node: MappingNode, place: int) -> str:
        """Return the id of the note on a line; an id that another note has is a problem."""
        name = identifier(written)
        if name in self._ids:
            _, start, end = node.spot("id")
            self._problems.add(
                "E304", f"the id {quote(name)} belongs to the note on line {self._ids[name]}",
                start, end, help="give each note an id of its own",
            )  # fmt: skip
        self._ids.setdefault(name, place)
        return name

    def _identity(
        self,
        kind: Kind,
        name: str,
        questions: Questions,
        media: CardMedia,
        node: MappingNode,
        place: int,
    ) -> tuple[str, ...]:
        """Return the parts that make the keys of a note's cards; empty if it repeats another note.

        A note without an id is identified by its prompt, with its images and recording, and by
        nothing else, so that its history survives every other edit. Where several notes have one
        prompt, the later ones are identified by their answers too.
        """
        by_prompt: tuple[str, ...] = (
            "prompt", self._deck, kind, normal_prompt(questions.prompt),
        )  # fmt: skip
        if media.image or media.audio:
            by_prompt += (media.image, media.audio)
        by_id = ("id", self._deck, name) if name else None
        if by_prompt not in self._prompts:
            self._prompts[by_prompt] = place, None if by_id else questions
            return by_id or by_prompt
        first_line, first = self._prompts[by_prompt]
        answers = _answers(questions)
        # The lines of the notes with this prompt and without an id, by their answers.
        twins = self._twins.setdefault(by_prompt, {_answers(first): first_line} if first else {})
        spot = node.spot(kind.spec.prompt)
        if by_id is None and answers in twins:
            self._problems.add(
                "W402", f"this repeats the note on line {twins[answers]}, and is left out",
                spot.start, spot.end, help="delete one of them",
            )  # fmt: skip
            return ()
        self._problems.add(
            "W401", f"the note on line {first_line} has the same prompt", spot.start, spot.end,
            help="say what tells them apart, or give them ids",
        )  # fmt: skip
        if by_id is not None:
            return by_id
        identity = (*by_prompt, *answers) if twins else by_prompt
        twins[answers] = place
        return identity

    def _checked_date(self, text: str, node: MappingNode) -> str:
        """Return a date, or note that the calendar does not have it."""
        day = text.strip()
        if len(day) > len("2024-10"):
            try:
                date.fromisoformat(day)
            except ValueError:
                self._problems.add(
                    "E208", f"there is no day {quote(day)}", *node.spot("as_of")[1:],
                    help="check the month and the day",
                )  # fmt: skip
                return ""
        return day


def _media_of(note: Note) -> CardMedia:
    if not (note.image or note.audio or note.answer_image or note.answer_audio):
        return NO_MEDIA
    fields = (note.image, note.audio, note.answer_image, note.answer_audio)
    return CardMedia(*("\n".join(dict.fromkeys(map(line, texts_of(field)))) for field in fields))


def _answers(questions: Questions) -> tuple[str, ...]:
    """Return the answers that tell notes with one prompt apart."""
    return tuple(normal_prompt(answer) for _, _, answers in questions.cards for answer in answers)


def _nearest(node: MappingNode, problems: Problems) -> Kind | None:
    """Return the nearest kind for a note that fits none; note the missing and surplus keys.

    A misspelt key counts as the one it is similar to; callers report the spelling. None if no key
    makes the note ask something.
    """
    keys = list(islice(node, 64))  # the others would only cost time
    intended_keys = {
        key: key if key in _NOTE_KEYS else did_you_mean(key, _NOTE_KEYS) for key in keys
    }
    known_keys = frozenset(key for key in intended_keys.values() if key is not None) - set(COMMON)
    distances = {
        kind: len(shape.lacks(known_keys)) + len(shape.excludes(known_keys))
        for kind, shape in SHAPES.items()
        if not known_keys.isdisjoint(shape.needed)
    }
    if not distances:
        problems.add("E301", "this note asks nothing", node.start, help=WAYS_TO_ASK)
        return None
    kind = min(distances, key=distances.__getitem__)
    shape = SHAPES[kind]
    first = next(key for key in keys if intended_keys[key] in shape.needed)
    way_out = f"{kind.word} notes have {_listed(shape.needed)}"
    if optional := [key for key in shape.own if key not in shape.needed]:
        way_out += f" and may have {_listed(optional)}"
    if lacking := shape.lacks(known_keys):
        at = node.spot(first).key
        problems.add(
            "E302", f"{quote(first)} without {_listed(lacking)}", at, at + len(first), help=way_out
        )
    if extra := shape.excludes(key for key in keys if key in known_keys):
        at = node.spot(extra[0]).key
        own_keys = [key for key in keys if key in shape.own]
        beside = next((key for key in own_keys if not _fit_a_kind(key, extra[0])), first)
        problems.add(
            "E303", f"{_listed(extra)} cannot stand beside {quote(beside)}", at, at + len(extra[0]),
            help=way_out,
        )  # fmt: skip
    return kind


def _fit_a_kind(*keys: str) -> bool:
    return any(not shape.excludes(keys) for shape in SHAPES.values())


def _listed(keys: Iterable[str]) -> str:
    *others, last = (f"`{key}`" for key in keys)
    return f"{', '.join(others)} and {last}" if others else last
