"""From the command to the screen, and the memory it then has."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.measuring import Series, in_turn, variables_of
from benchmarks.notes import pairs
from benchmarks.peers import BARE, BARE_TEXT, Clanki
from benchmarks.report import Figure
from benchmarks.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from benchmarks.material import Material

RUNS = 11
NOTES = 100_000
SCRIPT = str(Path(sys.executable).with_name("sco-quiz"))
STUDY = (SCRIPT, "study", "plain")


class Started(NamedTuple):
    """A program that was started.

    Attributes:
        seconds: Until its screen was complete.
        resident: Bytes it then had, once it had come to rest.
    """

    seconds: float
    resident: int


def compare(material: Material) -> Iterator[Figure | str]:
    """Against a bare Textual app, and Clanki."""
    homes = {
        "Home, 120 cards": material.newcomer,
        "Home, 100,000 cards": material.library,
        "Home, 100,000 cards and as many answers": material.steady,
    }
    works = [start(BARE, variables_of(), BARE_TEXT)]
    works += [start((SCRIPT,), variables_of(home), is_home) for home in homes.values()]
    works.append(start(STUDY, variables_of(material.plain(NOTES)), is_question))
    clanki = Clanki.find()
    if isinstance(clanki, str):
        yield clanki
    else:
        clanki.add(pairs(NOTES), material.folder / "anki")
        command, variables = clanki.review(material.folder / "anki")
        works.append(start(command, variables, "Front 0"))
    bare, *found = in_turn(RUNS, *works)
    against = "a bare Textual app"
    for name, ours in zip(homes, found, strict=False):
        yield Figure(name, _times(ours), "ms", against, _times(bare), ratio_goal=1.1)
    study, *theirs = found[len(homes) :]
    what = "first question, 100,000 cards in its deck"
    yield Figure(what, _times(study), "ms", against, _times(bare), ratio_goal=1.15)
    for each in theirs:
        yield Figure(what, _times(study), "ms", str(clanki), _times(each), ratio_goal=1)
    works = [start(BARE, variables_of(), BARE_TEXT)]
    starts: list[tuple[Sequence[str], Path, Callable[[str], bool]]] = [
        ((SCRIPT,), material.copy(material.steady), is_home),
        (STUDY, material.copy(material.plain(NOTES)), is_question),
    ]  # copies, or others would be started with what they keep
    for words, home, is_there in starts:
        leave(words, variables_of(home), is_there)
        works.append(start(words, variables_of(home), is_there))
    bare_too, home_frame, question_frame = in_turn(RUNS, *works)
    for name, frames in (
        ("remembered frame of Home, 100,000 cards and as many answers", home_frame),
        ("remembered frame of the next question, 100,000 cards in its deck", question_frame),
    ):
        yield Figure(name, _times(frames), "ms", against, _times(bare_too), ratio_goal=0.25)
    what = "resident memory at that question"
    yield Figure(what, _memory(study), "MB", against, _memory(bare), ratio_goal=1.3)
    for each in theirs:
        yield Figure(what, _memory(study), "MB", str(clanki), _memory(each), ratio_goal=0.7)


def start(
    command: Sequence[str], variables: Mapping[str, str], wanted: str | Callable[[str], bool]
) -> Callable[[], Started]:
    """A measurement: start a program and wait for its screen.

    Args:
        command: The program.
        variables: Its environment.
        wanted: What has to be on the screen.
    """

    def run() -> Started:
        with Terminal(command, variables) as terminal:
            seconds = terminal.shown(wanted)
            terminal.settle()
            return Started(seconds, terminal.resident())

    return run


def leave(
    command: Sequence[str], variables: Mapping[str, str], wanted: str | Callable[[str], bool]
) -> None:
    """Start the app and leave it as a learner does, so that it keeps its first screen."""
    with Terminal(command, variables) as terminal:
        terminal.shown(wanted)
        terminal.settle(1)  # the day's backup is made by then
        if wanted is not is_home:
            terminal.press("q", is_home)
        terminal.press("q", "again leaves")
        terminal.end_by("q")


def is_home(screen: str) -> bool:
    """Whether all of Home is there: decks, today, keys."""
    return all(text in screen for text in ("Decks", " to go", "  enter ", "? Help"))


def is_question(screen: str) -> bool:
    """Whether a question of the plain deck is there, with its place and the keys."""
    return all(text in screen for text in ("Front ", "1 of ", "Reveal", "? Help"))


def _times(found: list[Started]) -> Series:
    return Series(tuple(each.seconds * 1000 for each in found))


def _memory(found: list[Started]) -> Series:
    return Series(tuple(each.resident / 1e6 for each in found))
