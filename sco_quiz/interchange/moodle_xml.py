"""Moodle's XML: https://docs.moodle.org/en/Moodle_XML_format.

The file may come from anybody: a document type, and with it every entity, is refused, and so is
what nests deeper, or is more, than there can be.
"""

from __future__ import annotations

import io
import re
from base64 import b64decode
from functools import partial
from pathlib import Path  # noqa: TC003 -- in the signature that all formats have
from typing import TYPE_CHECKING
from xml.parsers import expat

from sco_quiz.errors import DeckError
from sco_quiz.interchange.gift import title_of
from sco_quiz.interchange.markup_builder import escaped_if_needed
from sco_quiz.interchange.material import (
    ForeignDeck,
    ForeignNote,
    Material,
    MediaFile,
    Remark,
    check_number,
    files_renamed,
)
from sco_quiz.interchange.moodle import (
    MoodleAnswer,
    SkippedError,
    Texts,
    choice,
    explanation,
    matching,
    short,
)
from sco_quiz.interchange.records import truth_of
from sco_quiz.interchange.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sco_quiz.interchange.material import Field

_BEGINS = re.compile(
    r"\s*+(?:<\?xml[^>]{0,200}\?>\s*+)?(?:<!--.{0,2000}?-->\s*+)*+<quiz\b", re.DOTALL
)
_DEEPEST = 12
_MOST = 500_000
"""Elements that a file may have; each takes some 400 bytes of memory."""
_EXPORT_AGAIN = "export it from Moodle again"
_EMBEDDED = re.compile(
    r"\{[0-9]*:(SHORTANSWER|SHORTANSWER_C|SA|SAC|MW|MWC|MULTICHOICE|MULTICHOICE_V|MULTICHOICE_H"
    r"|MULTICHOICE_S|MULTICHOICE_VS|MULTICHOICE_HS|MC|MCV|MCH|MCS|MCVS|MCHS|NUMERICAL|NM"
    r"|MULTIRESPONSE|MULTIRESPONSE_H|MULTIRESPONSE_S|MULTIRESPONSE_HS|MR|MRH|MRS|MRHS):"
    r"((?:[^{}\\]|\\.){0,5000})\}"
)
_ONE = re.compile(r"(?<!\\)~")
_WEIGHT = re.compile(r"(=)|%(-?[0-9.]+)%")
_ESCAPED = re.compile(r"\\([~}{#=\"\\/])")
_PLACE = re.compile(r"\[\[([0-9]{1,3})\]\]")
_NO_QUESTIONS = {
    "essay": "an essay has no answer to check", "description": "a text without a question",
    "calculated": "a question that is calculated anew each time",
    "calculatedsimple": "a question that is calculated anew each time",
    "calculatedmulti": "a question that is calculated anew each time",
    "randomsamatch": "a question that is drawn from others",
    "ddimageortext": "a question about places in an image",
    "ddmarker": "a question about places in an image",
}  # fmt: skip


def fits(text: str) -> bool:
    """Tell whether a text is a quiz in XML."""
    return _BEGINS.match(text) is not None


class _Element:
    """An element with its text, or that of the last of its parts that is one."""

    __slots__ = ("attributes", "line", "name", "parts", "pieces")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name = name
        self.attributes = attributes
        self.line = line
        self.parts: list[_Element] = []
        self.pieces: list[str] = []

    def all(self, name: str) -> Iterator[_Element]:
        return (each for each in self.parts if each.name == name)

    def first(self, name: str) -> _Element | None:
        return next(self.all(name), None)

    def text(self, *names: str) -> str:
        """The text of a part of a part."""
        found: _Element | None = self
        for name in names:
            found = found.first(name) if found else None
        if found is None:
            return ""
        inner = found.first("text")
        return "".join((inner or found).pieces).strip()


class _Parser:
    """Makes elements of XML."""

    def __init__(self, name: str) -> None:
        self.root = _Element("", {}, 0)
        self._name = name
        self._stack = [self.root]
        self._number = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _refuse(self, *_: object) -> None:
        raise DeckError(f"{self._name} declares what such a file never declares", _EXPORT_AGAIN)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._number += 1
        if len(self._stack) > _DEEPEST or self._number > _MOST:
            raise DeckError(
                f"{self._name} is nested too deeply, or too large", "split it into parts"
            )
        element = _Element(name, attributes, self.parser.CurrentLineNumber)
        self._stack[-1].parts.append(element)
        self._stack.append(element)

    def _end(self, _: str) -> None:
        self._stack.pop()

    def _text(self, text: str) -> None:
        self._stack[-1].pieces.append(text)


