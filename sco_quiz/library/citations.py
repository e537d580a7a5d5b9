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
_LOOKED_UP = 1000
"""Words for which a source of a similar key is looked for; it takes up to a millisecond each."""


def cited_key(text: str) -> str:
    """The word at the start of a note's source that may be the key of one."""
    found = _CITATION.match(clean(text, multiline=False).strip())
    return found[1] if found else ""


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
        """The title of the source whose key starts the text, and the place in it.

        A text that starts with no key is shown as written; where it looks like a citation of a
        source that the deck does not have, that is noted at the `source` of the mapping.
        """
        shown = self._shown.get(text)
        if shown is not None:
            return shown
        shown = clean(text, multiline=False).strip()
        found = _CITATION.match(shown)
        if found is not None and self._titles:
            key, place = found.groups()
            title = self._titles.get(key)
            if title is not None:
                shown = f"{title}, {place}" if place else title
            elif self._seems_unknown(key, shown, node):
                return shown
        self._shown[text] = shown
        return shown

    def _seems_unknown(self, key: str, text: str, node: Mapping) -> bool:
        if key not in self._meant and len(self._meant) < _LOOKED_UP:
            similar = _LIKE_A_KEY.fullmatch(key) is not None
            self._meant[key] = did_you_mean(key, self._titles) if similar else None
        meant = self._meant.get(key)
        if meant is None and not _WITH_PLACE.match(text):
            return False
        spot = node.spot("source")
        self._problems.add(
            "W403", f"no source is called {quote(key)}", spot.start, spot.end,
            help=f"did you mean `{meant}`?" if meant else "add it under `sources:`",
        )  # fmt: skip
        return True
