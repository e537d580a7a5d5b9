"""Reads searches for cards, such as `capital tag:asia is:due -kind:choice "lies in"`.

A search is a list of terms; a card has to fit all of them. A term is a word or a phrase in quotes,
found anywhere in a card's texts, or `name:value`; a `-` before it negates it. A part that cannot be
read is left out of the search and reported, with its place.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import closest
from sco_quiz.learning.folding import (
    with_digraphs,
    with_plain_signs,
    without_accents,
    without_case,
)
from sco_quiz.learning.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LONGEST = 1_000
"""The most characters of a search: a text pasted by mistake may be very long."""
MOST_DAYS = 36_500

STATES = ("due", "new", "learning", "review", "leech", "suspended", "buried", "flagged")
"""The values of `is:`."""

_WANTS = {
    "is": "a state: " + ", ".join(STATES),
    "rated": "days: rated:7 is what was answered in the last 7",
    "added": "days: added:30 is what came in the last 30",
    "tag": "a tag",
    "deck": "a deck: its id, or part of its title; of a parent, all below it",
    "kind": "a kind: " + ", ".join(Kind),
    "flag": "a number from 0 (none) to 7",
    "card": "a card's id, or how it begins",
}
"""The names of terms, with a description of the value."""

_EXCLUSIVE = (
    frozenset({"new", "learning", "review"}),
    frozenset({"new", "due"}),
    frozenset({"new", "leech"}),
    frozenset({"suspended", "due"}),
    frozenset({"buried", "due"}),
)
"""Sets of states that exclude one another."""
_PIECE = re.compile(
    r'\s+|-?(?:([^\W\d_]+):)?(?:"((?:[^"\\]|\\.)*)(?:"|\\?\Z)|([^\s"]*))', re.DOTALL
)
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
_UMLAUT = re.compile("[äöüåøÄÖÜÅØ]|[aouAOU][\u0308\u030a]")
_WITHIN_WORDS = re.compile(r"[.'-](?<=[^\W\d_].)(?=[^\W\d_])")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Term(NamedTuple):
    """One condition that a card has to fit.

    Attributes:
        name: One of `is`, `rated`, `added`, `tag`, `deck`, `kind`, `flag`, `card`; empty for text.
        value: The value, in comparable form: a text as `searchable` returns it, a number without
            leading zeros.
        negated: True if a card must not fit it.
        start: Its start in the search.
        end: Its end.
    """

    name: str
    value: str
    negated: bool
    start: int
    end: int

    @property
    def written(self) -> str:
        """The term as people write it, without its `-`."""
        spaced = not self.value or any(
            character.isspace() or character == '"' for character in self.value
        )
        value = self.value.replace("\\", "\\\\").replace('"', '\\"')
        quoted = spaced or (not self.name and (":" in value or value.startswith("-")))
        written_value = f'"{value}"' if quoted else self.value
        return f"{self.name}:{written_value}" if self.name else written_value


class SearchProblem(NamedTuple):
    """A part of a search that cannot be read, or that no card can fit.

    Attributes:
        message: A description of the mistake, with the nearest right form.
        start: Its start in the search.
        end: Its end.
    """

    message: str
    start: int
    end: int


class Search(NamedTuple):
    """The terms of a search, and its mistakes.

    Attributes:
        terms: The conditions, all of which a card has to fit; none for every card.
        troubles: The parts that were left out or that no card can fit, in order.
    """

    terms: tuple[Term, ...] = ()
    troubles: tuple[SearchProblem, ...] = ()


def parse(text: str) -> Search:
    """Read a search. This raises nothing, whatever the text."""
    if len(text) > LONGEST:
        message = f"a search has up to {LONGEST:,} characters, and this one {len(text):,}"
        return Search((), (SearchProblem(message, LONGEST, len(text)),))
    terms: list[Term] = []
    troubles: list[SearchProblem] = []
    for piece in _PIECE.finditer(text):
        read = _read(piece)
        if isinstance(read, Term):
            terms.append(read)
        elif read is not None:
            troubles.append(read)
    troubles += _contradictions(terms)
    return Search(tuple(terms), tuple(sorted(troubles, key=lambda trouble: trouble.start)))


def searchable(*texts: str) -> str:
    """Return texts in comparable form, without what judging folds in every language.

    It folds case, accents, spaces, and the forms of letters, signs and digits.
    """
    joined = "\n".join([" ".join(text.split()) for text in texts]).replace("`", "'").casefold()
    if joined.isascii():
        return joined
    lines = _FOREIGN.sub(_fold_foreign, joined).split("\n")
    return "\n".join([" ".join(line.split()) for line in lines])  # a sign may leave a space


def other_spellings(*texts: str) -> list[str]:
    """Return other spellings of texts: without signs within words, with ae for ä.

    An answer in such a spelling is right too.
    """
    written = [_UMLAUT.sub(_in_two_letters, text) for text in texts]
    spellings = [searchable(two) for text, two in zip(texts, written, strict=True) if two != text]
    whole = searchable(*texts)
    bare = _WITHIN_WORDS.sub("", whole)
    if bare != whole:
        lines = zip(bare.split("\n"), whole.split("\n"), strict=True)
        spellings += [other for other, line in lines if other != line]
    return spellings


def _in_two_letters(letter: re.Match[str]) -> str:
    return _digraph(letter[0])


@lru_cache(maxsize=64)
def _digraph(letter: str) -> str:
    return with_digraphs(without_case(with_plain_signs(letter)))


def _fold_foreign(letters: re.Match[str]) -> str:
    power = letters[0][0] in _POWERS and letters.string[: letters.start()][-1:].isdecimal()
    return "^" * power + _folded(letters[0])


@lru_cache(maxsize=4096)
def _folded(letters: str) -> str:
    return without_accents(without_case(with_plain_signs(letters)))


def nearest(name: str, value: str, values: Iterable[str]) -> str:
    """Return the most similar term, as a question; empty if none is similar."""
    close = closest(value, values)
    return f"; did you mean {name}:{close}?" if close else ""


def _read(piece: re.Match[str]) -> Term | SearchProblem | None:
    """Read one piece of a search; None if it is only space."""
    start, end = piece.span()
    name, quoted, bare = piece.groups()
    negated = piece[0].startswith("-")
    value = _ESCAPED.sub(r"\1", quoted) if quoted is not None else bare or ""
    if name is None:
        text = searchable(value)
        return Term("", text, negated, start, end) if text.strip() else None
    name = name.casefold()
    if name not in _WANTS:
        close = closest(name, _WANTS)
        suggestion = (
            f"; did you mean {close}:?" if close else ", put it in quotes to find it as text"
        )
        return SearchProblem(f"there is no {name}:{suggestion}", start, end)
    value = value.strip()
    try:
        return Term(name, _value(name, value), negated, start, end)
    except ValueError as error:
        return SearchProblem(str(error), start, end)


def _value(name: str, value: str) -> str:
    """Return the value of a term in comparable form.

    Raises:
        ValueError: The value is not possible; the message says why.
    """
    if not value:
        raise ValueError(f"{name}: wants {_WANTS[name]}")
    word = value.casefold()
    match name:
        case "is" | "kind":
            words: Sequence[str] = STATES if name == "is" else list(Kind)
            word = word.replace("/", "_")
            if word not in words:
                suggestion = nearest(name, word, words) or f", but {', '.join(words)}"
                raise ValueError(f"there is no {name}:{value}{suggestion}")
            return word
        case "rated" | "added" | "flag":
            least, most = (0, 7) if name == "flag" else (1, MOST_DAYS)
            if not (word.isascii() and word.isdecimal() and len(word) < 9):
                raise ValueError(f"{name}: wants {_WANTS[name]}")
            if not least <= int(word) <= most:
                raise ValueError(f"{name}: goes from {least} to {most:,}")
            return str(int(word))
        case "card":
            return word
        case _:
            return searchable(value)


def _contradictions(terms: Sequence[Term]) -> Iterator[SearchProblem]:
    """Yield terms that no card can fit together, each once."""
    for number, later in enumerate(terms):
        earlier = next((term for term in terms[:number] if not _fit(term, later)), None)
        if earlier is not None:
            one, other = (f"{'not ' * term.negated}{term.written}" for term in (earlier, later))
            yield SearchProblem(f"no card is both {one} and {other}", later.start, later.end)
    barred = {term.value: term for term in terms if term.name == "is" and term.negated}
    if barred.keys() >= _EXCLUSIVE[0]:
        last = max((barred[state] for state in _EXCLUSIVE[0]), key=lambda term: term.start)
        yield SearchProblem("every card is new, in learning or in review", last.start, last.end)


def _fit(one: Term, other: Term) -> bool:
    """Return True if a card may fit both terms."""
    if one.negated and other.negated:
        return True
    if one.negated or other.negated:
        wanted, barred = (other, one) if one.negated else (one, other)
        if not wanted.name and not barred.name:
            return barred.value not in wanted.value
        flagged = wanted.name == "flag" and wanted.value != "0"
        return wanted[:2] != barred[:2] and not (flagged and barred[:2] == ("is", "flagged"))
    if one[:2] == other[:2]:
        return True
    if one.name == other.name == "is":
        return not any({one.value, other.value} <= states for states in _EXCLUSIVE)
    if one.name == other.name:
        return one.name not in ("kind", "flag")
    return {one[:2], other[:2]} != {("is", "flagged"), ("flag", "0")}
