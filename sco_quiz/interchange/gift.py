"""Moodle's GIFT: https://docs.moodle.org/en/GIFT_format.

A question is a paragraph with its answers in braces. Right answers begin with `=`, wrong ones with
`~`; feedback follows a `#`, a weight stands between percent signs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.interchange.hypertext import LONGEST_HTML, to_markup
from sco_quiz.interchange.material import Deck, Field, Material, Note, Remark, check_number

if TYPE_CHECKING:
    from collections.abc import Iterator

_CATEGORY = re.compile(r"\$CATEGORY:[ \t]*(.*)")
_TITLE = re.compile(r"::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"%(-?[0-9.]+)%")
_TRUTH = re.compile(r"(T|TRUE|F|FALSE)(?:#.*)?", re.DOTALL)
_ANSWER = re.compile(r"[=~]")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_ESCAPED = "~=#{}:"
_HIDDEN = {sign: chr(0xE000 + place) for place, sign in enumerate(_ESCAPED)}
_SHOWN = {ord(hidden): sign for sign, hidden in _HIDDEN.items()}
_ESCAPE = re.compile(rf"\\([{re.escape(_ESCAPED)}n])")
_PATH = re.compile(r"^\$(?:course|module|system|cat)\d*\$/(?:top/)?", re.IGNORECASE)


class _Answer(NamedTuple):
    text: str
    right: bool
    weight: float
    feedback: str


class _SkippedError(Exception):
    """A question that cannot be one of ours, and why."""


def read(text: str) -> Material:
    """The questions of a GIFT file; each category is a deck."""
    material = Material()
    decks: dict[str, list[Note]] = {}
    title, number = "", 0
    for line, block in _blocks(text):
        where = f"line {line}"
        if category := _CATEGORY.fullmatch(block.strip()):
            title = _PATH.sub("", category[1].strip()).replace("/", "::")
            continue
        number += 1
        check_number(number)
        try:
            reader = _Question(block)
            fields = reader.fields()
        except _SkippedError as error:
            material.skipped.append(Remark(where, str(error)))
            continue
        material.lossy += [Remark(where, reason) for reason in reader.lost]
        decks.setdefault(title, []).append(Note(fields, reader.name, where))
    material.decks = [Deck(name, notes) for name, notes in decks.items()]
    return material


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """The paragraphs with the lines at which they start; comments are left out."""
    block: list[str] = []
    start = 1
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.lstrip().startswith("//"):
            continue
        if line.strip() and not _CATEGORY.match(line):
            start = start if block else number
            block.append(line)
            continue
        if block:
            yield start, "\n".join(block)
            block = []
        if line.strip():
            yield number, line


class _Question:
    """One question, read.

    Attributes:
        name: Its title, which names it; empty if it has none.
        lost: What does not come along.
    """

    def __init__(self, block: str) -> None:
        text = _ESCAPE.sub(lambda match: _HIDDEN.get(match[1], "\n"), block.strip())
        self.lost: set[str] = set()
        self.name = ""
        if title := _TITLE.match(text):
            self.name = title[1].strip().translate(_SHOWN)
            text = text[title.end() :].lstrip()
        self._html = False
        if form := _FORMAT.match(text):
            self._html = form[1] in {"html", "moodle"}
            text = text[form.end() :]
        start, end = text.find("{"), text.rfind("}")
        if start < 0:
            raise _SkippedError("it has no answers in braces")
        if end < start:
            raise _SkippedError("its braces are not closed")
        if text.count("{") > 1:
            raise _SkippedError("it has braces within braces, or two pairs of them")
        self._before, self._after = text[:start].strip(), text[end + 1 :].strip()
        self._inside, _, general = text[start + 1 : end].partition("####")
        self._inside = self._inside.strip()
        self._explain = self._shown(general)

    def fields(self) -> dict[str, Field]:
        """What it asks, in the terms of the deck format."""
        inside = self._inside
        if not inside:
            raise _SkippedError("an essay, or a text without a question, has no answer to check")
        prompt = self._shown(self._before)
        if self._after:
            prompt = f"{prompt} _____ {self._shown(self._after)}".strip()
        fields = self._asked(prompt, inside)
        if self._explain:
            fields["explain"] = self._explain
        return fields

    def _asked(self, prompt: str, inside: str) -> dict[str, Field]:
        if truth := _TRUTH.fullmatch(inside):
            self._lose_feedback("#" in inside)
            return {"statement": prompt, "answer": "true" if truth[1][0] == "T" else "false"}
        if inside.startswith("#"):
            return {"question": prompt, "answer": self._number(inside[1:].strip())}
        if not _ANSWER.match(inside):
            raise _SkippedError("its answers begin with neither = nor ~")
        answers = list(self._answers(inside))
        self._lose_feedback(any(each.feedback for each in answers))
        if any("->" in each.text for each in answers):
            return self._matching(prompt, answers)
        right = [each.text for each in answers if each.right or each.weight > 0]
        wrong = [each.text for each in answers if not (each.right or each.weight > 0)]
        if not right:
            raise _SkippedError("none of its answers is right")
        if not wrong:
            first, *others = right
            return {"question": prompt, "answer": first} | ({"accept": others} if others else {})
        if len(right) > 1:
            return {"question": prompt, "answers": right, "choices": wrong}
        return {"question": prompt, "answer": right[0], "choices": wrong}

    def _answers(self, inside: str) -> Iterator[_Answer]:
        starts = [match.start() for match in _ANSWER.finditer(inside)]
        for start, end in zip(starts, [*starts[1:], len(inside)], strict=True):
            written, _, feedback = inside[start + 1 : end].strip().partition("#")
            weight = _WEIGHT.match(written)
            share = float(weight[1]) if weight and _NUMBER.fullmatch(weight[1]) else 0.0
            if weight:
                written = written[weight.end() :]
                if 0 < share < 100 and inside[start] == "=":
                    self.lost.add("an answer that earns a part of the points counts as right")
            text = self._shown(written)
            if text:
                yield _Answer(text, inside[start] == "=", share, feedback.strip())

    def _number(self, written: str) -> str:
        first, _, feedback = written.removeprefix("=").partition("#")
        self._lose_feedback(bool(feedback))
        if "=" in first:
            first = first.split("=")[0]
            self.lost.add("of several numbers only the first is right")
        first = _WEIGHT.sub("", first).strip().translate(_SHOWN)
        value, _, tolerance = first.partition(":")
        if not _NUMBER.fullmatch(value.strip()):
            raise _SkippedError("a range of numbers cannot be an answer here")
        if tolerance.strip(" 0."):
            self.lost.add("how far a number may be off is not kept")
        return value.strip()

    def _matching(self, prompt: str, answers: list[_Answer]) -> dict[str, Field]:
        pairs = [each.text.partition("->") for each in answers]
        self.lost.add("a question that matches pairs is a list of them")
        return {
            "question": prompt,
            "list": [f"{left.strip()} → {right.strip()}" for left, _, right in pairs],
        }

    def _shown(self, written: str) -> str:
        text = written.strip()
        if form := _FORMAT.match(text):
            text = text[form.end() :]
        text = text.translate(_SHOWN).strip()
        if not self._html or len(text) > LONGEST_HTML:
            return text
        converted = to_markup(text)
        self.lost |= {f"{what} is not kept" for what in converted.lost}
        if converted.images:
            self.lost.add("an image is named, but its file is not here")
        return converted.text

    def _lose_feedback(self, there: bool) -> None:
        if there:
            self.lost.add("feedback on single answers is not kept")
