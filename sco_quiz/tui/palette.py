"""The palette: decks, what can be done here, settings and themes, found by a few letters."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from textual.command import CommandPalette, DiscoveryHit, Hit, Provider
from textual.content import Content

from sco_quiz.commands.actions import ACTIONS, HOME
from sco_quiz.config import SETTINGS, THEMES, written
from sco_quiz.tui.base import App, Screen
from sco_quiz.tui.messages import OpenPalette, OpenSettings, StartStudy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from textual.command import Hits


WIDTH = 84
"""Cells that the palette takes, where the terminal has them; its stylesheet says the same."""
NOT_HERE = {"digit", "command_palette", "app.command_palette"}
"""Actions that make no sense without their key."""


class _Entry(NamedTuple):
    """What can be chosen, what stands on its right, and what choosing it does."""

    text: str
    aside: str
    command: Callable[[], Awaitable[object] | object]


class _Entries(Provider):
    """Finds entries by the letters of their text; without any it lists all of them."""

    if TYPE_CHECKING:

        @property
        def app(self) -> App:
            """The app."""

    def entries(self) -> Iterator[_Entry]:
        """All there are, most useful first."""
        raise NotImplementedError

    async def discover(self) -> Hits:
        """Every entry."""
        for entry in self.entries():
            shown = self._shown(Content(entry.text), entry.aside)
            yield DiscoveryHit(shown, partial(_run, entry), entry.text)

    async def search(self, query: str) -> Hits:
        """The entries that fit, best first."""
        for entry in self.entries():
            score, places = _fit(query.lower(), entry.text.lower())
            if score > 0:
                found = Content(entry.text)
                for start, end in places:
                    found = found.stylize("bold $primary", start, end)
                yield Hit(score, self._shown(found, entry.aside), partial(_run, entry), entry.text)

    def _shown(self, text: Content, aside: str) -> Content:
        room = min(WIDTH, self.app.size.width) - 5 - len(aside)
        text = text.truncate(room - 2, ellipsis=True)
        gap = " " * (room - text.cell_length)
        return Content.assemble(text, gap, (aside, "$muted not bold"))


class Commands(_Entries):
    """Everything there is to find."""

    def entries(self) -> Iterator[_Entry]:
        """What can be done here, then decks, settings and themes."""
        yield from self._actions()
        if isinstance(self.screen, Screen) and self.screen.ACTIONS is HOME:
            for deck in self.app.workspace.agenda.tree():
                study = partial(self.app.post_message, StartStudy(deck.decks))
                waiting = f"{deck.counts.total} waiting" if deck.counts.total else ""
                yield _Entry(f"Study {deck.title}", waiting, study)
        config = self.app.workspace.config
        for name, setting in SETTINGS.items():
            told = f"Set {name.replace('_', ' ')}: {setting.doc.rstrip('.')}"
            yield _Entry(told, written(getattr(config, name)), partial(self._set, name))
        for name in THEMES:
            yield _theme(self.app, name, f"Colours: {name}")

    def _actions(self) -> Iterator[_Entry]:
        now = {
            active.binding.id: active
            for active in self.screen.active_bindings.values()
            if active.enabled and active.binding.id
        }
        keys = self.app.preferences.keys
        for action in ACTIONS.values():
            active = now.get(action.id)
            if active is not None and action.name not in NOT_HERE:
                run = partial(self.app.run_action, active.binding.action, active.node)
                yield _Entry(action.help.rstrip("."), action.on(keys).all_keys, run)

    def _set(self, name: str) -> None:
        self.app.open(OpenSettings(name))


class Themes(_Entries):
    """The themes alone; what is under the cursor is shown at once."""

    def entries(self) -> Iterator[_Entry]:
        """The one in use, then ours."""
        used = self.app.workspace.config.theme
        for name in sorted(THEMES, key=lambda name: name != used):
            yield _theme(self.app, name, name)


class Palette(CommandPalette):
    """Textual's palette over ours."""

    def __init__(self, asked: OpenPalette) -> None:
        """Open it over everything, or the themes alone."""
        what = "A theme" if asked.themes else "An action, a deck, a setting, a theme"
        super().__init__([Themes if asked.themes else Commands], placeholder=what)

    @property
    def is_looking_up(self) -> bool:
        """Tell whether the list is about to show what the text finds."""
        return any(
            worker.node is self and not worker.is_finished
            for worker in self.app.workers
            if worker.group == self._GATHER_COMMANDS_GROUP
        )


def _theme(app: App, name: str, text: str) -> _Entry:
    chosen = "in use" if name == app.workspace.config.theme else ""
    return _Entry(text, chosen, partial(app.preferences.set, "theme", name))


async def _run(entry: _Entry) -> None:
    """Do what was chosen; whatever that returns is not waited for but by an action."""
    done = entry.command()
    if hasattr(done, "__await__"):
        await done


def _fit(query: str, text: str) -> tuple[float, list[tuple[int, int]]]:
    """How well a text has every word of a query, and where; 0 if it lacks one.

    Not Textual's own search: it takes longer than anyone waits for some words of many letters.
    """
    score, places = 0.0, []
    for word in query.split():
        place = text.find(f" {word}") + 1 if not text.startswith(word) else 0
        begins = place > 0 or text.startswith(word)
        if not begins:
            place = text.find(word)
        if place < 0:
            return 0.0, []
        score += len(word) * (2 if begins else 1) / (1 + place / 1000)
        places.append((place, place + len(word)))
    return score, places
