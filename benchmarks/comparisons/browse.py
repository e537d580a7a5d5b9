"""Browse with 100,000 cards: from the key to the list, from a letter typed to its cards."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.comparisons.starting import SCRIPT
from benchmarks.homes import paths_in
from benchmarks.measuring import Series, in_turn, quantile, variables_of
from benchmarks.report import Figure
from benchmarks.terminal import Terminal
from sco_quiz.insight.browsing import Browser
from sco_quiz.learning.search import parse
from sco_quiz.text import plain
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from benchmarks.material import Material

RUNS, OPENINGS = 4, 3
WORDS = 6
ROWS = 5
"""Rows of the list that have to be those of the search."""
QUIET = 0.15
"""Seconds without a change after which the next key is pressed."""


class Typed(NamedTuple):
    """Seconds from key to screen."""

    opening: list[float]
    letters: list[float]


def compare(material: Material) -> Iterator[Figure]:
    """Words that many cards have, numbers that few have, and letters that none has."""
    home = material.finished
    words = [*_words(home), "57-123", "zzqx"]
    (taken,) = in_turn(RUNS, _browse(variables_of(home), words, _found(home, words)))
    opening = Series(tuple(quantile(each.opening, 0.5) * 1000 for each in taken))
    yield Figure("b to the list", opening, "ms", goal=150)
    for share in (0.5, 0.95):
        letters = Series(tuple(quantile(each.letters, share) * 1000 for each in taken))
        goal = 50 if share > 0.5 else None
        yield Figure(f"a letter to its cards: p{share * 100:.0f}", letters, "ms", goal=goal)


def _words(home: Path) -> list[str]:
    """Words from cards all over the library."""
    with Workspace(paths=paths_in(home)) as workspace:
        keys = Browser(workspace).find(parse(""))
        rows = Browser(workspace).rows(keys[:: len(keys) // WORDS][:WORDS])
    return [max(plain(row.card.prompt).lower().split(), key=len)[:8] for row in rows]


def _found(home: Path, words: list[str]) -> dict[str, list[str]]:
    """How the first prompts begin, by what is typed so far."""
    found = {}
    with Workspace(paths=paths_in(home)) as workspace:
        browser = Browser(workspace)
        for typed in {word[:end] for word in words for end in range(len(word) + 1)}:
            rows = browser.rows(browser.find(parse(typed), most=ROWS))
            found[typed] = [" ".join(plain(row.card.prompt).split())[:24] for row in rows]
    return found


def _browse(
    variables: Mapping[str, str], words: list[str], found: Mapping[str, list[str]]
) -> Callable[[], Typed]:
    """A measurement: open Browse a few times, then type one search after another."""

    def run() -> Typed:
        taken = Typed([], [])
        with Terminal([SCRIPT], variables) as terminal:
            terminal.shown("Browse")
            terminal.settle(1)
            for _ in range(OPENINGS):
                taken.opening.append(terminal.press("b", _is_list))
                terminal.settle(1)
                terminal.press("q", "Study")
                terminal.settle()
            terminal.press("/", _is_list)
            time.sleep(3)  # the words of the cards are filled in once; the cursor blinks meanwhile
            terminal.settle(QUIET)
            for word in words:
                for end in range(1, len(word) + 1):
                    before, after = found[word[: end - 1]], found[word[:end]]
                    seconds = terminal.press(word[end - 1], _shows(word[:end], after))
                    if after != before:  # else they stand there all along
                        taken.letters.append(seconds)
                    terminal.settle(QUIET)
                terminal.press("\x15", "search:")
                terminal.settle(QUIET)
        return taken

    return run


def _is_list(text: str) -> bool:
    return "  Browse" in text and text.count("SCO essentials") > 10


def _shows(typed: str, prompts: list[str]) -> Callable[[str], bool]:
    def judge(text: str) -> bool:
        lines = text.splitlines()
        heading = next((at for at, line in enumerate(lines) if "prompt " in line), 0)
        rows = lines[heading + 1 : heading + 1 + max(len(prompts), 1)]
        shown = f"/ {typed}" in text and all(
            prompt in row for prompt, row in zip(prompts, rows, strict=False)
        )
        return shown and (bool(prompts) or not rows[0].strip())

    return judge
