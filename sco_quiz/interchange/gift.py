"""Moodle's GIFT: https://docs.moodle.org/en/GIFT_format.

A question is a paragraph with its answers in braces. Right answers begin with `=`, wrong ones with
`~`; feedback follows a `#`, a weight stands between percent signs. Texts are HTML in which line
ends count, unless they say otherwise.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.interchange.markup_builder import escaped_if_needed
from sco_quiz.interchange.material import ForeignDeck, ForeignNote, Material, Remark, check_number
from sco_quiz.interchange.moodle import (
    MoodleAnswer,
    SkippedError,
    Texts,
    choice,
    explanation,
    matching,
    short,
)
from sco_quiz.interchange.shelf import FolderShelf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sco_quiz.interchange.material import Field

_CATEGORY = re.compile(r"[ \t]*\$CATEGORY:[ \t]*(.*)")
_TITLE = re.compile(r"::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"%(-?[0-9.]+)%")
_TRUTH = re.compile(r"(T|TRUE|F|FALSE)[ \t\n]*(?:#(.*))?", re.DOTALL)
_ANSWER = re.compile(r"[=~]")
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]-?[0-9]+)?")
_ESCAPED = "~=#{}:"
_HIDDEN = {sign: chr(0xE000 + place) for place, sign in enumerate(_ESCAPED)}
_SHOWN = {ord(hidden): sign for sign, hidden in _HIDDEN.items()}
_ESCAPE = re.compile(rf"\\([{re.escape(_ESCAPED)}n\\])")
_PATH = re.compile(r"^\$(?:course|module|system|cat)\d*\$/(?:top/)?", re.IGNORECASE)
_TAG = re.compile(r"\[tag:([^\[\]]{1,100})\]")
_ASKS = re.compile(r"(?<!\\)\{\s*[=~#]|(?<![\\\w^_}])\{\s*(?:T|TRUE|F|FALSE)\s*[#}]")
_LOOKED_AT = 200_000
"""Characters by which a text is judged."""


def fits(text: str) -> bool:
    """Tell whether at least half of the paragraphs of a text have answers in braces."""
    if not _ASKS.search(text, 0, _LOOKED_AT):
        return False
    blocks = [block for _, block, _ in _blocks(text[:_LOOKED_AT]) if not _CATEGORY.match(block)]
    asking = sum(_ASKS.search(block) is not None for block in blocks)
    return asking * 2 >= len(blocks)


def read(text: str, path: Path = Path("quiz.gift")) -> Material:
    """The questions of a GIFT file; each category is a deck."""
    material = Material()
    shelf = FolderShelf(path.parent)
    decks: dict[str, list[ForeignNote]] = {}
    title = ""
    for number, (line, block, tags) in enumerate(_blocks(text), 1):
        check_number(number)
        where = f"line {line}"
        if category := _CATEGORY.fullmatch(block.strip()):
            title = title_of(category[1])
            continue
        question = _Question(block, Texts(shelf))
        try:
            fields = question.fields()
        except SkippedError as error:
            material.skipped.append(Remark(where, str(error)))
            continue
        if tags:
            fields["tags"] = tags
        material.lossy += [Remark(where, reason) for reason in sorted(question.texts.lost)]
        decks.setdefault(title, []).append(ForeignNote(fields, question.name, where))
    material.decks = [ForeignDeck(name, notes) for name, notes in decks.items()]
    material.media = list(shelf.taken.values())
    return material


def title_of(category: str) -> str:
    """The title of a deck for a category: `$course$/top/Asia/Rivers` is `Asia::Rivers`."""
    parts = _PATH.sub("", category.strip()).replace("//", "\0").split("/")
    named = [part.replace("\0", "/").strip() for part in parts]
    return "::".join(part for part in named if part and part.casefold() != "top")


def _blocks(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """The paragraphs with the lines at which they start, and the tags that comments give them."""
    block: list[str] = []
    tags: list[str] = []
    start = 1
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.lstrip().startswith("//"):
            tags += [tag.strip() for tag in _TAG.findall(line[:2000])]
            continue
        if line.strip() and not _CATEGORY.match(line):
            start = start if block else number
            block.append(line)
            continue
        if block:
            yield start, "\n".join(block), list(dict.fromkeys(tags))
            block, tags = [], []
        if line.strip():
            yield number, line, []


class _Question:
    """One question, read.

    Attributes:
        name: Its title, which names it; empty if it has none.
        texts: What its texts lose.
    """

    def __init__(self, block: str, texts: Texts) -> None:
        text = _ESCAPE.sub(_hidden, block.strip())
        self.texts = texts
        self.name = ""
        if title := _TITLE.match(text):
            self.name = _plain(title[1])
            text = text[title.end() :].lstrip()
        self._form = "moodle"
        if form := _FORMAT.match(text):
            self._form = form[1]
            text = text[form.end() :]
        self._text = text

    def fields(self) -> dict[str, Field]:
        """Return the question in the terms of the deck format.

        Raises:
            SkippedError: It cannot be one of ours.
        """
        text = self._text
        start, end = text.find("{"), text.rfind("}")
        if start < 0:
            raise SkippedError("it has no answers in braces")
        if end < start:
            raise SkippedError("its braces are not closed")
        if text.count("{") > 1:
            raise SkippedError("it has braces within braces, or two pairs of them")
        inside, _, general = text[start + 1 : end].partition("####")
        if not inside.strip():
            raise SkippedError("an essay, or a text without a question, has no answer to check")
        prompt = self._shown(text[:start], asked=True)
        if after := text[end + 1 :].strip():
            prompt = f"{prompt} _____ {self._shown(after, asked=True)}".strip()
        answers: list[MoodleAnswer] = []
        fields = self._asked(prompt, inside.strip(), answers)
        if explain := explanation(self._shown(general), answers, fields):
            fields["explain"] = explain
        return fields | self.texts.files()

    def _asked(self, prompt: str, inside: str, answers: list[MoodleAnswer]) -> dict[str, Field]:
        if truth := _TRUTH.fullmatch(inside):
            right = "true" if truth[1][0] == "T" else "false"
            first, _, second = (truth[2] or "").partition("#")
            # With two feedbacks the first is for who is wrong.
            told, untold = (second, first) if second.strip() else (first, "")
            other = "false" if right == "true" else "true"
            answers += [
                MoodleAnswer(right, 100, self._shown(told)),
                MoodleAnswer(other, 0, self._shown(untold)),
            ]
            return {"statement": prompt, "answer": right}
        if inside.startswith("#"):
            answers += self._numbers(inside[1:].strip())
            return short(prompt, answers, self.texts)
        if not _ANSWER.match(inside):
            raise SkippedError("its answers begin with neither = nor ~")
        answers += self._answers(inside)
        if any("->" in each.text for each in answers):
            pairs = [each.text.partition("->") for each in answers]
            return matching(
                prompt, [(left.strip(), right.strip()) for left, _, right in pairs], self.texts
            )
        starts = set(_ANSWER.findall(inside))
        if starts == {"="}:
            return short(prompt, answers, self.texts)
        return choice(prompt, answers, self.texts, several="=" not in starts)

    def _answers(self, inside: str) -> Iterator[MoodleAnswer]:
        starts = [match.start() for match in _ANSWER.finditer(inside)]
        for start, end in zip(starts, [*starts[1:], len(inside)], strict=True):
            written, _, feedback = inside[start + 1 : end].strip().partition("#")
            share = 100.0 if inside[start] == "=" else 0.0
            if weight := _WEIGHT.match(written):
                written = written[weight.end() :]
                share = _share(weight[1])
            if text := self._shown(written):
                yield MoodleAnswer(text, share, self._shown(feedback))

    def _numbers(self, written: str) -> list[MoodleAnswer]:
        listed = re.split(r"(?<!\\)[=~]", written) if _ANSWER.search(written) else [written]
        found = []
        for each in listed:
            first, _, feedback = each.strip().partition("#")
            share = 100.0
            if weight := _WEIGHT.match(first):
                share, first = _share(weight[1]), first[weight.end() :]
            value, _, tolerance = first.translate(_SHOWN).partition(":")
            value = value.strip()
            if not value:
                continue
            if not _NUMBER.fullmatch(value):
                raise SkippedError("a range of numbers cannot be an answer here")
            if tolerance.strip(" 0."):
                self.texts.lost.add("how far a number may be off is not kept")
            found.append(MoodleAnswer(value, share, self._shown(feedback)))
        return found

    def _shown(self, written: str, *, asked: bool = False) -> str:
        text, kind = written.strip(), self._form
        if form := _FORMAT.match(text):
            text, kind = text[form.end() :], form[1]
        text = text.translate(_SHOWN).strip()
        if kind in {"html", "moodle"}:
            return self.texts.html(text, lines=kind == "moodle", asked=asked)
        return text if kind == "markdown" else escaped_if_needed(text)


def _hidden(match: re.Match[str]) -> str:
    if match[1] == "\\":
        return "\\"
    return _HIDDEN.get(match[1], "\n")


def _plain(written: str) -> str:
    return " ".join(written.translate(_SHOWN).split())


def _share(written: str) -> float:
    return float(written) if _NUMBER.fullmatch(written) else 0.0
