"""Shows the source of a note, with titles in place of the keys it cites."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.library.diagnostics import did_you_mean, quote
from sco_quiz.text import clean

if TYPE_CHECKING:
    from sco_quiz.library.diagnostics import Problems
    from sco_quiz.library.nodes import MappingNode
    from sco_quiz.library.schema import Source

_CITATION = re.compile(r"([^\s,]+)[\s,]*(.*)", re.DOTALL)
_LIKE_A_KEY = re.compile(r"[\w.-]+")
_WITH_PLACE = re.compile(r"[\w.-]+(?:$|,|\s+(?:pp?\.|§|¶|[0-9]))")
_BETWEEN = "; "
"""The text between the parts of a source, each of which may cite another work."""
_MOST_SUGGESTIONS = 1000
"""The most words for which a source with a similar key is looked for: one may take 1 ms."""


def cited_keys(text: str) -> set[str]:
    """Return the first word of each part of a note's source; each may be the key of a source."""
    parts = clean(text, multiline=False).split(_BETWEEN)
    return {match[1] for part in parts if (match := _CITATION.match(part.strip()))}


class Citations:
    """The sources of a deck, cited as `atlas p. 12`."""

    def __init__(self, sources: dict[str, Source], problems: Problems) -> None:
        """Take the sources of a deck, by their keys."""
        self._titles = {
            key: clean(source.title, multiline=False).strip() for key, source in sources.items()
        }
        self._problems = problems
        self._shown: dict[str, str] = {}
        self._intended_keys: dict[str, str | None] = {}

    def show(self, text: str, node: MappingNode) -> str:
        """Return a source as shown: a key at the start of a part becomes the title it stands for.

        Parts are divided by semicolons. One that starts with no key is shown as written; if it
        looks like a citation of a source that the deck lacks, that is noted as a problem of `node`.
        """
        shown = self._shown.get(text)
        if shown is not None:
            return shown
        parts = clean(text, multiline=False).strip().split(_BETWEEN)
        known = len(self._problems.found)
        shown = _BETWEEN.join(self._show_part(part, node) for part in parts)
        if len(self._problems.found) == known:  # else the problem is noted for each note
            self._shown[text] = shown
        return shown

    def _show_part(self, part: str, node: MappingNode) -> str:
        match = _CITATION.match(part)
        if match is None or not self._titles:
            return part
        key, place = match.groups()
        title = self._titles.get(key)
        if title is None:
            self._note_if_unknown(key, part, node)
            return part
        return f"{title}, {place}" if place else title

    def _note_if_unknown(self, key: str, text: str, node: MappingNode) -> None:
        if key not in self._intended_keys and len(self._intended_keys) < _MOST_SUGGESTIONS:
            is_like_a_key = _LIKE_A_KEY.fullmatch(key) is not None
            self._intended_keys[key] = did_you_mean(key, self._titles) if is_like_a_key else None
        intended_key = self._intended_keys.get(key)
        if intended_key is None and not _WITH_PLACE.match(text):
            return
        spot = node.spot("source")
        self._problems.add(
            "W403", f"no source is called {quote(key)}", spot.start, spot.end,
            help=f"did you mean `{intended_key}`?" if intended_key else "add it under `sources:`",
        )  # fmt: skip
