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
_WITH_PLACE = re.compile(r"[^\s,]+(?:$|,|\s+(?:pp?\.|§|¶|[0-9]))")


class Citations:
    """The sources of a deck, cited as `atlas p. 12`."""

    def __init__(self, sources: dict[str, Source], problems: Problems) -> None:
        """Know sources by their keys."""
        self._titles = {
            key: clean(source.title, multiline=False).strip() for key, source in sources.items()
        }
        self._problems = problems
        self._shown: dict[str, str] = {}

    def show(self, text: str, node: Mapping) -> str:
        """The title of the source whose key starts the text, and the place in it.

        A text that starts with no key is shown as written; where it looks like a citation of a
        source that the deck does not have, that is noted at the `source` of the mapping.
        """
        shown = self._shown.get(text)
        if shown is None:
            shown, known = self._cite(clean(text, multiline=False).strip(), node)
            if known:
                self._shown[text] = shown
        return shown

    def _cite(self, text: str, node: Mapping) -> tuple[str, bool]:
        found = _CITATION.match(text)
        if found is None or not self._titles:
            return text, True
        key, place = found.groups()
        title = self._titles.get(key)
        if title is not None:
            return f"{title}, {place}" if place else title, True
        meant = did_you_mean(key, self._titles)
        if meant is None and not _WITH_PLACE.match(text):
            return text, True
        spot = node.spot("source")
        self._problems.add(
            "W403", f"no source is called {quote(key)}", spot.start, spot.end,
            help=f"did you mean `{meant}`?" if meant else "add it under `sources:`",
        )  # fmt: skip
        return text, False
