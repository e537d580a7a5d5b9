"""The palette: decks, what can be done here, settings and themes, found by a few letters."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Provider
from textual.content import Content
from textual.widgets import Input

from sco_quiz.commands import keys as names
from sco_quiz.commands.actions import EVERYWHERE, GROUPS, HELP, HOME, LOOKING, OTHER_WORDS
from sco_quiz.config import SETTINGS, THEMES, written
from sco_quiz.tui.base import App, Screen
from sco_quiz.tui.messages import OpenSettings, StartStudy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from textual.command import Hits
    from textual.events import Resize

    from sco_quiz.commands.actions import Action

    Command = Callable[[], Awaitable[object] | object]


WIDTH = 84
"""Cells that the palette takes, where the terminal has them; its stylesheet says the same."""
NAME = 21
"""Cells for the name of an action or a setting."""
NOTHING = "Nothing has these words; see all that can be done"
ITSELF = "app.command_palette"
"""The one action that makes no sense here."""


class _Entry(NamedTuple):
    """Something that can be chosen.

    Attributes:
        name: Its word, as in the key bar.
        sentence: What it does.
        aside: What stands on its right: keys, or how things stand.
        command: What choosing it does.
        words: Other words by which it is found.
        is_now: Whether it can be done now; else choosing it says why not.
    """

    name: str
    sentence: str
    aside: str
    command: Command
    words: str = ""
    is_now: bool = True


class PaletteEntries(Provider):
    """Finds all there is by the letters of names, sentences and other words.

    Without any it lists what can be done now, most useful first.
    """

    if TYPE_CHECKING:

        @property
        def app(self) -> App:
            """The app."""

    async def discover(self) -> Hits:
        """All that can be done now."""
        for entry in self._entries():
            if entry.is_now:
                shown = self._shown(entry, [])
                yield DiscoveryHit(shown, partial(_run, entry), entry.name)

    async def search(self, query: str) -> Hits:
        """The entries that fit, best first; what can be done now before what cannot."""
        is_found = False
        for entry in self._entries():
            told = f"{entry.name} {entry.sentence} {entry.words}".lower()
            score, places = _fit(query.lower(), told)
            if score > 0:
                is_found = True
                score *= 1 if entry.is_now else 0.3
                yield Hit(score, self._shown(entry, places), partial(_run, entry), entry.name)
        if not is_found:
            choose = partial(self.app.run_action, HELP.name, self.screen)
            way = _Entry(HELP.title, NOTHING, self.app.preferences.key(HELP.id), choose)
            yield Hit(1, self._shown(way, []), partial(_run, way), way.name)

    def _shown(self, entry: _Entry, places: Sequence[tuple[int, int]]) -> Content:
        """Name, sentence and keys on a line, what was found marked."""
        marked = Content(f"{entry.name} {entry.sentence}")
        for start, end in places:
            marked = marked.stylize("bold $primary", start, end)
        name, sentence = marked[: len(entry.name)], marked[len(entry.name) + 1 :]
        room = min(WIDTH, self.app.size.width) - 5 - len(entry.aside) - 2
        if entry.sentence:
            name = name.pad_right(max(0, NAME - 1 - name.cell_length)) + Content(" ")
        told = (name + sentence.stylize_before("$muted not bold")).truncate(room, ellipsis=True)
        if not entry.is_now:
            told = told.stylize("$muted")
        gap = " " * (room + 2 - told.cell_length)
        return Content.assemble(told, gap, (entry.aside, "$primary not bold"))

    def _entries(self) -> Iterator[_Entry]:
        """Yield the actions of this screen and of Home, then decks, settings and themes."""
        yield from self._actions()
        yield from self._actions_of_home()
        if self._home is not None:
            for deck in self.app.workspace.agenda.tree():
                study = partial(self._study, StartStudy(deck.decks))
                waiting = f"{deck.counts.total} waiting" if deck.counts.total else ""
                yield _Entry(f"Study {deck.title}", "", waiting, study)
        config = self.app.workspace.config
        for name, setting in SETTINGS.items():
            title, value = f"Set {name.replace('_', ' ')}", written(getattr(config, name))
            yield _Entry(title, setting.doc.rstrip("."), value, partial(self._set, name))
        for name in THEMES:
            chosen = "in use" if name == config.theme else ""
            take = partial(self.app.preferences.set, "theme", name)
            yield _Entry(f"Colours: {name}", "", chosen, take)

    def _actions(self) -> Iterator[_Entry]:
        screen, keys = self.screen, self.app.preferences.keys
        if not isinstance(screen, Screen):
            return
        for action in (*screen.ACTIONS, *EVERYWHERE):
            holds = action.on(keys)
            if action.name == "digit":
                for place, name in enumerate(screen.names_of_digits(), 1):
                    run = partial(self.app.run_action, f"digit({place})", screen)
                    key = names.written(holds.keys[place - 1])
                    yield _Entry(name, "", key, run)
            elif action.name != ITSELF:
                is_now = bool(screen.check_action(action.name, ()))
                choose: Command = partial(self.app.run_action, action.name, screen)
                if not is_now:
                    choose = partial(screen.tell_why_not, action)
                told = action.help.rstrip(".")
                other_words = OTHER_WORDS.get(action.name, "")
                yield _Entry(action.title, told, holds.all_keys, choose, other_words, is_now)

    def _actions_of_home(self) -> Iterator[_Entry]:
        """Yield what Home's key bar has and this screen does not, as far as nothing is written."""
        if not isinstance(self.screen, Screen):
            return
        home, keys = self._home, self.app.preferences.keys
        here = {action.name for action in self.screen.ACTIONS}
        for action in HOME:
            is_here = action.name in here or GROUPS.get(action.title) is self.screen.ACTIONS
            if action.danger or not action.label or is_here:
                continue
            is_now = home is not None and bool(home.check_action(action.name, ()))
            choose: Command = partial(self._do_at_home, action)
            if action.name.startswith("app."):
                is_now, choose = True, partial(self.app.run_action, action.name)
            told, where = action.help.rstrip("."), f"Decks: {action.on(keys).key}"
            other_words = OTHER_WORDS.get(action.name, "")
            yield _Entry(action.title, told, where, choose, other_words, is_now)

    @property
    def _home(self) -> Screen[object] | None:
        """Home, where there is one to go back to and nothing is lost by that."""
        screens = [each for each in self.app.screen_stack if isinstance(each, Screen)]
        while screens and screens[-1].ACTIONS in LOOKING:
            screens.pop()
        return screens[-1] if screens and screens[-1].ACTIONS is HOME else None

    async def _do_at_home(self, action: Action) -> None:
        """Do it there, or say why it cannot be done."""
        if self._home is None:
            self.app.tell(f"{action.title} is where the decks are: leave this first.")
            return
        home = await self._go_home()
        if home.check_action(action.name, ()):
            await self.app.run_action(action.name, home)
        else:
            home.tell_why_not(action)

    async def _study(self, asked: StartStudy) -> None:
        await self._go_home()
        self.app.post_message(asked)

    async def _go_home(self) -> Screen[object]:
        """Leave every screen that lies over Home; return that."""
        while not (isinstance(screen := self.app.screen, Screen) and screen.ACTIONS is HOME):
            await screen.dismiss()
        return screen

    def _set(self, name: str) -> None:
        self.app.open(OpenSettings(name))


