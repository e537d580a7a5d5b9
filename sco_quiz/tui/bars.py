"""The line on top of a screen, the line of keys below it, and one that fills as things get done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style
from textual.visual import Visual
from textual.widget import Widget

from sco_quiz.commands.actions import HELP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from textual import events
    from textual.app import RenderResult
    from textual.css.styles import RulesMap
    from textual.strip import Strip
    from textual.visual import RenderOptions

    from sco_quiz.commands.actions import Action


class Bar(Widget):
    """A line on which what stands for an action can be clicked."""

    async def on_click(self, event: events.Click) -> None:
        """A click does what a key does."""
        action = event.style.meta.get("action")
        if action is not None:
            await self.screen.run_action(action)


class TopBar(Bar):
    """One line: where the learner is on the left, how things stand on the right."""

    DEFAULT_CSS = """
    TopBar { height: 1; padding: 0 2; color: $muted; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._left = self._right = Content()

    def show(self, left: Content, right: Content) -> None:
        """Set both ends; where they don't fit, the left one is cut."""
        if not (self._left.is_same(left) and self._right.is_same(right)):
            self._left, self._right = left, right
            self.refresh()

    def render(self) -> RenderResult:
        """The two ends with the space between them."""
        room = self.size.width - self._right.cell_length
        left = self._left.truncate(max(room - 2, 0), ellipsis=True)
        return Content.assemble(left, " " * max(room - left.cell_length, 1), self._right)


class KeyBar(Bar):
    """The keys that act now. Each can be clicked, but for digits: a click names none of them."""

    DEFAULT_CSS = """
    KeyBar { height: 1; dock: bottom; padding: 0 2; color: $muted; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._items: list[tuple[str, str, str]] = []

    def show(self, actions: Iterable[Action], labels: Mapping[str, str]) -> None:
        """Set the actions to name, most useful first.

        Args:
            actions: What can be done now, under the keys that hold.
            labels: Words that fit the moment better than an action's own, by action name.
        """
        items = [
            (key, label, action.name)
            for action in actions
            if (label := labels.get(action.name, action.label)) and (key := action.key)
        ]
        if items != self._items:
            self._items = items
            self.refresh()

    def render(self) -> RenderResult:
        """As many keys as fit; help always does."""
        gap = 3 if self.size.width >= 76 else 2
        room = self.size.width
        last = [item for item in self._items if item[2] == HELP.name]
        room -= sum(len(key) + len(label) + 1 for key, label, _ in last)
        parts = []
        for item in self._items:
            if item in last:
                continue
            key, label, _ = item
            room -= len(key) + len(label) + 1 + gap
            if room < 0:
                break
            parts.append(item)
        return Content(" " * gap).join(
            Content.assemble((key, "$primary"), " ", label).stylize(
                Style.from_meta({} if name == "digit" else {"action": name})
            )
            for key, label, name in [*parts, *last]
        )


class ByWidth(Visual):
    """A text for a `Static`: made when the layout has settled how many columns there are."""

    def __init__(self, draw: Callable[[int], Content]) -> None:
        """Show what is drawn for a width, in columns."""
        self._draw = draw

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """The lines."""
        return self._draw(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:  # noqa: ARG002
        """All that there is."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """The number of lines."""
        return self._draw(width).get_height(rules, width)


def bar(done: int, total: int, width: int, begun: int = 0) -> Content:
    """A line of which `done` of `total` is drawn strong, and `begun` more of it half.

    Whatever is not nothing shows, and whatever is not all leaves some room.
    """

    def cells(count: int) -> int:
        exact = width * count / total if total else 0
        return min(max(round(exact), count > 0), width - (count < total))

    strong, half = cells(done), max(cells(done + begun), cells(done))
    return Content.assemble(
        ("━" * strong, "$primary"),
        ("━" * (half - strong), "$primary 45%"),
        ("━" * (width - half), "$panel"),
    )
