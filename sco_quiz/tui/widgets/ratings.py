"""The four ratings with the interval each gives; the proposed one stands out.

Below them, and in their place while they are not there, stands what a beginner is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from sco_quiz.learning.cards import Rating

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual import events
    from textual.app import RenderResult

STYLES = {
    Rating.AGAIN: "$error",
    Rating.HARD: "$accent",
    Rating.GOOD: "$success",
    Rating.EASY: "$secondary",
}
NAMES = {rating: rating.name.capitalize() for rating in Rating}


class Ratings(Widget):
    """Four blocks side by side; a click on one rates."""

    DEFAULT_CSS = """
    Ratings { height: 3; padding: 0 2; }
    """

    class RatingClicked(Message):
        """A rating was clicked."""

        def __init__(self, rating: Rating) -> None:
            super().__init__()
            self.rating = rating

    def __init__(self) -> None:
        super().__init__()
        self._intervals: Mapping[Rating, str] = {}
        self._proposal = Rating.GOOD
        self._tip = ""

    def show(self, intervals: Mapping[Rating, str], proposal: Rating, tip: str = "") -> None:
        """Set what stands under each rating, which one is proposed, and what is told below."""
        self._intervals, self._proposal = intervals, proposal
        self.display = True
        self._tell(tip)

    def hide(self, tip: str = "") -> None:
        """Keep the room, show nothing but what is told: what stands above must not move."""
        self._intervals = {}
        self._tell(tip)

    def _tell(self, tip: str) -> None:
        self._tip = tip
        self.set_class(bool(tip), "-told")  # where there are few lines, one more is for it
        self.refresh()

    def render(self) -> RenderResult:
        """Name above interval, both centred in their block."""
        tip = _centred(Content.styled(self._tip, "$primary"), self.size.width)
        if not self._intervals:
            return Content("\n\n") + tip
        gap = 2 if self.size.width >= 70 else 1
        width = min(20, (self.size.width - 3 * gap) // 4)
        margin = " " * ((self.size.width - 4 * width - 3 * gap) // 2)
        rows = []
        for upper in (True, False):
            blocks = []
            for rating in Rating:
                proposed = rating is self._proposal
                if upper:
                    text = Content.assemble(
                        (f"{rating.value} ", "$muted"), (NAMES[rating], STYLES[rating])
                    )
                else:
                    ink = "$foreground" if proposed else "$muted"
                    text = Content.styled(self._intervals[rating], ink)
                edge = Content.styled("▌" if proposed else " ", STYLES[rating])
                block = edge + _centred(text, width - 2) + " "
                block = block.stylize_before("on $panel" if proposed else "on $surface")
                blocks.append(block.stylize(Style.from_meta({"rating": rating.value})))
            rows.append(Content(margin) + Content(" " * gap).join(blocks))
        return Content("\n").join([*rows, tip] if self._tip else rows)

    def on_click(self, event: events.Click) -> None:
        """A click on a block rates."""
        value = event.style.meta.get("rating")
        if value is not None:
            self.post_message(self.RatingClicked(Rating(value)))


def _centred(text: Content, width: int) -> Content:
    left = max(0, width - text.cell_length) // 2
    return text.pad(left, max(0, width - text.cell_length - left))
