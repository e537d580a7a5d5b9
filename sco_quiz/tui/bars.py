"""The line on top of a screen, what is told and the keys below it, and a bar that fills."""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.content import Content
from textual.style import Style
from textual.visual import Visual
from textual.widget import Widget

from sco_quiz.commands.actions import HELP
from sco_quiz.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from textual import events
    from textual.app import RenderResult
    from textual.css.styles import RulesMap
    from textual.geometry import Size
    from textual.notifications import SeverityLevel
    from textual.screen import Screen
    from textual.strip import Strip
    from textual.timer import Timer
    from textual.visual import RenderOptions

    from sco_quiz.commands.actions import Action


SHORTEST_SECONDS = 4.0
"""For which anything stands."""
CHARACTERS_A_SECOND = 15
"""That a slow reader reads."""
LOOKS: dict[SeverityLevel, tuple[str, str]] = {
    "information": ("", "$foreground"),
    "warning": ("! ", "$warning"),
    "error": ("✗ ", "$error"),
}
"""A sign before what is told, and its colour, which never speaks alone."""
MOST_TOLD = 4
"""Lines that what is told may take, of a narrow terminal."""


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
    """The keys that act now, and above them what is told, while there is something.

    Each key can be clicked, but for digits: a click names none of them.

    Attributes:
        told: What is told.
    """

    DEFAULT_CSS = """
    KeyBar { height: auto; dock: bottom; padding: 0 2; color: $muted; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._items: list[tuple[str, str, str]] = []
        self.told = Content()

    def tell(self, told: Content) -> None:
        """Say something above the keys, on one line where it fits; nothing when empty."""
        if not self.told.is_same(told):
            self.told = told
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """The line of keys, and what is told."""
        return 1 + len(self._told_lines(width))

    def _told_lines(self, width: int) -> list[Content]:
        lines = list(self.told.wrap(max(width, 1))) if self.told else []
        if len(lines) > MOST_TOLD:
            lines[MOST_TOLD - 1] = lines[MOST_TOLD - 1].truncate(width - 2) + Content(" …")
        return lines[:MOST_TOLD]

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
        keys = Content(" " * gap).join(
            Content.assemble((key, "$primary"), " ", label).stylize(
                Style.from_meta({} if name == "digit" else {"action": name})
            )
            for key, label, name in [*parts, *last]
        )
        told = self._told_lines(self.size.width)[: self.size.height - 1]  # there may be less room
        return Content("\n").join([*told, keys])


class Notice(NamedTuple):
    """Something that is told.

    Attributes:
        text: On one line.
        severity: A warning or an error stays until it is read: until a key is pressed that has
            something else said, or any key after the time that reading takes. Information goes by
            itself.
    """

    text: str
    severity: SeverityLevel = "information"

    @property
    def stays(self) -> bool:
        """Tell whether it must be read."""
        return self.severity != "information"

    @property
    def seconds(self) -> float:
        """The time that reading it takes."""
        return max(SHORTEST_SECONDS, len(self.text) / CHARACTERS_A_SECOND)

    @property
    def shown(self) -> Content:
        """It as it stands on the line."""
        sign, style = LOOKS[self.severity]
        return Content.styled(f"{sign}{self.text}", style)


class StatusLine:
    """The one line of a screen on which things are told.

    What is said replaces what was said before, but for what must be read, which it follows.
    """

    def __init__(self, screen: Screen[Any], bar: KeyBar, is_still: Callable[[], bool]) -> None:
        """Tell on the line of a screen.

        Args:
            screen: Whose line it is.
            bar: Has the line, above the keys.
            is_still: Whether nothing may move by itself, so that all stays until a key is pressed.
        """
        self._screen, self._bar, self._is_still = screen, bar, is_still
        self._waiting: deque[Notice] = deque()
        self._since = 0.0
        self._is_acted_upon = False
        self._timer: Timer | None = None

    def say(self, told: Notice) -> None:
        """Say something, now or once what stands there is read: a key was pressed below it."""
        before = self._waiting[0] if self._waiting else None
        if before is not None and self._is_acted_upon:
            self._waiting.popleft()
        while self._waiting and (not self._waiting[-1].stays or self._waiting[-1] == told):
            self._waiting.pop()
        self._waiting.append(told)
        if self._waiting[0] is not before:
            self._begin()

    def is_told(self, text: str) -> bool:
        """Tell whether a text stands on the line, or is about to."""
        return any(told.text == text for told in self._waiting)

    def on_key(self) -> None:
        """A key was pressed: what was there for long enough is read."""
        self._is_acted_upon = True
        if self._waiting and monotonic() - self._since >= self._waiting[0].seconds:
            self._next()

    def leave(self) -> list[Notice]:
        """Return what nobody can have read, for the screen that comes now; the rest is over.

        That is all, where the screen goes without a key pressed since. What must be read is there
        where this screen comes back.
        """
        count = 1 if self._is_acted_upon else 0
        seen, unseen = [*self._waiting][:count], [*self._waiting][count:]
        self._waiting = deque(each for each in seen if each.stays)
        if not self._waiting:
            self._begin()
        return unseen

    def _next(self) -> None:
        if self._waiting:
            self._waiting.popleft()
        self._begin()

    def _begin(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._since, self._is_acted_upon = monotonic(), False
        if not self._waiting:
            self._bar.tell(Content())
            return
        now = self._waiting[0]
        self._bar.tell(now.shown)
        if not (now.stays or self._is_still()):
            self._timer = self._screen.set_timer(now.seconds, self._next)


def on_one_line(text: str) -> str:
    """Return a text, clean, as it stands on the line."""
    return " ".join(clean(text, multiline=False).split())


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


class ByHeight(ByWidth):
    """A text that ends in `…` where a `Static` of a set height has no room for all of it."""

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """The lines."""
        lines = self._draw(width).wrap(max(1, width))
        if height and len(lines) > height:
            lines[height - 1 :] = [lines[height - 1].truncate(width - 1) + Content("…")]
        return Content("\n").join(lines).render_strips(width, height, style, options)


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
