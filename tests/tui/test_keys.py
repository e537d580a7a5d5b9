"""Every action can have other keys; what cannot be used is named, and falls back alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.keys import _character_to_key

from sco_quiz.commands import actions
from sco_quiz.commands.actions import (
    EVERY_TABLE,
    EVERYWHERE,
    FORM,
    GROUPS,
    MINUTES,
    QUIZ_SETUP,
    Action,
    resolve,
)
from sco_quiz.commands.keys import TAKEN, character, named, typed, written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Open

ACTIONS = {action.id: action for table in EVERY_TABLE for action in table}
SIGNS = [sign for sign in map(chr, range(0x21, 0x17F)) if sign.isprintable()]
KEYS = [
    "a",
    "Z",
    "f5",
    "ctrl+g",
    "enter",
    "q",
    "?",
    "ctrl+s",
    "x",
    "u",
    "t",
    "z",
    "1",
    "tab",
    "escape",
]


def keys_file(home: Path, text: str) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "config.toml").write_text(f"[keys]\n{text}", encoding="utf-8")


@pytest.mark.parametrize("sign", SIGNS)
def test_a_character_is_a_key_under_the_name_that_textual_gives_it(sign: str) -> None:
    assert named(sign) == _character_to_key(sign)
    assert character(named(sign)) == written(named(sign)) == sign


@pytest.mark.parametrize(
    ("key", "name", "shown"),
    [
        ("Enter", "enter", "enter"),
        ("esc", "escape", "esc"),
        ("Ctrl+S", "ctrl+s", "^s"),
        ("^S", "ctrl+s", "^s"),
        ("ctrl++", "ctrl+plus", "^+"),
        ("ctrl+_", "ctrl+underscore", "^_"),
        ("shift+a", "A", "A"),
        ("shift+tab", "shift+tab", "shift+tab"),
        ("question_mark", "question_mark", "?"),
        ("F12", "f12", "f12"),
        ("space", "space", "space"),
    ],
)
def test_a_key_may_be_written_in_several_ways(key: str, name: str, shown: str) -> None:
    assert named(key) == name
    assert written(name) == shown
    assert named(typed(name)) == name


@pytest.mark.parametrize(
    ("key", "near"),
    [("entr", "enter"), ("ctlr+s", "ctrl+s"), ("page_up", "pageup"), ("f99", ""), ("", "")],
)
def test_an_unknown_key_is_named_with_the_nearest(key: str, near: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"did you mean '{near}'" if near else "no key")):
        named(key)


def test_every_action_belongs_to_a_screen_and_uses_no_reserved_key() -> None:
    tables = [value for value in vars(actions).values() if isinstance(value, tuple) and value]
    for table in tables:
        if isinstance(table[0], Action):
            assert all(action.group or action.name.startswith("app.") for action in table)
            assert table in (*EVERY_TABLE, EVERYWHERE)
    assert {key for action in ACTIONS.values() for key in action.keys} & set(TAKEN) == set()


def test_every_action_of_a_form_has_a_key_that_types_no_text() -> None:
    for table in (FORM, MINUTES, QUIZ_SETUP):
        for action in table:
            assert action.while_typing().key


def test_two_actions_on_one_key_are_both_named_and_fall_back_alone() -> None:
    keys, problems = resolve(
        {
            "home.quiz": ("x", "f2"),
            "home.add": ("f3",),
            "home.new_deck": ("f2",),
            "study.undo": ("z", "f10"),
        }
    )
    assert keys == {"home.add": ("f3",), "study.undo": ("z", "f10")}
    told = "\n".join(problems)
    assert "home.quiz and home.new_deck are both on f2; their own keys are used" in told


def test_keys_can_be_swapped() -> None:
    swapped = {"home.study": ("z",), "home.quiz": ("enter",)}
    assert resolve(swapped) == (swapped, [])


@pytest.mark.parametrize(
    ("action", "key", "message"),
    [
        ("home.stdy", "f2", "keys.home.stdy: there is no such action, did you mean 'home.study'?"),
        ("home.study", "entr", "keys.home.study: there is no key 'entr', did you mean 'enter'?"),
        ("home.study", "j", "keys.home.study: j moves in lists; choose another key"),
        ("home.study", "ctrl+c", "keys.home.study: ^c always quits; choose another key"),
        (
            "study.leave",
            "z",
            "keys.study.leave: z can be typed there; give also one as ctrl+s or f2",
        ),
        ("form.save", "s", "keys.form.save: s can be typed there; give also one as ctrl+s or f2"),
    ],
)
def test_invalid_keys_are_named(action: str, key: str, message: str) -> None:
    keys, problems = resolve({action: (key,)})
    assert keys == {}
    assert [problem.removesuffix("; its own keys are used") for problem in problems] == [message]


@given(
    st.dictionaries(
        st.sampled_from(list(ACTIONS)),
        st.lists(st.sampled_from(KEYS), min_size=1, max_size=3).map(tuple),
        max_size=12,
    )
)
def test_no_choice_of_keys_gives_a_key_two_meanings_on_one_screen(
    chosen: dict[str, tuple[str, ...]],
) -> None:
    keys, problems = resolve(chosen)
    assert set(keys) <= set(chosen)
    assert bool(problems) == (len(keys) < len(chosen))
    for table in EVERY_TABLE:
        owners: dict[str, str] = {}
        for action in (*table, *EVERYWHERE):
            for key in action.on(keys).keys:
                assert owners.setdefault(key, action.id) == action.id


async def test_a_chosen_key_acts_and_key_bar_help_and_palette_name_it(
    opened: Open, home: Path
) -> None:
    keys_file(home, 'home.quiz = "Z"\nhome.history = "w"\n"app.help" = ["f10", "%"]\n')
    async with opened((160, 45)) as app:
        bar = app.frame.splitlines()[-1]
        assert "Z Quiz" in bar
        assert "w History" in bar
        assert "f10 Help" in bar
        await app.press("h")
        assert app.app.screen is app.app.home
        await app.press("colon", *"scored test")
        assert "Quiz                 Take a quiz: a scored test that moves no due date" in app.frame
        assert " Z " in app.frame
        await app.press("escape", "percent_sign")
        assert "Z                 Take a quiz" in app.frame
        await app.press("escape", "w")
        assert type(app.app.screen).__name__ == "History"


async def test_digits_can_be_letters(opened: Open, home: Path, kinds: Path) -> None:
    keys_file(home, 'study.digit = ["c", "s", "d", "b"]\n')
    async with opened(deck="kinds", tag="multi") as app:
        assert "c–b Mark" in app.frame.splitlines()[-1]
        await app.press("1")
        assert "■" not in app.frame
        assert "1 is no choice" in app.frame  # like any key without a meaning, it is typed
        await app.press("backspace", "c")
        assert "■" in app.frame


async def test_home_names_keys_that_cannot_be_used(opened: Open, home: Path) -> None:
    keys_file(home, 'home.quiz = "h"\n')
    async with opened((160, 45)) as app:
        assert "home.quiz and home.history are both on h" in app.frame
        assert "z Quiz" in app.frame
        assert "p Problems" in app.frame.splitlines()[-1]


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_of_the_help_can_get_other_keys(group: str) -> None:
    free = iter(f"{held}f{number}" for held in ("", "shift+") for number in range(10, 25))
    ours = [action for action in GROUPS[group] if action.name != "digit"]
    chosen = {action.id: (next(free),) for action in ours}
    assert resolve(chosen) == (chosen, [])
