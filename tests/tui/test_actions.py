"""The table of actions is the truth: keys, key bar and help all follow it."""

from __future__ import annotations

import pkgutil
from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from textual.screen import Screen

import sco_quiz.tui.screens
from sco_quiz.commands import actions
from sco_quiz.tui.app import SCOQuizApp
from sco_quiz.tui.screens.home import Home
from sco_quiz.tui.screens.study import StudyScreen
from sco_quiz.tui.widgets.options import Options
from sco_quiz.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Open

TABLES = {
    name: value
    for name, value in vars(actions).items()
    if isinstance(value, tuple)
    and value
    and all(isinstance(each, actions.Action) for each in value)
}
"""What can be done, screen by screen."""


def test_help_on_two_arrows_names_no_single_direction() -> None:
    for action in (each for table in TABLES.values() for each in table):
        if action.all_keys in ("←→", "↑↓"):
            assert not {"left", "right", "up", "down"} & set(action.help.rstrip(".").split())


def screens() -> list[type[Screen[object]]]:
    """Every screen of the app."""
    found = []
    for module in pkgutil.iter_modules(sco_quiz.tui.screens.__path__):
        members = vars(import_module(f"sco_quiz.tui.screens.{module.name}")).values()
        found += [each for each in members if isinstance(each, type) and issubclass(each, Screen)]
    return sorted({each for each in found if each is not Screen}, key=lambda each: each.__name__)


@pytest.mark.parametrize("group", actions.GROUPS)
def test_every_action_has_a_key_and_a_sentence_of_help(group: str) -> None:
    for action in actions.GROUPS[group]:
        assert action.keys
        assert action.help[0].isupper()
        assert action.help.endswith(".")


@pytest.mark.parametrize("table", TABLES)
def test_no_key_means_two_things_on_one_screen(table: str) -> None:
    keys = Counter(key for action in TABLES[table] for key in action.keys)
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize(("screen", "widget"), [(Home, RowList), (StudyScreen, Options)])
def test_no_key_of_a_widget_is_one_of_its_screen(
    screen: type[Screen[None]], widget: type[RowList | Options]
) -> None:
    def keys(owner: type[Screen[None] | (RowList | Options)]) -> set[str]:
        return set(owner._merged_bindings.key_to_bindings) if owner._merged_bindings else set()

    assert keys(screen)
    assert keys(screen) & keys(widget) == set()


@pytest.mark.parametrize("screen", screens(), ids=lambda screen: screen.__name__)
def test_every_key_does_something(screen: type[Screen[object]]) -> None:
    assert screen._merged_bindings is not None
    for key, bindings in screen._merged_bindings.key_to_bindings.items():
        for binding in bindings:
            where, _, name = binding.action.partition("(")[0].rpartition(".")
            owner = SCOQuizApp if where == "app" else screen
            assert callable(getattr(owner, f"action_{name}", None)), (key, binding.action)


async def test_help_names_every_action_and_its_keys(opened: Open) -> None:
    async with opened((120, 300)) as app:
        await app.press("question_mark")
        shown = " ".join(app.frame.split())
        for group, members in actions.GROUPS.items():
            assert group in shown
            for action in members:
                assert f"{action.all_keys} {action.help}" in shown


async def test_the_key_bar_of_home_shows_the_keys_that_act(opened: Open) -> None:
    async with opened((160, 30)) as app:
        bar = app.frame.splitlines()[-1]
        for action in actions.HOME:
            if action.label:
                acts = bool(app.app.screen.check_action(action.name, ()))
                label = "Begin" if action.name == "study" else action.label
                assert (f"{action.key} {label}" in bar) == acts


@pytest.mark.parametrize(
    ("note", "shown", "hidden"),
    [
        ("basic", ["enter Reveal", "esc Leave", "u Undo"], ["Choose", "Hint", "Take back"]),
        ("typed", ["enter Answer", "tab Hint", "^_ Undo", "f1 Help"], ["u Undo", "? Help"]),
        ("choice", ["1–4 Choose", "tab Hint"], ["Take back"]),
        ("multi", ["enter Answer", "1–4 Mark"], ["Hint", "Take back"]),
        ("order", ["1–3 Place", "backspace Take back"], ["Hint"]),
        ("list", ["enter Answer", "backspace Take back"], ["1–"]),
    ],
)
async def test_the_key_bar_of_a_question_shows_the_keys_that_act_on_it(
    opened: Open, kinds: Path, note: str, shown: list[str], hidden: list[str]
) -> None:
    async with opened((160, 30), deck="kinds", tag=note) as app:
        bar = app.frame.splitlines()[-1]
        assert [each for each in shown if each not in bar] == []
        assert [each for each in hidden if each in bar] == []


@pytest.mark.parametrize("note", ["basic", "typed", "multi"])
async def test_after_an_answer_the_key_bar_names_the_proposed_rating(
    opened: Open, kinds: Path, note: str
) -> None:
    async with opened((160, 30), deck="kinds", tag=note) as app:
        await app.press("enter")
        bar = app.frame.splitlines()[-1]
        assert ("enter Good" if note == "basic" else "enter Again") in bar
        assert "Hint" not in bar
        assert "? Help" in bar
