"""Aiken, and what people write like it: a question, lettered choices, and a line with the answer.

Source: https://docs.moodle.org/en/Aiken_format. Small letters, brackets, numbers before questions
and explanations after answers are read, too.
"""

from __future__ import annotations

import re
from pathlib import Path  # noqa: TC003 -- in the signature that all formats have
from typing import TYPE_CHECKING

from sco_quiz.interchange.material import ForeignDeck, ForeignNote, Material, Remark, check_number
from sco_quiz.interchange.records import as_statement, choice_fields

if TYPE_CHECKING:
    from sco_quiz.interchange.material import Field

OPTION = re.compile(r"[ \t]*(?:[-*+][ \t]+)?[*_]{0,2}\(?([A-Za-z])[.)\]:][*_]{0,2}[ \t]+(\S.*)")
ANSWER = re.compile(
    r"[ \t]*(?:[-*+>][ \t]+)?[*_]{0,2}(?:correct |right |the )?(?:answers?|ans|antwort|lösung"
    r"|réponse|respuesta|resposta|risposta|ответ|答案|答え|정답)(?: is)?"
    r"[*_]{0,2}[ \t]*[:：=.][*_]{0,2}"
    r"[ \t]*\(?((?:[A-Za-z](?:[ \t]*(?:,|&|and|;)[ \t]*)?){1,8})\)?[.)]?"
    r"(?:[*_]{0,2}[ \t]*$|[ \t]+[-–—:][ \t]*(.*)|[.)][ \t]+(.*))",
    re.IGNORECASE,
)
_EXPLAINED = re.compile(
    r"[ \t]*[*_]{0,2}(?:explanation|feedback|reason|rationale|erklärung|explication|explicación)"
    r"[*_]{0,2}[ \t]*[:：][*_]{0,2}[ \t]*(.*)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"[ \t]*(?:Q(?:uestion)?[ \t]*)?[0-9]{1,4}[.):][ \t]+")
_STARRED = re.compile(r"[ \t]*\*(?!\*)\(?[A-Za-z][.)\]]")
"""A right choice, as Respondus and text2qti have it."""
_LOOKED_AT = 200_000
_LONGEST = 10_000
"""Characters of a choice of several lines."""


def fits(text: str) -> bool:
    """Tell whether a text has lines with answers, each after lettered choices."""
    lines = text[:_LOOKED_AT].splitlines()
    answers = sum(ANSWER.fullmatch(line) is not None for line in lines)
    letters = [match[1].upper() for line in lines if (match := OPTION.fullmatch(line))]
    headings = sum(line.startswith("#") for line in lines)
    if any(map(_is_above_option, lines, lines[1:], [*lines[2:], ""])):
        return False
    starred = sum(_STARRED.match(line) is not None for line in lines)
    if not answers and 0 < starred < len(letters):
        return starred <= min(letters.count("A"), letters.count("B"))
    return 0 < answers <= min(letters.count("A"), letters.count("B")) and headings <= answers


def _is_above_option(line: str, *below: str) -> bool:
    """Tell whether a line is a heading that asks, with the choices below it."""
    first = next((each for each in below if each.strip()), "")
    return line.startswith("#") and OPTION.fullmatch(first) is not None


def read(text: str, path: Path | None = None) -> Material:  # noqa: ARG001 -- names no files
    """The questions of a text."""
    reader = _Reader()
    for number, line in enumerate(text.splitlines(), 1):
        reader.add(number, line.rstrip())
    reader.end()
    material = reader.material
    material.decks = [ForeignDeck("", reader.notes)] if reader.notes else []
    return material


class _Reader:
    """Goes through lines.

    Attributes:
        material: What is left behind.
        notes: The questions.
    """

    def __init__(self) -> None:
        self.material = Material()
        self.notes: list[ForeignNote] = []
        self._begin()

    def _begin(self) -> None:
        self._prompt: list[str] = []
        self._options: list[str] = []
        self._answer: list[str] = []
        self._starred: list[str] = []
        self._explained: list[str] = []
        self._start = 0

    def add(self, number: int, line: str) -> None:
        """Take a line."""
        option = OPTION.fullmatch(line)
        answer = ANSWER.fullmatch(line) if self._options else None
        if answer is not None:
            self._answer = re.findall("[A-Za-z]", _letters(answer[1]))
            self._explained += [each for each in answer.groups()[1:] if each]
        elif (
            option and ord(option[1].upper()) - ord("A") == len(self._options) and not self._answer
        ):
            if _STARRED.match(line):
                self._starred.append(option[1])
            self._options.append(option[2].strip())
        elif self._answer and (told := _EXPLAINED.fullmatch(line)):
            self._explained.append(told[1])
        elif not line.strip():
            if self._answer or self._starred:
                self.end()
            elif self._prompt and not self._options:
                self._prompt.append("")
        elif self._answer and self._explained and not _NUMBERED.match(line):
            self._explained.append(line.strip())
        else:
            if self._answer:
                self.end()
            if self._options:
                self._options[-1] = f"{self._options[-1][:_LONGEST]}\n{line.strip()}"
            else:
                self._start = self._start or number
                self._prompt.append(line)

    def end(self) -> None:
        """The question ends."""
        paragraphs = "\n".join(self._prompt).strip()
        prompt = _NUMBERED.sub("", paragraphs, count=1)
        where = f"line {self._start}"
        self._answer = self._answer or self._starred
        if self._options and self._answer and prompt:
            fields: dict[str, Field] = {"question": prompt}
            fields |= choice_fields(self._options, self._answer, from_zero=False)
            fields = as_statement(fields)
            if explain := "\n".join(self._explained).strip():
                fields["explain"] = explain
            self.notes.append(ForeignNote(fields, "", where))
            check_number(len(self.notes))
        elif prompt:
            reason = "no answer" if self._options else "a paragraph that is no question"
            self.material.skipped.append(Remark(where, reason))
        self._begin()


def _letters(written: str) -> str:
    """The letters that an answer names, without the word between them."""
    return re.sub(r"\band\b", ",", written, flags=re.IGNORECASE)
