"""Anki's templates: HTML with `{{fields}}`, filters on them, and parts that depend on them.

Source: https://docs.ankiweb.net/templates/fields.html. What takes part in asking, such as a typed
answer or a hint, is told apart from what is shown. The time is linear, whatever the nesting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.interchange.hypertext import LONGEST_HTML

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_PARTS = 2_000
"""Fields and conditions that a template may have."""
_HIDDEN = tuple(
    (re.compile(start, re.IGNORECASE), re.compile(end, re.IGNORECASE))
    for start, end in (
        ("<!--", "-->"), (r"<script\b", r"</script\s*>"), (r"<style\b", r"</style\s*>"),
        (r"<svg\b", r"</svg\s*>"),
    )
)  # fmt: skip
_LOST = {"script": "a script of the card template", "svg": "a drawing of the card template"}
_LONGEST_SOURCE = 8_000_000
_LONGEST_PART = 20_000
"""Characters of what a template shows with every note; more is a drawing, or a table for all."""
_BREAKS = re.compile(r"</?(?:br|div)\s*+/?>", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]*>")
_FURIGANA = re.compile(r" ?(?<![^ \[\]>])([^ \[\]>]++)\[([^\[\]]*)\]")


class TemplateError(ValueError):
    """A template, or what it makes of a note, is too long."""


class _Part(NamedTuple):
    """A stretch of a template.

    Attributes:
        sign: "" for text, "=" for a field, "#" and "^" for a condition, "/" for its end.
        text: The text, or the name of a field.
        filters: What is done to the field, the first first.
        end: Of a condition, the number of the part that ends it.
    """

    sign: str
    text: str
    filters: tuple[str, ...] = ()
    end: int = 0


@dataclass(slots=True)
class Rendered:
    """A template filled with the fields of a note.

    Attributes:
        html: What is shown.
        typed: The names of the fields that are to be typed.
        hints: HTML that is shown on request.
        lost: What cannot be done, in words.
    """

    html: str = ""
    typed: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)


class AnkiTemplate:
    """A template, read once for all notes.

    Attributes:
        size: How much work it makes besides the text that it yields.
    """

    def __init__(self, source: str) -> None:
        """Read a template.

        Raises:
            TemplateError: It has more than `MAX_PARTS` parts, or is longer than a page.
        """
        shown = _without_hidden(source[:_LONGEST_SOURCE])
        if len(shown) > LONGEST_HTML:
            raise TemplateError("its card template is too long")
        self._lost = {
            what
            for sign, what in _LOST.items()
            if re.search(rf"<{sign}\b", source, re.IGNORECASE) is not None
        }
        self._parts = _parts(shown)
        for number, part in enumerate(self._parts):
            if not part.sign and len(part.text) > _LONGEST_PART:
                self._parts[number] = part._replace(text="")
                self._lost.add("a long part of the card template")
        self.size = len(self._parts)

    def render(
        self, values: Mapping[str, str], cloze: Callable[[str], str] | None = None
    ) -> Rendered:
        """Fill the template with the fields of a note.

        Args:
            values: The fields, by name, and what else can be named.
            cloze: What becomes of a text with deletions.

        Raises:
            TemplateError: It is longer than a page.
        """
        made = Rendered()
        made.lost |= self._lost
        out: list[str] = []
        empty: dict[str, bool] = {}
        length = at = 0
        while at < len(self._parts):
            sign, text, filters, end = self._parts[at]
            at += 1
            if sign in {"#", "^"}:
                if text not in empty:
                    empty[text] = not _BREAKS.sub("", values.get(text, "")).strip()
                if empty[text] is (sign == "#"):
                    at = end
                continue
            if sign == "/":
                continue
            if sign == "=":
                text = self._field(text, filters, values, made, cloze)
            length += len(text)
            if length > LONGEST_HTML:
                raise TemplateError("it is too long")
            out.append(text)
        made.html = "".join(out)
        return made

    @staticmethod
    def _field(
        name: str,
        filters: tuple[str, ...],
        values: Mapping[str, str],
        made: Rendered,
        cloze: Callable[[str], str] | None,
    ) -> str:
        value = values.get(name)
        if value is None:
            made.lost.add("a field that the note type does not have")
            return ""
        for each in reversed(filters):
            if each in {"cloze", "cloze-only"}:
                value = cloze(value) if cloze else value
            elif each == "type":
                made.typed.append(name)
                return ""
            elif each == "hint":
                if value.strip():
                    made.hints.append(value)
                return ""
            elif each == "text":
                value = _TAGS.sub("", value)
            elif each in {"furigana", "kanji", "kana"}:
                value = _reading(value, each)
            elif each.startswith("tts"):
                made.lost.add("speech that is made of text")
                return ""
        return value


def _without_hidden(source: str) -> str:
    """A template without comments, scripts and styles; of one that does not end, all is hidden."""
    for start, end in _HIDDEN:
        kept, at = [], 0
        while (begun := start.search(source, at)) is not None:
            kept.append(source[at : begun.start()])
            ended = end.search(source, begun.end())
            at = ended.end() if ended else len(source)
        source = "".join([*kept, source[at:]])
    return source


def _parts(source: str) -> list[_Part]:
    parts: list[_Part] = []
    opened: list[int] = []
    at = 0
    while (start := source.find("{{", at)) >= 0 and (end := source.find("}}", start)) >= 0:
        if start > at:
            parts.append(_Part("", source[at:start]))
        inside = source[start + 2 : end]
        at = end + 2
        if inside.startswith("{") and source.startswith("}", at):
            inside, at = inside[1:], at + 1
        inside = inside.strip()
        sign, name = inside[:1], inside[1:].strip()
        if sign in {"#", "^"}:
            opened.append(len(parts))
            parts.append(_Part(sign, name))
        elif sign == "/":
            if opened and parts[opened[-1]].text == name:
                number = opened.pop()
                parts[number] = parts[number]._replace(end=len(parts))
            parts.append(_Part("/", name))
        else:
            *filters, name = (each.strip() for each in inside.split(":"))
            parts.append(_Part("=", name, tuple(filters)))
        if len(parts) > MAX_PARTS:
            raise TemplateError("its card template has too many fields")
    if at < len(source):
        parts.append(_Part("", source[at:]))
    for number in opened:  # what is never ended reaches to the end
        parts[number] = parts[number]._replace(end=len(parts))
    return parts


def _reading(value: str, wanted: str) -> str:
    """Japanese with its reading in brackets: both, or one of them."""
    shown = {"furigana": r"\1(\2)", "kanji": r"\1", "kana": r"\2"}[wanted]
    return _FURIGANA.sub(
        lambda match: match[0] if match[2].startswith("sound:") else match.expand(shown), value
    )
