"""How a note's source is shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.library.diagnostics import did_you_mean, quote
from sco_quiz.text import clean

if TYPE_CHECKING:
    from sco_quiz.library.diagnostics import Problems
    from sco_quiz.library.nodes import Mapping
    from sco_quiz.library.schema import Source

_CITATION = re.compile(r"([^\s,]+)[\s,]*(.*)", re.DOTALL)
_LIKE_A_KEY = re.compile(r"[\w.-]+")
_WITH_PLACE = re.compile(r"[\w.-]+(?:$|,|\s+(?:pp?\.|§|¶|[0-9]))")
_BETWEEN = "; "
"""What stands between the parts of a source, each of which may cite another work."""
_LOOKED_UP = 1000
"""Words for which a source of a similar key is looked for; it takes up to a millisecond each."""


def cited_keys(text: str) -> set[str]:
    """Return the words at the start of each part of a note's source, which may be keys of some."""
    parts = clean(text, multiline=False).split(_BETWEEN)
    return {found[1] for part in parts if (found := _CITATION.match(part.strip()))}


class Citations:
    """The sources of a deck, cited as `atlas p. 12`."""

    def __init__(self, sources: dict[str, Source], problems: Problems) -> None:
        """Know sources by their keys."""
        self._titles = {
            key: clean(source.title, multiline=False).strip() for key, source in sources.items()
        }
        self._problems = problems
        self._shown: dict[str, str] = {}
        self._meant: dict[str, str | None] = {}

    def show(self, text: str, node: Mapping) -> str:
        """Return a source with titles for the keys that its parts, between semicolons, start with.

        A part that starts with no key is shown as written; where it looks like a citation of a
        source that the deck does not have, that is noted at the `source` of the mapping.
        """
        shown = self._shown.get(text)
        if shown is not None:
            return shown
        parts = clean(text, multiline=False).strip().split(_BETWEEN)
        known = len(self._problems.found)
        shown = _BETWEEN.join(self._show_part(part, node) for part in parts)
        if len(self._problems.found) == known:  # else each note that cites it is told of
            self._shown[text] = shown
        return shown

    def _show_part(self, part: str, node: Mapping) -> str:
        found = _CITATION.match(part)
        if found is None or not self._titles:
            return part
        key, place = found.groups()
        title = self._titles.get(key)
        if title is None:
            self._note_if_unknown(key, part, node)
            return part
        return f"{title}, {place}" if place else title

    def _note_if_unknown(self, key: str, text: str, node: Mapping) -> None:
        if key not in self._meant and len(self._meant) < _LOOKED_UP:
            similar = _LIKE_A_KEY.fullmatch(key) is not None
            self._meant[key] = did_you_mean(key, self._titles) if similar else None
        meant = self._meant.get(key)
        if meant is None and not _WITH_PLACE.match(text):
            return
        spot = node.spot("source")
        self._problems.add(
            "W403", f"no source is called {quote(key)}", spot.start, spot.end,
            help=f"did you mean `{meant}`?" if meant else "add it under `sources:`",
        )  # fmt: skip
