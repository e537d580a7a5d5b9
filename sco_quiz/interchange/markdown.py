"""Cards in Markdown whose lines say what they hold: `Q:` and `A:`, `C:` with gaps, and others.

It is what hashcards and repeater read, and what decks are exported as. Foreign files also have
`**Q:**` and `Q1.`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.interchange.cloze import as_own_cloze
from sco_quiz.interchange.markdown_text import (
    ITEM,
    RULE,
    Files,
    fence_after,
    heading_of,
    in_fences,
    is_fence,
    page_of,
    with_files,
)
from sco_quiz.interchange.material import (
    MEDIA,
    ForeignDeck,
    ForeignNote,
    Material,
    Remark,
    check_number,
    items,
    placed,
)
from sco_quiz.learning.kinds import KINDS
from sco_quiz.library.kinds import COMMON, NOTE_KEYS, SHAPES, as_value, every_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sco_quiz.interchange.markdown_text import Heading
    from sco_quiz.interchange.material import Field

_NAMES = {name: name.replace("_", " ").capitalize() for name in NOTE_KEYS} | {
    "front": "Q", "back": "A", "text": "C",
}  # fmt: skip
"""How each field is called."""
_OF_NAMES = {name: field for field, name in _NAMES.items()} | {"Text": "text"}
_STARTS = tuple(dict.fromkeys(spec.prompt for spec in KINDS.values()))
"""The fields with which a note begins."""
_FIELD = re.compile(rf"({'|'.join(sorted(_OF_NAMES, key=len, reverse=True))}):(?:[ \t]+|$)")
_FOREIGN = re.compile(
    r"[ \t]{0,3}(?:[-*+][ \t]+|[0-9]{1,4}[.)][ \t]+)?(?:"
    r"(?P<bold>\*\*|__)[ \t]*(?P<one>Q|A|C|Question|Answer|Front|Back|Frage|Antwort)"
    r"[ \t]*#?[0-9]{0,4}"
    r"[ \t]*(?:[:.)][ \t]*(?P=bold)|(?P=bold)[ \t]*:)"
    r"|(?P<two>Q|A|Ques?|Ans|Question|Answer|Frage|Antwort|Réponse|Pregunta|Respuesta|Pergunta"
    r"|Resposta|Domanda|Risposta|Вопрос|Ответ|问|答|問)"
    r"[ \t]*#?[0-9]{0,4}[ \t]*[:：]|(?P<three>Q)[0-9]{1,4}[.)])(?:[ \t]+|(?=[^\s\x00-\x7f])|$)"
)
"""The same as others write it: bold, numbered, as an item of a list, in other languages."""
_FRONTS = frozenset({
    "Q", "Que", "Ques", "Question", "Front", "Frage", "Pregunta", "Pergunta", "Domanda", "Вопрос",
    "问", "問",
})  # fmt: skip
_DOTTED = re.compile(
    r"^[ \t]{0,3}(?:[-*+][ \t]+)?(?P<bold>\*\*|__)?"
    r"(?:(?P<asks>Q|Ques?|Question)|(?:A|Ans|Answer|Sol))"
    r"[ \t]?[0-9]{0,4}[.)](?(bold)[ \t]*(?P=bold))[ \t]+(?=\S)",
    re.MULTILINE,
)
"""`Q.` and `A.`, which are answers where no `B.` follows."""
_OTHER_LETTER = re.compile(r"^[ \t]*B[.)][ \t]", re.MULTILINE)
_LOOKED_AT = 200_000
"""Characters by which a text is judged."""
_OWN = {
    start: {key for kind, shape in SHAPES.items() if kind.spec.prompt == start for key in shape.own}
    for start in _STARTS
}
"""The fields that may follow, besides those of every note: a back may well hold `Answers:`."""
_GAP = re.compile(r"==(?=\S)((?:[^=\n]|=(?!=))+?(?<=\S))==(?!=)")
_BRACKETS = re.compile(r"(?<![\\!\]])\[([^\[\]]+)\](?![(\[:])")
_PROMPTS = frozenset(_STARTS)
_LISTS = frozenset(name for name, spec in every_field().items() if spec.several)
"""Fields whose lines are items."""


def fits(text: str) -> bool:
    """Tell whether a text has lines by which notes begin, and what belongs to them."""
    starts = answers = 0
    for line, is_code in in_fences(_undotted(text[:_LOOKED_AT]).splitlines()):
        if is_code:
            continue
        name, _ = _begun(line)
        if name in {"front", "question", "statement"}:
            starts += 1
        elif name in {"back", "answer", "answers", "list", "order"}:
            answers += 1
        elif name == "text" and ("[" in line or "==" in line or "{{" in line):
            return True
    return starts > 0 and answers > 0


def read(text: str, path: Path = Path("cards.md")) -> Material:
    """The notes of a Markdown text."""
    return _Reader(path).read(text)


class _Reader:
    """Makes notes of lines that say what they hold."""

    def __init__(self, path: Path) -> None:
        self.material = Material()
        self._files = Files(path, linked=False)
        self._title = ""
        self._tags: list[str] = []
        self._notes: list[ForeignNote] = []
        self._strays: list[int] = []
        self._headings = self._number = 0

    def read(self, text: str) -> Material:
        """The notes of a text."""
        page = page_of(_undotted(text))
        self._title, self._tags = page.title, page.tags
        self._read(page.lines, page.first)
        self._end_deck()
        self.material.skipped += find_stray_paragraphs(self._strays)
        if self._headings:
            self.material.lossy.append(Remark("", "headings within a deck are not kept"))
        self.material.media = self._files.taken
        return self.material

    def _read(self, lines: list[str], first: int) -> None:
        self._fields: dict[str, list[str]] = {}
        self._kind = self._field = fence = ""
        self._start = 0
        blank = True
        for number, line in enumerate(lines, first):
            is_item = self._field in _LISTS and ITEM.fullmatch(line) is not None
            name, rest = ("", line) if fence or is_item else _begun(line)
            if not blank and name in {"front", "back"} and name == self._field:
                self._fields[name].append(rest)  # SuperMemo names each line of a side
            elif name in _STARTS:
                self._end_note()
                self._start, self._kind, self._field = number, name, name
                self._fields[name] = [rest]
            elif name and (name := self._taken(name)):
                self._field = name
                self._fields[name] = [rest]
            elif not fence and RULE.fullmatch(line):
                self._end_note()
            elif not fence and (heading := heading_of(line)):
                self._end_note()
                self._head(heading)
            elif self._field:
                self._fields[self._field].append(line if fence else _unguarded(line))
            elif line.strip() and blank:
                self._strays.append(number)
            blank = not line.strip()
            fence = fence_after(rest if name else line, fence)
        self._end_note()

    def _taken(self, name: str) -> str:
        """The field that a name begins in the note that is open; empty if it begins none."""
        if self._kind == "front" and name == "answer":
            name = "back"
        takes = bool(self._kind) and name not in self._fields and (
            name in COMMON or name in _OWN[self._kind]
        )  # fmt: skip
        return name if takes else ""

    def _head(self, heading: Heading) -> None:
        if heading.level == 1 and heading.title:
            self._end_deck()
            self._title = heading.title
        else:
            self._headings += 1

    def _end_note(self) -> None:
        if self._fields:
            fields: dict[str, Field] = {}
            for name, lines in self._fields.items():
                text = "\n".join(lines).strip()
                if name in MEDIA:
                    fields |= {name: as_value(name, files)} if (files := _items(text)) else {}
                elif every_field()[name].several:
                    fields[name] = _listed(text)
                elif text:
                    fields[name] = _with_gaps(text) if name == "text" else text
            key, where = fields.get("id", ""), f"line {self._start}"
            said, left = with_files(self._files, fields, _PROMPTS)
            self.material.lossy += placed(where, left)
            if self._tags:
                said["tags"] = list(dict.fromkeys([*self._tags, *said.get("tags", [])]))
            self._notes.append(ForeignNote(said, str(key), where))
            self._number += 1
            check_number(self._number)
        self._fields = {}
        self._kind = self._field = ""

    def _end_deck(self) -> None:
        if self._notes:
            self.material.decks.append(ForeignDeck(self._title, self._notes))
            self._notes = []


def find_stray_paragraphs(lines: list[int]) -> list[Remark]:
    """Return remarks on paragraphs that are no cards, by the numbers of their lines."""
    return [Remark(f"line {line}", "a paragraph that is no card") for line in lines]


def _undotted(text: str) -> str:
    """A text with `Q:` and `A:` before lines for `Q.`, `Ans)`, `**A1.**` and the like.

    It is as it was where a `B.` follows, or fronts are written otherwise.
    """
    marks = list(_DOTTED.finditer(text))
    asked = sum(match["asks"] is not None for match in marks)
    if not 0 < asked < len(marks) or _OTHER_LETTER.search(text):
        return text
    lines = text[:_LOOKED_AT].splitlines()
    if any(_begun(line)[0] == "front" and not _DOTTED.match(line) for line in lines):
        return text
    return _DOTTED.sub(lambda match: "Q: " if match["asks"] else "A: ", text)


def _begun(line: str) -> tuple[str, str]:
    """The field that a line begins, and the rest of the line; empty and the line if it does not."""
    if match := _FIELD.match(line):
        return _OF_NAMES[match[1]], line[match.end() :]
    if match := _FOREIGN.match(line):
        word = match["one"] or match["two"] or match["three"]
        name = "text" if word == "C" else "front" if word in _FRONTS else "back"
        return name, line[match.end() :]
    return "", line


def _listed(text: str) -> list[str]:
    """Items one on a line, with or without a dash; on a single line, by commas."""
    lines = items(text)
    if len(lines) == 1 and not ITEM.fullmatch(lines[0]):
        return [each.strip() for each in lines[0].split(",") if each.strip()]
    return _items(text)


def _items(text: str) -> list[str]:
    """Items one on a line, with or without a dash."""
    lines = items(text)
    return [match[1].strip() if (match := ITEM.fullmatch(line)) else line for line in lines]


def _with_gaps(text: str) -> str:
    if "{{" in text:
        return as_own_cloze(text)[0]
    marked = highlights_as_gaps(text)
    return marked if marked != text else _BRACKETS.sub(r"{{\1}}", text)


def highlights_as_gaps(text: str) -> str:
    """A text with its highlights as gaps."""
    return _GAP.sub(r"{{\1}}", text)


def write(decks: Iterable[ForeignDeck]) -> str:
    """Decks as Markdown that reads back the same; each begins with a heading."""
    parts = []
    for deck in decks:
        parts.append(f"# {' '.join(deck.title.split())}")
        parts += [_written(note) for note in deck.notes]
    return "\n\n".join(parts) + "\n"


def _written(note: ForeignNote) -> str:
    lines = []
    fields = [name for name in NOTE_KEYS if name in note.fields]
    for name in sorted(fields, key=lambda name: (name not in _STARTS, name in COMMON)):
        value, label = note.fields[name], _NAMES[name]
        if isinstance(value, list):
            lines.append(f"{label}:")
            lines += [f"- {' '.join(item.split())}" for item in value]
        else:
            first, *rest = value.strip().split("\n")
            lines.append(f"{label}: {first}")
            lines += _guarded_lines(rest, first)
    return "\n".join(lines)


def _guarded_lines(lines: list[str], first: str) -> Iterator[str]:
    """Lines of a text, with a backslash before what would begin something else."""
    fence = fence_after(first, "")
    for line in lines:
        yield line if fence and not is_fence(line) else _guarded(line)
        fence = fence_after(line, fence)


def _guarded(line: str) -> str:
    bare = line.lstrip("\\")
    begins = _begun(bare)[0] or RULE.fullmatch(bare) or heading_of(bare)
    return "\\" + line if begins else line


def _unguarded(line: str) -> str:
    """A line as it was before the backslash was put before it."""
    return line[1:] if line.startswith("\\") and _guarded(line[1:]) == line else line
