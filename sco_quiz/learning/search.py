"""The language in which cards are looked for: `capital tag:asia is:due -kind:choice "lies in"`.

A search is terms, all of which a card has to fit. A term is a word or a phrase in quotes, found
anywhere in a card's texts, or `name:value`; a `-` before it turns it round. What cannot be read is
left out of the search and told of, with its place.
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
"""Characters of a search; nobody types more, and what is pasted by mistake may be endless."""
MOST_DAYS = 36_500

STATES = ("due", "new", "learning", "review", "leech", "suspended", "buried", "flagged")
"""What may stand behind `is:`."""

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
"""The names of terms, and what has to stand behind each."""

_EXCLUSIVE = (
    frozenset({"new", "learning", "review"}),
    frozenset({"new", "due"}),
    frozenset({"new", "leech"}),
    frozenset({"suspended", "due"}),
    frozenset({"buried", "due"}),
)
"""States of which a card has at most one."""
_PIECE = re.compile(
    r'\s+|-?(?:([^\W\d_]+):)?(?:"((?:[^"\\]|\\.)*)(?:"|\\?\Z)|([^\s"]*))', re.DOTALL
)
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
_UMLAUT = re.compile("[äöüåøÄÖÜÅØ]|[aouAOU][\u0308\u030a]")
_WITHIN_WORDS = re.compile(r"[.'-](?<=[^\W\d_].)(?=[^\W\d_])")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Term(NamedTuple):
    """One thing that a card has to fit.

    Attributes:
        name: Of `is`, `rated`, `added`, `tag`, `deck`, `kind`, `flag`, `card`; empty for a text.
        value: What stands behind it, made comparable: a text as `searchable` makes it, a number
            without leading zeros.
        negated: Whether a card must not fit it.
        start: Where it begins in the search.
        end: Where it ends.
    """

    name: str
    value: str
    negated: bool
    start: int
    end: int

    @property
    def written(self) -> str:
        """The term as one would write it, without its `-`."""
        spaced = not self.value or any(each.isspace() or each == '"' for each in self.value)
        value = self.value.replace("\\", "\\\\").replace('"', '\\"')
        quoted = spaced or (not self.name and (":" in value or value.startswith("-")))
        shown = f'"{value}"' if quoted else self.value
        return f"{self.name}:{shown}" if self.name else shown


class Trouble(NamedTuple):
    """What cannot be read of a search, or cannot be.

    Attributes:
        message: What is wrong, and the nearest right form.
        start: Where in the search.
        end: Where it ends there.
    """

    message: str
    start: int
    end: int


class Search(NamedTuple):
    """A search, read.

    Attributes:
        terms: What a card has to fit, all of it; none for every card.
        troubles: What was left out, and what no card can fit, in order.
    """

    terms: tuple[Term, ...] = ()
    troubles: tuple[Trouble, ...] = ()


def parse(text: str) -> Search:
    """Read a search. Whatever it holds, this raises nothing."""
    if len(text) > LONGEST:
        message = f"a search has up to {LONGEST:,} characters, and this one {len(text):,}"
        return Search((), (Trouble(message, LONGEST, len(text)),))
    terms: list[Term] = []
    troubles: list[Trouble] = []
    for piece in _PIECE.finditer(text):
        read = _read(piece)
        if isinstance(read, Term):
            terms.append(read)
        elif read is not None:
            troubles.append(read)
    troubles += _contradictions(terms)
    return Search(tuple(terms), tuple(sorted(troubles, key=lambda each: each.start)))


def searchable(*texts: str) -> str:
    """Texts as they are compared: without what judging folds in any language.

    That is case, accents, the layout of spaces, and the forms of letters, signs and digits.
    """
    joined = "\n".join([" ".join(text.split()) for text in texts]).replace("`", "'").casefold()
    if joined.isascii():
        return joined
    lines = _FOREIGN.sub(_fold_foreign, joined).split("\n")
    return "\n".join([" ".join(line.split()) for line in lines])  # a sign may leave a space


def other_spellings(*texts: str) -> list[str]:
    """Return how else texts may be written: without the signs in words, with ae for ä.

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
    """The term that was meant, as a question; empty where none is near."""
    close = closest(value, values)
    return f"; did you mean {name}:{close}?" if close else ""


def _read(piece: re.Match[str]) -> Term | Trouble | None:
    """A term of a piece of text; None if it says nothing."""
    start, end = piece.span()
    name, quoted, bare = piece.groups()
    negated = piece[0].startswith("-")
    value = _ESCAPED.sub(r"\1", quoted) if quoted is not None else bare or ""
    if name is None:
        found = searchable(value)
        return Term("", found, negated, start, end) if found.strip() else None
    name = name.casefold()
    if name not in _WANTS:
        close = closest(name, _WANTS)
        meant = f"; did you mean {close}:?" if close else ", put it in quotes to find it as text"
        return Trouble(f"there is no {name}:{meant}", start, end)
    value = value.strip()
    try:
        return Term(name, _value(name, value), negated, start, end)
    except ValueError as error:
        return Trouble(str(error), start, end)


def _value(name: str, value: str) -> str:
    """The value of a term, made comparable.

    Raises:
        ValueError: It cannot be one, told in words.
    """
    if not value:
        raise ValueError(f"{name}: wants {_WANTS[name]}")
    word = value.casefold()
    match name:
        case "is" | "kind":
            words: Sequence[str] = STATES if name == "is" else list(Kind)
            word = word.replace("/", "_")
            if word not in words:
                meant = nearest(name, word, words) or f", but {', '.join(words)}"
                raise ValueError(f"there is no {name}:{value}{meant}")
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


def _contradictions(terms: Sequence[Term]) -> Iterator[Trouble]:
    """Terms that no card fits together, each told once."""
    for number, later in enumerate(terms):
        earlier = next((each for each in terms[:number] if not _fit(each, later)), None)
        if earlier is not None:
            one, other = (f"{'not ' * each.negated}{each.written}" for each in (earlier, later))
            yield Trouble(f"no card is both {one} and {other}", later.start, later.end)
    barred = {term.value: term for term in terms if term.name == "is" and term.negated}
    if barred.keys() >= _EXCLUSIVE[0]:
        last = max((barred[state] for state in _EXCLUSIVE[0]), key=lambda term: term.start)
        yield Trouble("every card is new, in learning or in review", last.start, last.end)


def _fit(one: Term, other: Term) -> bool:
    """Whether a card may fit both."""
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