class Palette(CommandPalette):
    """Textual's palette over ours."""

    def __init__(self) -> None:
        """Open it over everything."""
        super().__init__([PaletteEntries], placeholder="An action, a deck, a setting, a theme")
        self._width = 0

    def on_resize(self, event: Resize) -> None:
        """Make the lines anew where they are to be of another width."""
        width = min(WIDTH, event.size.width)
        if self._width not in (0, width):
            self._gather_commands(self.query_one(Input).value.strip())
        self._width = width

    def _action_command_list(self, action: str) -> None:
        """Move in the list, or choose; by pages only where a line of it fits into the terminal."""
        has_lines = bool(self.query_one(CommandList).scrollable_content_region)
        if has_lines or action not in ("page_up", "page_down"):
            super()._action_command_list(action)

    @property
    def is_looking_up(self) -> bool:
        """Tell whether the list is about to show what the text finds."""
        return any(
            worker.node is self and not worker.is_finished
            for worker in self.app.workers
            if worker.group == self._GATHER_COMMANDS_GROUP
        )


async def _run(entry: _Entry) -> None:
    """Do what was chosen; whatever that returns is not waited for but by an action."""
    done = entry.command()
    if hasattr(done, "__await__"):
        await done


def _fit(query: str, text: str) -> tuple[float, list[tuple[int, int]]]:
    """Score a text by the words of a query, and say where they stand; 0 if one is missing.

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
