"""Makes the cards of a well-formed note, and notes the problems with them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sco_quiz.learning.cloze import ClozeError, read_cloze
from sco_quiz.learning.kinds import Input
from sco_quiz.library.diagnostics import quote
from sco_quiz.library.nodes import SequenceNode
from sco_quiz.text import clean

if TYPE_CHECKING:
    from sco_quiz.learning.kinds import Kind
    from sco_quiz.library.diagnostics import Problems
    from sco_quiz.library.nodes import MappingNode, Spot
    from sco_quiz.library.schema import Note

Asked: TypeAlias = tuple[str, str, tuple[str, ...]]
"""One card of a note: its variant, its prompt and its answers. The variant names it among the cards
of its note, and is empty for the first."""


class Questions(NamedTuple):
    """The questions of a note; all texts are clean.

    Attributes:
        prompt: The prompt, which identifies a note without an id.
        cards: Its cards, at least one.
        choices: The wrong choices; a typed note has them for the time when it is asked as a choice.
        accept: Other right answers.
        strict: True if accents, case and punctuation count; None to leave it to the deck.
    """

    prompt: str
    cards: tuple[Asked, ...]
    choices: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    strict: bool | None = None


def block(text: str) -> str:
    """Return a clean text that may have several lines."""
    return clean(text).strip()


def line(text: str) -> str:
    """Return a clean text of one line."""
    return clean(text, multiline=False).strip()


def lines(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Clean texts of one line each."""
    return tuple([clean(text, multiline=False).strip() for text in texts]) if texts else ()


def identifier(text: str) -> str:
    """Return a clean id, with accents composed so that equal ids are equal texts."""
    return unicodedata.normalize("NFC", line(text))


def ask(kind: Kind, note: Note, node: MappingNode, problems: Problems) -> Questions | None:
    """Return the questions of a note.

    Args:
        kind: Its kind.
        note: The note.
        node: The data it was made of.
        problems: Takes the problems of its texts.

    Returns:
        None if nothing can be asked; the problem is noted.
    """
    spec = kind.spec
    prompt = block(getattr(note, spec.prompt))
    accept, strict = lines(getattr(note, "accept", ())), getattr(note, "strict", None)
    if spec.has_gaps:
        return _gaps(spec.prompt, prompt, accept, strict, node, problems)
    right: str | tuple[str, ...] = getattr(note, spec.answer)
    if isinstance(right, str):
        right = (block(right) if spec.input is Input.REVEAL else line(right),)
    else:
        right = lines(right)
    wrong = lines(getattr(note, spec.wrong)) if spec.wrong else ()
    _refuse_repeats(right + wrong, len(right), node, (spec.answer, spec.wrong), problems)
    cards = [("", prompt, right)]
    if getattr(note, "reverse", "") == "true":
        cards.append(("reverse", right[0], (prompt,)))
    return Questions(prompt, tuple(cards), wrong, accept, _flag(strict))


def _gaps(
    key: str,
    text: str,
    accept: tuple[str, ...],
    strict: str | None,
    node: MappingNode,
    problems: Problems,
) -> Questions | None:
    """Return the questions of the gaps in a text under a key."""
    try:
        cloze = read_cloze(text)
    except ClozeError as error:
        spot = node.spot(key)
        at = find_brace(problems.lines.text, spot, text.count("{{", 0, error.offset))
        problems.add("E305", str(error), at, min(at + 2, spot.end), help=error.help)
        return None
    if accept and (len(cloze.blanks) > 1 or len(cloze.blanks[0].answers) > 1):
        spot_of_accept = node.spot("accept")
        problems.add(
            "E308", "`accept` with several deletions", spot_of_accept.key, spot_of_accept.end,
            help="delete it, or make a note of each deletion",
        )  # fmt: skip
    return Questions(cloze.text, cloze.blanks, (), accept, _flag(strict))


def find_brace(text: str, spot: Spot, number: int) -> int:
    """Return the place in the file of the double brace with a number (from 0) in a text."""
    at = spot.start
    for _ in range(number + 1):
        brace = text.find("{{", at, spot.end)
        if brace < 0:
            return spot.start
        at = brace + 2
    return at - 2


def _flag(written: str | None) -> bool | None:
    return None if written is None else written == "true"


def _fold(text: str) -> str:
    return text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def _spots(node: MappingNode, key: str) -> list[Spot]:
    value = node[key]
    if isinstance(value, SequenceNode):
        return [value.spot(index) for index in range(len(value))]
    return [node.spot(key)]


def _refuse_repeats(
    texts: tuple[str, ...], right: int, node: MappingNode, keys: tuple[str, ...], problems: Problems
) -> None:
    """Note texts that the keys of a note give twice; the first `right` texts are right answers."""
    if len(texts) == 1 or len({_fold(text) for text in texts}) == len(texts):
        return
    spots = [spot for key in keys if key in node for spot in _spots(node, key)]
    same: dict[str, int] = {}
    alike: dict[str, int] = {}
    for index, (text, spot) in enumerate(zip(texts, spots, strict=True)):
        first, near = same.setdefault(text, index), alike.setdefault(_fold(text), index)
        if first < right <= index:
            problems.add(
                "E307", f"the choice {quote(text)} is the right answer", spot.start, spot.end,
                help=f"`{keys[1]}` are the wrong ones only; delete it there",
            )  # fmt: skip
        elif first < index:
            problems.add(
                "E307", f"{quote(text)} is given twice", spot.start, spot.end, help="delete one"
            )
        elif near < index:
            problems.add(
                "W404", f"{quote(text)} and {quote(texts[near])} look the same", spot.start,
                spot.end, help="they differ in case, width or spacing only",
            )  # fmt: skip