def read(text: str, path: Path) -> Material:
    """The questions of a quiz; each category is a deck.

    Raises:
        DeckError: It is no XML, or a trap.
    """
    parser = _Parser(path.name)
    try:
        parser.parser.Parse(re.sub(r"\A\s*+<\?xml[^>]{0,200}\?>", "", text, count=1).encode(), True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise DeckError(
            f"{path.name} is damaged: {reason} (line {error.lineno:,})", _EXPORT_AGAIN
        ) from None
    quiz = parser.root.first("quiz")
    questions = list(quiz.all("question")) if quiz else []
    check_number(len(questions))
    material = Material()
    decks: dict[str, list[ForeignNote]] = {}
    taken: dict[str, MediaFile] = {}
    title = ""
    for number, element in enumerate(questions, 1):
        kind = element.attributes.get("type", "")
        if kind == "category":
            title = title_of(element.text("category"))
            continue
        where = f"question {number}"
        shelf = Shelf(_files(element))
        question = _Question(element, kind, Texts(shelf))
        try:
            fields = question.fields()
        except SkippedError as error:
            material.skipped.append(Remark(where, str(error)))
            continue
        tags = element.first("tags")
        if tags and (found := [each.text() for each in tags.all("tag") if each.text()]):
            fields["tags"] = list(dict.fromkeys(found))
        for file in shelf.taken.values():  # another question may have another file of that name
            taken[f"{number}/{file.name}"] = file._replace(name=f"{number}/{file.name}")
        fields |= files_renamed(fields, f"{number}/")
        material.lossy += [Remark(where, reason) for reason in sorted(question.texts.lost)]
        name = element.text("idnumber") or element.text("name")
        decks.setdefault(title, []).append(ForeignNote(fields, name, where))
    material.decks = [ForeignDeck(name, _told_apart(notes)) for name, notes in decks.items()]
    material.media = list(taken.values())
    return material


def _told_apart(notes: list[ForeignNote]) -> list[ForeignNote]:
    """The notes of a deck, of which the first alone keeps a name that Moodle gave to several.

    A note without a name is known by its prompt.
    """
    seen: set[str] = set()
    found = []
    for note in notes:
        found.append(note._replace(key="") if note.key in seen else note)
        seen.add(note.key)
    return found


def _files(element: _Element) -> list[MediaFile]:
    """The files within a question, by their names."""
    found = []
    waiting = [element]
    while waiting:
        each = waiting.pop()
        waiting += each.parts
        if each.name == "file" and each.attributes.get("encoding") == "base64":
            data = "".join(each.pieces)
            name = each.attributes.get("name", "")
            found.append(MediaFile(name, len(data) * 3 // 4, partial(_decoded, data)))
    return found


def _decoded(data: str) -> io.BytesIO:
    try:
        return io.BytesIO(b64decode(data))
    except ValueError:
        raise DeckError("it is damaged", _EXPORT_AGAIN) from None


class _Question:
    """One question.

    Attributes:
        texts: What its texts lose.
    """

    def __init__(self, element: _Element, kind: str, texts: Texts) -> None:
        self.texts = texts
        self._element = element
        self._kind = kind

    def fields(self) -> dict[str, Field]:
        """Return the question in the terms of the deck format.

        Raises:
            SkippedError: It cannot be one of ours.
        """
        element = self._element
        if reason := _NO_QUESTIONS.get(self._kind):
            raise SkippedError(reason)
        general = self._shown(element.first("generalfeedback"))
        if self._kind == "cloze":
            fields = self._cloze()
            answers: list[MoodleAnswer] = []
        else:
            prompt = self._shown(element.first("questiontext"), asked=True)
            answers = list(self._answers())
            fields = self._asked(prompt, answers)
        if explain := explanation(general, answers, fields):
            fields["explain"] = explain
        if hint := next((self._shown(each) for each in element.all("hint") if each.text()), ""):
            fields["hint"] = hint
        return fields | self.texts.files()

    def _asked(self, prompt: str, answers: Sequence[MoodleAnswer]) -> dict[str, Field]:
        kind, element = self._kind, self._element
        if not prompt:
            raise SkippedError("it asks nothing")
        if kind == "truefalse":
            right = next((truth_of(each.text) for each in answers if each.share > 99), "")
            if not right:
                raise SkippedError("none of its answers is right")
            return {"statement": prompt, "answer": right}
        if kind in {"multichoice", "multichoiceset"}:
            several = element.text("single").casefold() in {"false", "0"} or kind != "multichoice"
            return choice(prompt, answers, self.texts, several=several)
        if kind == "shortanswer":
            strict = element.text("usecase") == "1"
            return short(prompt, answers, self.texts, strict=strict)
        if kind == "numerical":
            if any(each.text("tolerance").strip("0. ") for each in element.all("answer")):
                self.texts.lost.add("how far a number may be off is not kept")
            return short(prompt, answers, self.texts)
        if kind in {"matching", "ddmatch"}:
            pairs = [
                (self._shown(each), self._shown(each.first("answer")))
                for each in element.all("subquestion")
            ]
            return matching(prompt, pairs, self.texts)
        if kind == "ordering":
            return {"question": prompt, "order": [each.text for each in answers]}
        if kind in {"gapselect", "ddwtos"}:
            return self._placed(prompt)
        raise SkippedError(f"a question of the kind {kind[:40]!r} cannot be asked here")

    def _answers(self) -> Iterator[MoodleAnswer]:
        for each in self._element.all("answer"):
            share = each.attributes.get("fraction", "0")
            text = self._shown(each)
            if text or self._kind == "truefalse":
                told = self._shown(each.first("feedback"))
                yield MoodleAnswer(text, float(share) if _is_number(share) else 0.0, told)

    def _placed(self, prompt: str) -> dict[str, Field]:
        """A text with places for words that are picked."""
        element = self._element
        words = [
            self._shown(each) for name in ("selectoption", "dragbox") for each in element.all(name)
        ]

        def gap(match: re.Match[str]) -> str:
            number = int(match[1]) - 1
            return "{{" + words[number] + "}}" if 0 <= number < len(words) else match[0]

        text = _PLACE.sub(gap, prompt.replace(r"\[", "[").replace(r"\]", "]"))
        if "{{" not in text:
            raise SkippedError("it has no gaps")
        return {"text": text}

    def _cloze(self) -> dict[str, Field]:
        """A text with its answers embedded: https://docs.moodle.org/en/Embedded_Answers_(Cloze)."""
        element = self._element.first("questiontext")
        source = element.text() if element else ""
        gaps: list[list[str]] = []

        def hide(match: re.Match[str]) -> str:
            right = list(self._embedded(match[2]))
            if not right:
                return "_____"
            gaps.append([self.texts.html(each) for each in right])
            return f"\ue100{len(gaps) - 1}\ue101"

        hidden = _EMBEDDED.sub(hide, source)
        if not gaps:
            raise SkippedError("it has no gaps with a right answer")
        text = self._as(element, hidden, asked=True)
        text = re.sub(
            "\ue100([0-9]+)\ue101", lambda match: "{{" + gaps[int(match[1])][0] + "}}", text
        )
        if len(gaps) == 1:
            return {"text": text} | ({"accept": gaps[0][1:]} if gaps[0][1:] else {})
        if any(len(gap) > 1 for gap in gaps):
            self.texts.lost.add("of several right answers for a gap only the first is kept")
        return {"text": text}

    def _embedded(self, written: str) -> Iterator[str]:
        """The right answers of a gap."""
        for each in _ONE.split(written):
            share = 0.0
            if weight := _WEIGHT.match(each):
                share = 100.0 if weight[1] else float(weight[2]) if _is_number(weight[2]) else 0.0
                each = each[weight.end() :]  # noqa: PLW2901 -- what is left of it
            text = re.split(r"(?<!\\)#", each, maxsplit=1)[0]
            if 0 < share < 99.99:
                self.texts.lost.add("an answer that earns a part of the points counts as wrong")
            if share > 99.99 and (text := _ESCAPED.sub(r"\1", text).strip()):
                yield text.split(":")[0] if re.fullmatch(r"-?[0-9.]+:[0-9.]+", text) else text

    def _shown(self, element: _Element | None, *, asked: bool = False) -> str:
        return "" if element is None else self._as(element, element.text(), asked=asked)

    def _as(self, element: _Element | None, source: str, *, asked: bool) -> str:
        form = element.attributes.get("format", "html") if element else "html"
        if form == "plain_text":
            return escaped_if_needed(source)
        if form == "markdown":
            return source
        return self.texts.html(source, lines=form == "moodle_auto_format", asked=asked)


def _is_number(written: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,6}(?:\.[0-9]{0,12})?", written) is not None
