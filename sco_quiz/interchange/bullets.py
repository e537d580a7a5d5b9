"""Lists whose items are questions, with answers below them, as in notes and Notion's toggles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.interchange.outline import Block, outline, shown_below

if TYPE_CHECKING:
    from collections.abc import Sequence

_ASKS = re.compile(r"(?!\[[ xX]\])[^|]{3,400}[?？؟][)*_\"”»]*[ \t]*")
_COMMENT = re.compile(r"^<!--.{0,200}?-->$", re.MULTILINE)
_QUOTE = re.compile(r"[ \t]*>[ \t]?")
_LABEL = re.compile(
    r"[*_]{0,2}(?:answer|ans|antwort|réponse|respuesta|resposta|risposta|ответ|答案)[*_]{0,2}"
    r"[ \t]*[:：][*_]{0,2}[ \t]*",
    re.IGNORECASE,
)


class BulletQuestion(NamedTuple):
    """A question of a list.

    Attributes:
        line: The number of its line.
        front: What is asked.
        back: What stands below it.
    """

    line: int
    front: str
    back: str


def questions(lines: Sequence[str], first: int) -> tuple[list[BulletQuestion], list[int]]:
    """The questions in the lists of a text, and the lines of what is none.

    Args:
        lines: The text.
        first: The number of its first line.
    """
    root = outline(lines, first, numbers=True)
    found: list[BulletQuestion] = []
    others: list[int] = []
    if root.text:
        others.append(root.number)
    waiting = list(reversed(root.below))
    while waiting:
        block = waiting.pop()
        if any(map(_asks, block.below)):
            waiting += reversed(block.below)
        elif _asks(block):
            own = "\n".join(map(str.rstrip, block.lines[1:])).strip()
            below = shown_below(block, as_list=bool(own)) if block.below else ""
            back = "\n".join(each for each in (own, below) if each)
            more, quote = _quoted(back)
            front = "\n".join([block.lines[0].strip(), *[more] * bool(more)])
            found.append(BulletQuestion(block.number, front, _tidied(quote)))
        elif block.below:
            waiting += reversed(block.below)
        elif block.text:
            others.append(block.number)
    return found, others


def _asks(block: Block) -> bool:
    """Tell whether a block is a question with something below it."""
    return (
        bool(block.lines)
        and _ASKS.fullmatch(block.lines[0]) is not None
        and (bool(block.below) or any(line.strip() for line in block.lines[1:]))
    )


def _quoted(text: str) -> tuple[str, str]:
    """The rest of a question, and its answer where that is a quotation, as for Inka."""
    lines = _COMMENT.sub("", text).strip().split("\n")
    start = next((at for at, line in enumerate(lines) if _QUOTE.match(line)), 0)
    if not all(_QUOTE.match(line) or not line.strip() for line in lines[start:]):
        return "", "\n".join(lines)
    answer = (_QUOTE.sub("", line, count=1) for line in lines[start:])
    return "\n".join(lines[:start]).strip(), "\n".join(answer).strip()


def _tidied(text: str) -> str:
    """An answer without the word that names it."""
    label = _LABEL.match(text)
    return text[label.end() :].strip() or text if label else text
