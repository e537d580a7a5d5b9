"""All figures one below the other, for the command line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sco_quiz.reports.cards import cards
from sco_quiz.reports.lines import Line, Role, Span
from sco_quiz.reports.reviews import reviews
from sco_quiz.reports.words import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sco_quiz.insight.figures import Figures

LISTED = 5
"""How much of each list the text shows; the JSON has everything."""


def stats(figures: Figures, titles: Mapping[str, str], width: int) -> Iterator[Line]:
    """What `sco-quiz stats` says."""
    today = date.fromordinal(figures.today)
    decks = in_words(figures.decks, titles) if figures.decks else "all decks"
    title = f"How it goes in {decks}, {today:%A} {today.day} {today:%B %Y}"
    yield (Span(title, Role.TITLE),)
    if not figures.totals.answers:
        words = "No answers yet. `sco-quiz study` begins; come back when you have some."
        yield (Span(words, Role.SAYS),)
    yield ()
    yield from reviews(figures, width)
    yield from cards(figures, width, LISTED, command=True)
