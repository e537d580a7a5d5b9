"""`sco-quiz config`: everything that can be set, told and set."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sco_quiz.commands.choices import choices
from sco_quiz.config import SETTINGS, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def file(home: Path) -> Path:
    (home / "config").mkdir()
    path = home / "config" / "config.toml"
    path.write_text("# mine\nretention = 0.85 # for the exam\n")
    return path


@pytest.mark.usefixtures("file")
def test_the_list_has_every_setting_with_its_value_and_marks_what_was_chosen(call: Call) -> None:
    code, out, err = call("config")
    assert (code, err) == (0, "")
    assert [name for name in SETTINGS if f"  {name}  " not in out.replace("\n", "  \n")] == []
    assert "retention         0.85  (by default 0.9)" in out
    assert "  new_per_day       10\n" in out


def test_config_shows_one_setting_with_its_meaning(call: Call) -> None:
    code, out, err = call("config", "retention")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "retention = 0.9",
        f"  {SETTINGS['retention'].doc}",
        "  It is a number from 0.7 to 0.99; by default 0.9.",
    ]


def test_setting_and_unsetting_leave_comments(call: Call, file: Path) -> None:
    assert call("config", "retention", "92%")[0] == 0
    assert file.read_text() == "# mine\nretention = 0.92 # for the exam\n"
    assert call("config", "learning_steps", "1, 10, 60")[0] == 0
    assert call("config", "keys.home.quiz", "Q")[0] == 2
    assert call("config", "keys.home.quiz", "Z ctrl+t")[0] == 0
    config, problems = load(file)
    assert problems == []
    assert config.learning_steps == (1, 10, 60)
    assert config.keys == {"home.quiz": ("Z", "ctrl+t")}
    for name in ("learning_steps", "keys.home.quiz"):
        assert call("config", name, "--unset")[0] == 0
    assert file.read_text() == "# mine\nretention = 0.92 # for the exam\n\n[keys]\n"


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["retnetion"], ["no setting 'retnetion'", "did you mean 'retention'", "config keys"]),
        (["home.quiz"], ["no setting 'home.quiz'", "keys.home.quiz"]),
        (["new_per_day", "ten"], ['new_per_day: expected a whole number, not "ten"', "0 to 9999"]),
        (["new_per_day", "-3"], ["-3 is not between 0 and 9999, did you mean 0?"]),
        (["theme", "Papre"], ["did you mean 'paper'?", "one of samarkand"]),
        (["keys.home.quiz", "h"], ["home.quiz and home.history are both on h"]),
        (["keys.home.quiz", ""], ["give a key"]),
        (["retention", "0.9", "--unset"], ["--unset takes no value"]),
        (["--unset"], ["--unset takes the name of a setting"]),
        (["\x1b[2J"], ["no setting '\\x1b[2J'"]),
    ],
)
def test_a_wrong_name_or_value_is_reported_and_changes_nothing(
    call: Call, file: Path, arguments: list[str], parts: list[str]
) -> None:
    before = file.read_text()
    code, out, err = call("config", *arguments)
    assert (code, out) == (2, "")
    assert [part for part in parts if part not in err] == []
    assert file.read_text() == before


def test_as_json_every_setting_and_key_has_its_value_and_default(call: Call) -> None:
    rows = [
        row for which in ([], ["keys"]) for row in json.loads(call("config", *which, "--json")[1])
    ]
    assert [row["name"] for row in rows] == [choice.name for choice in choices()]
    assert all(row["value"] == row["default"] and row["about"] for row in rows)
    one = json.loads(call("config", "learning_steps", "--json")[1])
    assert (one["value"], one["group"]) == ([1.0, 10.0], "Memory")


def test_a_deck_has_settings_of_its_own_that_win_over_its_header(
    call: Call, file: Path, decks_folder: Path
) -> None:
    deck = decks_folder / "rivers.yaml"
    deck.write_text("deck: Rivers\nretention: 0.8\ncards: [{front: Amu, back: Oxus}]\n")
    before = deck.read_text()
    assert call("config", "deck.rivers.retention")[1].splitlines() == [
        "deck.rivers.retention = 0.8",
        "  The share of its reviews you want to get right.",
        "  It is a number from 0.7 to 0.99; by default 0.8.",
    ]
    code, out, _ = call("config", "deck.rivers.retention", "95%")
    assert (code, out) == (0, "deck.rivers.retention  0.95  (by default 0.8)\n")
    assert call("config", "deck.sco-timeline.ramp", "no")[0] == 0
    assert file.read_text().endswith(
        "\n[deck]\nrivers.retention = 0.95\nsco-timeline.ramp = false\n"
    )
    assert deck.read_text() == before
    code, out, _ = call("config", "deck")
    assert "Deck: Rivers\n" in out
    assert "  deck.rivers.new_per_day                   10\n" in out
    assert "  deck.sco-timeline.ramp                    no  (by default yes)\n" in out
    assert call("config", "deck.rivers.retention", "--unset")[1] == "deck.rivers.retention  0.8\n"
    assert call("config", "deck.river.retention")[0] == 2
    assert "did you mean 'deck.rivers.retention'" in call("config", "deck.river.retention")[2]


def test_mistakes_in_the_file_are_named(call: Call, file: Path) -> None:
    file.write_text('theme = "nrod"\n[keys]\nhome.quiz = "h"\n')
    code, out, err = call("config")
    assert code == 0
    assert "theme             samarkand\n" in out
    assert "there is no theme \"nrod\", did you mean 'nord'?" in err
    assert "home.quiz and home.history are both on h" in err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_asks_the_program(call: Call, shell: str) -> None:
    code, out, _ = call("completion", shell)
    assert code == 0
    assert f"_SCO_QUIZ_COMPLETE={shell}_complete" in out
