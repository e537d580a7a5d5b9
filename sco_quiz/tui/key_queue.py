"""Keys one after another, however fast they come."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from textual.events import Key, Paste

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import App
    from textual.message_pump import MessagePump
    from textual.widget import Widget

BURST_SECONDS = 0.004
"""The time between two keys up to which they count as sent in one piece: no fingers do that."""
PATIENCE_SECONDS = 5.0
"""The longest that a key waits for what the one before it set going."""


class KeyQueue:
    """Passes keys on one after another, so that each goes where the one before it led.

    Textual hands a key to the widget that has the focus when the key is read. Of keys that come in
    one piece (from a slow connection, a macro) that would be the widget before any of them acted.
    """

    def __init__(self, app: App[object]) -> None:
        """Pass on the keys of an app."""
        self._app = app
        self._waiting: deque[Key | Paste] = deque()
        self._due: Key | Paste | None = None
        self._last: Key | Paste | None = None
        self._typed_into: Widget | None = None

    def take(self, event: Key | Paste) -> bool:
        """Return whether a key is to be handled now; if not, it is posted again in its turn."""
        if event is self._due:
            self._due = None
        elif self._waiting or not (self._goes_on_typing(event) or self._is_at_rest(event)):
            self._waiting.append(event)
            if len(self._waiting) == 1:
                self._app.run_worker(self._pass_on(), group="keys")
            return False
        self._last = event
        self._typed_into = self._app.focused if self._types(event) else None
        return True

    def _types(self, event: Key | Paste) -> bool:
        """Return whether a key only adds to a text, so that the focus stays where it is."""
        focused = self._app.focused
        return (
            isinstance(event, Key)
            and focused is not None
            and focused.check_consume_key(event.key, event.character)
        )

    def _goes_on_typing(self, event: Key | Paste) -> bool:
        return self._typed_into is not None and (
            self._typed_into is self._app.focused and self._types(event)
        )

    def _is_at_rest(self, event: Key | Paste) -> bool:
        if self._last is None:
            return True
        return event.time - self._last.time > BURST_SECONDS and not self._is_busy(self._pumps())

    def _pumps(self) -> list[MessagePump]:
        """Return what a key passes on its way: from the focus up to the app."""
        start = self._app.focused or self._app.screen
        return list(start.ancestors_with_self)

    def _is_busy(self, pumps: Iterable[MessagePump]) -> bool:
        if getattr(self._app.screen, "is_looking_up", False):  # see Browse and the palette
            return True
        return any(pump.message_queue_size or pump._next_callbacks for pump in pumps)  # noqa: SLF001

    async def _pass_on(self) -> None:
        while self._waiting:
            event = self._waiting[0]
            if not self._goes_on_typing(event):
                await self._settle()
            self._due = event
            self._app.post_message(event)
            await _reach(self._app, monotonic() + PATIENCE_SECONDS)
            self._waiting.popleft()

    async def _settle(self) -> None:
        """Wait until what the keys before set going has come to its end."""
        end = monotonic() + PATIENCE_SECONDS
        before: list[MessagePump] = []
        while self._app.screen_stack and monotonic() < end:
            pumps = self._pumps()
            for pump in pumps:
                await _reach(pump, end)
            if pumps == before and not self._is_busy(pumps):
                return
            before = pumps


async def _reach(pump: MessagePump, end: float) -> None:
    """Wait until a widget has handled the messages it has by now, at most until a time."""
    reached = asyncio.Event()
    while not reached.is_set() and monotonic() < end and pump.call_later(reached.set):
        with suppress(TimeoutError):
            await asyncio.wait_for(reached.wait(), 0.05)
