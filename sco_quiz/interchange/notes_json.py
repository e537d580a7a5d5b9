"""JSON: decks as the app writes them, CrowdAnki's, quizzes, and lists of questions and answers.

Of foreign JSON the shape is found out: a list of objects whose keys are words for sides, wherever
it lies; pairs of texts; or an object that gives each term its meaning.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.interchange import crowdanki, trivia
from sco_quiz.interchange.hypertext import LONGEST_HTML, to_markup
from sco_quiz.interchange.material import ForeignDeck, ForeignNote, Material, Remark, check_number
from sco_quiz.interchange.records import as_revealed_note, fields_of, is_long
from sco_quiz.interchange.side_words import (
    COLUMNS,
    CORRECT,
    OPTION,
    SEVERAL,
    WRONG,
    is_language,
    meaning_of,
    with_loose,
)
from sco_quiz.library.kinds import as_value, every_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sco_quiz.interchange.material import Field

_Object = dict[str, object]
_BEGINS = re.compile(r'\s*(?:\{\s*["}]|\[\s*(?:[\[{"]))')
_MOST_VALUES = 1_000_000
"""Objects and lists; each takes some 100 bytes of memory."""
_HTML = re.compile(
    r"</?(?:br|b|i|u|p|div|span|em|strong|ul|ol|li|sub|sup|code|pre)\b[^<>]*>"
    r"|&(?:amp|lt|gt|quot|nbsp|ldquo|rdquo|[a-z]{3,8}|#x?[0-9a-f]{2,5});"
)
_TITLES = ("title", "name", "deck", "topic", "category", "set", "subject", "chapter")
_RIGHT = (
    "correct",
    "iscorrect",
    "is_correct",
    "isCorrect",
    "right",
    "isRight",
    "isAnswer",
    "is_right",
)
_TEXTS = (
    "text",
    "answer",
    "option",
    "content",
    "value",
    "label",
    "title",
    "body",
    "answerText",
    "name",
)
_NAMING = ("id", "_id", "label", "key", "letter", "optionId", "option_id")
"""Keys by which an option is named."""
_ABOUT = ("description", "language", "prompt_language")
"""Fields of a deck besides its title and notes."""
_NO_SIDES = frozenset({"-", "deck", "notetype", "key", "tags"})
_DEEPEST = 12
_SIDES = frozenset({
    "front", "back", "question", "answer", "answers", "text", "statement", "list", "order",
    "choices", OPTION, WRONG, CORRECT,
})  # fmt: skip


def fits(text: str) -> bool:
    """Tell whether a text begins as JSON does."""
    return _BEGINS.match(text) is not None


def write(decks: Iterable[ForeignDeck]) -> str:
    """Decks as one object: `decks`, each with its `title`, what `_ABOUT` names, and `notes`."""
    rows = [
        {
            "title": deck.title,
            **{name: told for name in _ABOUT if (told := getattr(deck, name))},
            "notes": [note.fields for note in deck.notes],
        }
        for deck in decks
    ]
    return json.dumps({"decks": rows}, ensure_ascii=False, indent=2) + "\n"


def read(text: str, path: Path = Path("deck.json")) -> Material:
    """The notes in some JSON.

    Raises:
        DeckError: It is none, or has no notes in a shape that is known.
    """
    value = _parsed(text, path.name)
    for reader in (_own, trivia.read):
        if (material := reader(value)) is not None:
            return material
    if (material := crowdanki.read(value, path.parent)) is not None:
        return material
    found = _Finder()
    found.search(value, "", 0)
    if not found.decks and not found.material.skipped:
        raise DeckError(
            f"{path.name} is JSON, but has no list of questions and answers that is known here",
            'known are lists of {"question": …, "answer": …} and the like',
        )
    found.material.decks = found.decks
    return found.material


def _parsed(text: str, name: str) -> object:
    """Return the value of JSON, or a list of the values of its lines."""
    if text.count("{") + text.count("[") > _MOST_VALUES:
        raise DeckError(f"{name} has more than {_MOST_VALUES:,} values", "split it into parts")
    try:
        return json.loads(text)
    except RecursionError:
        raise DeckError(f"{name} is not JSON: it is nested too deeply", "export it again") from None
    except ValueError as error:
        reason = str(error)
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise DeckError(f"{name} is not JSON: {reason}", "export it again") from None


def _own(data: object) -> Material | None:
    """The decks of an object as `write` makes it; None if it is none."""
    rows = data.get("decks") if isinstance(data, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    if not all(_is_own(row) for row in rows):
        return None
    material = Material()
    for row in rows:
        title = str(row.get("title", ""))
        listed = row.get("notes")
        notes: list[ForeignNote] = []
        given = listed if isinstance(listed, list) else []
        check_number(len(given))
        for number, fields in enumerate(given, 1):
            where = f"note {number}"
            if not isinstance(fields, dict):
                material.skipped.append(Remark(where, "it is not an object"))
                continue
            known = {name: value for name, value in fields.items() if name in every_field()}
            for name in fields.keys() - known.keys():
                material.lossy.append(Remark(where, f"there is no field `{name[:40]}`"))
            said = {name: _value(name, value) for name, value in known.items()}
            notes.append(ForeignNote(said, str(said.get("id", "")), where))
        description, language, prompt_language = (str(row.get(name, "")) for name in _ABOUT)
        material.decks.append(
            ForeignDeck(title, notes, description, language, prompt_language=prompt_language)
        )
    return material


def _is_own(row: _Object) -> bool:
    notes = row.get("notes", [])
    return isinstance(notes, list) and "cards" not in row


def _value(name: str, value: object) -> str | list[str]:
    if not every_field()[name].several:
        return _text(value)
    texts = [_text(each) for each in (value if isinstance(value, list) else [value])]
    return as_value(name, texts)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return next((_text(value[name]) for name in _TEXTS if name in value), "")
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    return "" if value is None else str(value)


class _Finder:
    """Looks for lists of notes, wherever they are.

    Attributes:
        decks: What was found.
        material: What is left behind.
    """

    def __init__(self) -> None:
        self.decks: list[ForeignDeck] = []
        self.material = Material()
        self._number = 0

    def search(self, value: object, title: str, depth: int) -> None:
        """Take the notes in a value and in what lies in it."""
        if depth > _DEEPEST:
            return
        if isinstance(value, list):
            objects = [_flat(each) for each in value if isinstance(each, dict)]
            if objects and _is_sided(objects):
                self._take(objects, title)
            elif len(objects) > 1 and all(each.keys() == objects[0].keys() for each in objects):
                self._alike(objects, title, depth)
            elif (pairs := _pairs(value)) is not None:
                self._take([{"front": one, "back": other} for one, other in pairs], title)
            else:
                for each in value:
                    self.search(each, title, depth + 1)
        elif isinstance(value, dict):
            own = next(
                (str(value[name]) for name in _TITLES if isinstance(value.get(name), str)), ""
            )
            title = f"{title}::{own}" if title and own else title or own
            inner = {
                key: each for key, each in value.items() if isinstance(each, dict | list) and each
            }
            texts = {key: each for key, each in value.items() if isinstance(each, str)}
            if not inner and depth and _is_sided([value]):
                self._take([value], title)
            elif not inner and len(texts) == len(value) > 1 and not _is_sided([value]):
                self._take([{"front": key, "back": each} for key, each in texts.items()], title)
            elif (
                inner
                and all(isinstance(each, dict) for each in inner.values())
                and _is_sided([each for each in inner.values() if isinstance(each, dict)])
            ):
                self._take([each for each in inner.values() if isinstance(each, dict)], title)
            else:
                for key, each in inner.items():
                    plain = meaning_of(key) in COLUMNS or key.casefold() in _WRAPPERS
                    below = key if not plain and len(inner) > 1 else ""
                    self.search(
                        each, f"{title}::{below}" if title and below else title or below, depth + 1
                    )

    def _alike(self, rows: Sequence[_Object], title: str, depth: int) -> None:
        """Take objects whose keys are the same, but no words for sides: if there are two texts."""
        texts = [
            key
            for key, meaning in _meanings(rows[0]).items()
            if meaning not in _NO_SIDES
            and key.casefold() not in {"id", "_id"}
            and all(isinstance(row[key], str) for row in rows)
        ]
        if len(texts) == 2:
            one, other = reversed(texts) if meaning_of(texts[0]) == "back" else texts
            self._take([{"front": row[one], "back": row[other]} for row in rows], title)
            return
        for row in rows:
            inner = [each for each in row.values() if isinstance(each, dict | list)]
            self.search(inner, title, depth + 1)

    def _take(self, rows: Sequence[Mapping[str, object]], title: str) -> None:
        keys = dict.fromkeys(key for row in rows for key in row)
        meanings = _meanings(keys)
        from_zero = _counts_from_zero(rows, meanings)
        decks: dict[str, list[ForeignNote]] = {}
        left: dict[str, int] = {}
        for row in rows:
            self._number += 1
            check_number(self._number)
            where = f"note {self._number}"
            said: dict[str, Field] = {}
            names: dict[str, str] = {}
            key = deck = ""
            for name, value in row.items():
                meaning = meanings[name]
                if meaning == "key" or name in {"id", "_id"}:
                    key = _text(value) if isinstance(value, str | int) else ""
                elif meaning == "deck":
                    deck = _text(value)
                elif meaning in COLUMNS and meaning not in {"-", "notetype"}:
                    names |= _names_of_options(meaning, value)
                    _add(said, meaning, value)
                elif value not in (None, "", [], {}):
                    left[name] = left.get(name, 0) + 1
            fields = self._fields(_resolved(said, names), from_zero=from_zero, where=where)
            if set(fields) - {"tags"}:
                decks.setdefault(deck or title, []).append(ForeignNote(fields, key, where))
            else:
                self.material.skipped.append(Remark(where, "it has no question with an answer"))
        for name, count in left.items():
            self.material.lossy.append(
                Remark(f"`{name[:40]}`", f"left out, in {count:,}: nothing says what it holds")
            )
        self.decks += [ForeignDeck(name, notes) for name, notes in decks.items()]

    def _fields(self, said: dict[str, Field], *, from_zero: bool, where: str) -> dict[str, Field]:
        shown: dict[str, Field] = {}
        for name, value in said.items():
            texts = [value] if isinstance(value, str) else value
            made = [self._shown(each, where) for each in texts]
            shown[name] = made[0] if isinstance(value, str) else as_value(name, made)
        fields = fields_of(shown, from_zero=from_zero)
        if set(fields) >= {"question", "answer"} and "choices" not in fields:
            return as_revealed_note(fields) if is_long(fields["answer"]) else fields
        if isinstance(several := fields.get("answers"), list) and "choices" not in fields:
            del fields["answers"]
            fields["answer"], *others = several or [""]
            fields |= {"accept": others} if others else {}
        return fields

    def _shown(self, text: str, where: str) -> str:
        if not _HTML.search(text) or len(text) > LONGEST_HTML:
            return text
        converted = to_markup(text)
        self.material.lossy += [
            Remark(where, f"{what} is not kept") for what in sorted(converted.lost)
        ]
        return converted.text


_WRAPPERS = frozenset({
    "cards", "flashcards", "flashcard", "items", "data", "results", "quiz", "quizzes", "entries",
    "vocabulary", "list", "set", "sets", "decks", "content", "records", "words", "terms",
})  # fmt: skip


def _flat(row: _Object) -> _Object:
    """An object whose question is an object with the choices in it, as one."""
    for key, value in row.items():
        if (
            isinstance(value, dict)
            and meaning_of(key) == "question"
            and {meaning_of(name) for name in value} & {"choices", OPTION, "question"}
        ):
            return value | {name: each for name, each in row.items() if name != key}
    return row


def _names_of_options(meaning: str, value: object) -> dict[str, str]:
    """The options by what names them: their keys, or the `id` or `label` of each."""
    if meaning not in {"choices", OPTION, "answers"}:
        return {}
    if isinstance(value, dict):
        return {key.casefold(): _text(each) for key, each in value.items()}
    listed = value if isinstance(value, list) else []
    return {
        str(each[name]).casefold(): _text(each)
        for each in listed
        if isinstance(each, dict)
        for name in _NAMING
        if isinstance(each.get(name), str | int) and _text(each) != each[name]
    }


def _resolved(said: dict[str, Field], names: Mapping[str, str]) -> dict[str, Field]:
    """Return all that is known of a note, with the options that its answer names."""
    if CORRECT in said and "answers" in said and OPTION not in said:
        said[OPTION] = said.pop("answers")
    for meaning in (CORRECT, "answer"):
        given = said.get(meaning, "")
        listed = [given] if isinstance(given, str) else given
        meant = [names.get(each.strip().casefold(), "") for each in listed]
        if names and all(meant):
            said[meaning] = meant
            break
    return said


def _is_sided(rows: Sequence[Mapping[str, object]]) -> bool:
    """Tell whether keys of objects are words for what is asked and for what is right."""
    keys = dict.fromkeys(key for row in rows[:50] for key in row)
    known = set(_meanings(keys).values()) & _SIDES
    return ("text" in known and len(known) == 1 and len(keys) == 1) or bool(
        known & {"front", "question", "statement", "text"} and len(known) > 1
    )


def _meanings(keys: Iterable[str]) -> dict[str, str]:
    """The meaning of each key."""
    keys = list(keys)
    found = dict(zip(keys, with_loose([meaning_of(key) for key in keys]), strict=True))
    grouping = {"category", "difficulty"} if CORRECT in found.values() else {"category"}
    found |= {key: "tags" for key, meaning in found.items() if meaning in grouping}
    languages = [key for key in found if found[key] not in COLUMNS and is_language(key)]
    for key, side in zip(languages, ("front", "back"), strict=False):
        if side not in found.values():
            found[key] = side
    if "answer" in found.values() and (
        letters := [key for key in found if len(key) == 1 and found[key] in {OPTION, "answer"}]
    ):
        found |= dict.fromkeys(letters, OPTION if len(letters) > 1 else "answer")
    taken: dict[str, str] = {}
    for key, meaning in found.items():
        if meaning in {"front", "question"} and meaning in taken.values():
            found[key] = "explain"
        taken[key] = found[key]
    return found


def _add(said: dict[str, Field], meaning: str, value: object) -> None:
    """Note what a key of an object holds."""
    if meaning in {"choices", OPTION, "answers"} and isinstance(value, list | dict):
        _add_options(said, meaning, value)
        return
    if meaning == CORRECT and isinstance(value, dict):  # {"answer_a_correct": "true", …}
        value = [
            key.removesuffix("_correct") for key, each in value.items() if each in (True, "true")
        ]
    several = meaning in SEVERAL or (meaning in every_field() and every_field()[meaning].several)
    texts = [_text(each) for each in value] if isinstance(value, list) else [_text(value)]
    if meaning == "tags" and len(texts) == 1:
        texts = [each.strip() for each in re.split("[,;]", texts[0])]
    texts = list(dict.fromkeys(text for text in texts if text.strip()))
    if not texts:
        return
    before = said.get(meaning)
    if several or (meaning in {"answer", CORRECT} and isinstance(value, list)):
        said[meaning] = list(dict.fromkeys([*(before if isinstance(before, list) else []), *texts]))
    elif isinstance(before, list):
        said[meaning] = list(dict.fromkeys([*before, *texts]))
    elif isinstance(before, str):
        said[meaning] = "\n".join([before, *texts])
    else:
        said[meaning] = "\n".join(texts)


def _add_options(said: dict[str, Field], meaning: str, value: list[object] | _Object) -> None:
    """Note what there is to choose from: texts, or objects that say which is right."""
    listed = list(value.values()) if isinstance(value, dict) else value
    texts = [_text(each) for each in listed]
    graded = [
        next((each[name] for name in _RIGHT if name in each), None)
        for each in listed
        if isinstance(each, dict)
    ]
    if any(grade is not None for grade in graded):
        said[OPTION] = texts
        said[CORRECT] = [
            text for text, grade in zip(texts, graded, strict=False) if grade in (True, 1, "true")
        ]
    elif isinstance(value, dict):
        said[OPTION] = texts
    elif meaning == "answers" and all(isinstance(each, str | int | float) for each in listed):
        said["answers"] = texts
    else:
        said[OPTION] = texts


def _counts_from_zero(rows: Sequence[Mapping[str, object]], meanings: Mapping[str, str]) -> bool:
    """Tell whether the numbers of right options begin with 0: one is, or none is the last one."""
    numbers = []
    for row in rows:
        most = 0
        right: object = None
        for key, value in row.items():
            if meanings[key] in {"choices", OPTION, "answers"} and isinstance(value, list | dict):
                most = len(value)
            elif meanings[key] in {"answer", CORRECT}:
                right = value
        numbers += [
            (each, most)
            for each in (right if isinstance(right, list) else [right])
            if isinstance(each, int) and not isinstance(each, bool)
        ]
    if any(number == 0 for number, _ in numbers):
        return True
    return bool(numbers) and not any(number >= most > 0 for number, most in numbers)


def _pairs(value: Sequence[object]) -> Iterator[tuple[str, str]] | None:
    """The pairs of a list that has nothing else; None if it has."""
    if not value or not all(
        isinstance(each, list) and len(each) >= 2 and all(isinstance(one, str) for one in each[:2])
        for each in value
    ):
        return None
    return ((each[0], each[1]) for each in value if isinstance(each, list))
