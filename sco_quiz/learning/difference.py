"""Differences between two texts, in typing errors and character by character.

Only this module imports rapidfuzz, and only in its functions: the import takes 30 ms, and a right
answer does not need it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

LONGEST_DIFFERENCE = 1_000
"""The most characters of texts that are compared; longer ones differ as wholes."""


class Piece(NamedTuple):
    """A stretch of two texts side by side.

    Attributes:
        text: The characters.
        op: The texts that have them: both (same), only the right one (missing) or only the given
            one (extra). A replacement is missing, then extra.
    """

    text: str
    op: Literal["same", "missing", "extra"]


def edits(one: str, other: str, most: int) -> int:
    """Return the number of insertions, deletions, replacements and swaps between two texts.

    The optimal string alignment distance: no stretch of text is edited twice.

    Args:
        one: A text.
        other: Another.
        most: The number at which counting stops: a greater distance is returned as `most + 1`.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    from rapidfuzz import distance

    return distance.OSA.distance(one, other, score_cutoff=most)


def difference(given: str, right: str, *, exact: bool = False) -> tuple[Piece, ...]:
    """Compare an answer with the right one, character by character.

    The pieces that are same or missing make up `right`; those that are same or extra make up
    `given`, but for case unless `exact`. Texts with less than half in common differ as wholes.

    Args:
        given: The learner's answer.
        right: The right answer.
        exact: True if case is a difference.
    """
    from rapidfuzz import distance

    pieces: list[Piece] = []
    if max(len(given), len(right)) <= LONGEST_DIFFERENCE:
        mine, theirs = (given, right) if exact else (_small(given), _small(right))
        for step in distance.Levenshtein.opcodes(mine, theirs):
            stretch = right[step.dest_start : step.dest_end]
            if step.tag == "equal":
                pieces.append(Piece(stretch, "same"))
            else:
                pieces.append(Piece(stretch, "missing"))
                pieces.append(Piece(given[step.src_start : step.src_end], "extra"))
    common = sum(len(text) for text, op in pieces if op == "same")
    if 2 * common < max(len(given), len(right)):
        pieces = [Piece(right, "missing"), Piece(given, "extra")]
    return tuple(piece for piece in pieces if piece.text)


def _small(text: str) -> str:
    """Return the text in small letters, with the same length."""
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)
