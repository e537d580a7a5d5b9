"""Settings: what the file may say, what is said about mistakes in it, and how it is changed."""

from __future__ import annotations

import re
import stat
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.config import OF_DECKS, SETTINGS, Config, checked, default, load, parse, toml, written
from sco_quiz.config.file import change
from sco_quiz.errors import ConfigError
from sco_quiz.library.schema import Header

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[[str], tuple[Config, list[str]]]

README = Path(__file__).parents[2] / "README.md"
NAMES = st.sampled_from(list(SETTINGS))


def values_of(name: str) -> st.SearchStrategy[Any]:
    """What a setting may be."""
    setting, usual = SETTINGS[name], default(name)
    if setting.choices:
        return st.sampled_from(setting.choices)
    if isinstance(usual, bool):
        return st.booleans()
    if isinstance(usual, int):
        return st.integers(int(setting.low), int(setting.high))
    if isinstance(usual, str):
        return st.sampled_from(["/mnt/a b", "postgresql://host/quiz", "/中文", 'C:\\"x"'])
    numbers = st.floats(setting.low, setting.high, allow_nan=False)
    if isinstance(usual, float):
        return numbers
    if name == "decks":
        return st.lists(st.sampled_from(["~/decks", "/mnt/a b", "中文"])).map(tuple)
    return st.lists(numbers, max_size=4).map(tuple)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


@pytest.fixture
def read(file: Path) -> Callable[[str], tuple[Config, list[str]]]:
    def load_text(text: str) -> tuple[Config, list[str]]:
        file.write_text(text, encoding="utf-8")
        config, problems = load(file)
        prefix = f"{file}: "
        assert all(problem.startswith(prefix) for problem in problems)
        return config, [problem.removeprefix(prefix) for problem in problems]

    return load_text


def test_every_setting_has_a_valid_default_and_a_meaning() -> None:
    for name, setting in SETTINGS.items():
        assert setting.group
        assert re.fullmatch(r"[A-Z].*\.", setting.doc), name
        assert parse(name, written(default(name))) == default(name)


def test_every_setting_of_single_decks_is_a_key_of_the_header() -> None:
    assert set(OF_DECKS) <= set(Header.__struct_fields__)
    assert all(SETTINGS[name].of_deck.endswith(".") for name in OF_DECKS)


def test_settings_that_decide_due_cards_are_marked() -> None:
    assert {name for name, setting in SETTINGS.items() if setting.decides_due} == {
        "new_per_day", "new_in_all", "reviews_per_day", "rollover", "backlog_per_day", "retention",
        "learning_steps", "relearning_steps", "maximum_interval",
    }  # fmt: skip


@given(data=st.data(), name=NAMES)
def test_a_written_value_reads_back_the_same(data: st.DataObject, name: str) -> None:
    value = data.draw(values_of(name))
    assert parse(name, written(value)) == value
    assert checked(name, tomllib.loads(f"x = {toml(value)}")["x"]) == value


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('new_per_day = "12"', 'expected a whole number, not "12", did you mean 12?'),
        ("new_per_day = 1e3", "expected a whole number, not 1000.0, did you mean 1000?"),
        ("new_per_day = -3", "-3 is not between 0 and 9999, did you mean 0?"),
        ("new_per_day = nan", "expected a whole number, not nan"),
        (f"new_per_day = {'9' * 500}", f"{'9' * 59}… is not between 0 and 9999, did you mean 9999"),
        ("new_per_day = true", "expected a whole number, not true"),
        ("retention = 85", "85.0 is not between 0.7 and 0.99, did you mean 0.85?"),
        ("retention = 0.5", "0.5 is not between 0.7 and 0.99, did you mean 0.7?"),
        ("retention = inf", "inf is not between 0.7 and 0.99, did you mean 0.99?"),
        ("retention = [0.9]", "expected a number, not [0.9]"),
        ("retention = 2026-01-01", "expected a number, not 2026-01-01"),
        ("learning_steps = 5", "expected a list, not 5, did you mean [5.0]?"),
        ('learning_steps = ["1", "10"]', 'not "1", did you mean [1.0, 10.0]?'),
        ('theme = "Papper"', "there is no theme \"Papper\", did you mean 'paper'?"),
        ('reduced_motion = "on"', 'expected true or false, not "on", did you mean true?'),
        ("reduced_motion = 1", "expected true or false, not 1"),
        ('decks = "~/decks"', 'expected a list, not "~/decks", did you mean ["~/decks"]?'),
    ],
)
def test_a_wrong_value_is_named_with_the_nearest_right_one(
    read: Read, line: str, message: str
) -> None:
    config, problems = read(f"leech_lapses = 5\n{line}\nrollover = 3\n")
    name = line.partition(" ")[0]
    assert len(problems) == 1
    assert problems[0].startswith(f"{name}: ")
    assert message in problems[0]
    assert getattr(config, name) == default(name)
    assert config.leech_lapses == 5
    assert config.rollover == 3


def test_an_unknown_setting_is_named_with_the_nearest_and_changes_nothing(read: Read) -> None:
    config, problems = read("retnetion = 0.8\nxyzzy = 1\n")
    assert problems == [
        "unknown setting 'retnetion', did you mean 'retention'?",
        "unknown setting 'xyzzy'",
    ]
    assert config.chosen == {}


@pytest.mark.parametrize(
    "text",
    [
        '[keys]\nhome.study = "f2"\nstudy.undo = ["u", "x"]\n',
        '[keys.home]\nstudy = "f2"\n[keys.study]\nundo = ["u", "x"]\n',
        '[keys]\n"home.study" = "f2"\n"study.undo" = ["u", "x"]\n',
    ],
)
def test_keys_may_be_written_in_any_form_of_toml(read: Read, text: str) -> None:
    config, problems = read(text)
    assert config.keys == {"home.study": ("f2",), "study.undo": ("u", "x")}
    assert problems == []


@pytest.mark.parametrize(
    "text",
    [
        "[deck]\nrivers.retention = 0.95\nrivers.ramp = true\n'a.b'.new_per_day = 3\n",
        "[deck.rivers]\nretention = 0.95\nramp = true\n[deck.'a.b']\nnew_per_day = 3\n",
    ],
)
def test_decks_may_have_settings_of_their_own(read: Read, text: str) -> None:
    config, problems = read("new_per_day = 7\n" + text)
    assert problems == []
    assert config.of_deck("rivers", "retention", {"retention": 0.8}) == 0.95
    assert config.of_deck("rivers", "ramp", {}) is True
    assert config.of_deck("a.b", "retention", {"retention": 0.8}) == 0.8
    assert [config.of_deck(deck, "new_per_day", {}) for deck in ("a.b", "rivers")] == [3, 7]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("deck = 3", "deck: expected a table, not 3"),
        ("deck.rivers = 3", "deck.rivers: expected a table, not 3"),
        ("deck.rivers.retention = 95", "deck.rivers.retention: 95.0 is not between 0.7 and 0.99"),
        ("deck.rivers.theme = 'nord'", "unknown setting deck.rivers.theme"),
        ("deck.rivers.rtention = 0.9", "rtention, did you mean 'retention'?"),
    ],
)
def test_a_wrong_setting_of_a_deck_is_named_and_the_others_hold(
    read: Read, text: str, problem: str
) -> None:
    config, (told,) = read(f"{text}\n[deck.lakes]\nramp = true\n" if "." in text else text)
    assert problem in told
    assert config.of_deck("rivers", "retention", {"retention": 0.8}) == 0.8
    assert config.of_deck("lakes", "ramp", {}) is ("." in text)


@pytest.mark.parametrize("text", ["keys = 3", "keys.home.study = 3", "keys.home.study = []"])
def test_an_unknown_key_is_named(read: Read, text: str) -> None:
    config, problems = read(text)
    assert config.keys == {}
    assert len(problems) == 1
    assert problems[0].startswith(text.partition(" ")[0] + ": expected a ")


@pytest.mark.parametrize(
    "text", ["new_per_day = ", "a = 1\na = 2", "\x00", f"x = {'9' * 5000}", "x = " + "[" * 100_000]
)
def test_a_file_that_is_not_toml_is_named_and_never_written(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    for use in (load, lambda path: change(path, "theme", "paper")):
        with pytest.raises(ConfigError, match=re.escape(str(file))):
            use(file)
    assert file.read_text(encoding="utf-8") == text


MINE = """\
# My settings, kept in git.
theme = "paper"    # for the balcony

# A little less than the default,
# since the exam is over.
retention = 0.85

[keys]
# as in vi
home.study = ["l", "enter"]  # right
home.undo = "f9"
"""


@pytest.mark.parametrize(
    ("name", "value", "before", "after"),
    [
        ("theme", "nord", 'theme = "paper"', 'theme = "nord"'),
        ("retention", 0.9, "retention = 0.85", "retention = 0.9"),
        ("retention", None, "retention = 0.85\n", ""),
        ("learning_steps", (1.0, 2.5), "\n[keys]", "learning_steps = [1, 2.5]\n\n[keys]"),
        ("keys.home.study", ("x",), '["l", "enter"]', '"x"'),
        ("keys.home.undo", None, 'home.undo = "f9"\n', ""),
        ("keys.home.quiz", ("Z",), "home.undo", 'home.quiz = "Z"\nhome.undo'),
        ("keys.study.undo", ("Z",), '"f9"\n', '"f9"\nstudy.undo = "Z"\n'),
        ("rollover", None, "", ""),
        ("keys.study.undo", None, "", ""),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("bom", ["", "\ufeff"], ids=["", "bom"])
def test_a_change_leaves_the_rest_of_the_file_as_it_was(
    file: Path, name: str, value: object, before: str, after: str, ends: str, bom: str
) -> None:
    def text(changed: str) -> bytes:
        return (bom + changed.replace("\n", ends)).encode()

    file.write_bytes(text(MINE))
    assert change(file, name, value) == (before != after)
    assert file.read_bytes() == text(MINE.replace(before, after, 1))
    config, problems = load(file)
    assert problems == []
    if not name.startswith("keys."):
        assert getattr(config, name) == (default(name) if value is None else value)


@given(data=st.data(), names=st.lists(NAMES, max_size=8))
def test_settings_can_be_set_and_taken_out_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, names: list[str]
) -> None:
    file = tmp_path_factory.mktemp("config") / "new" / "config.toml"
    wanted: dict[str, object] = {}
    chosen: dict[str, float | None] = {}
    for name in names:
        value = data.draw(st.none() | values_of(name))
        key = data.draw(st.sampled_from(["home.study", "home.quiz", "study.undo"]))
        change(file, name, value)
        change(file, f"keys.{key}", data.draw(st.sampled_from([None, ("a",), ("b", "f2")])))
        deck = data.draw(st.sampled_from(["rivers", "a.b", "горы", "9 lakes"]))
        retention = data.draw(st.sampled_from([None, 0.75, 0.95]))
        change(file, f"deck.{deck}.retention", retention)
        chosen[deck] = retention
        wanted[name] = default(name) if value is None else value
        config, problems = load(file)
        assert problems == []
        assert {each: getattr(config, each) for each in wanted} == wanted
        assert {each: config.deck.get(each, {}).get("retention") for each in chosen} == chosen


@pytest.mark.skipif(sys.platform == "win32", reason="modes and links")
@pytest.mark.parametrize("last", ["deck.own.ramp = true", "a.b = 1", "[keys]", "# end", "x = 1 "])
def test_a_file_without_an_end_to_its_last_line_can_be_changed(file: Path, last: str) -> None:
    file.write_text(f"new_per_day = 3\n{last}")
    assert change(file, "theme", "paper")
    assert change(file, "deck.own.retention", 0.8)
    before = tomllib.loads(last)
    after = tomllib.loads(file.read_text())
    assert after["deck"]["own"].pop("retention") == 0.8
    assert after.pop("theme") == "paper"
    assert after == {"new_per_day": 3, "deck": {"own": {}}} | before


@pytest.mark.parametrize("value", ['"x"', "1", "[[]]", "1979-05-27"])
def test_a_value_in_the_place_of_a_table_is_replaced(file: Path, value: str) -> None:
    file.write_text(f"deck.own = {value}\nkeys.home = {value}\n")
    assert change(file, "deck.own.retention", 0.8)
    assert change(file, "keys.home.quiz", ("z",))
    after = tomllib.loads(file.read_text())
    assert after == {"deck": {"own": {"retention": 0.8}}, "keys": {"home": {"quiz": "z"}}}


def test_a_change_keeps_the_mode_and_goes_through_a_link(file: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text(MINE)
    real.chmod(0o640)
    file.symlink_to(real)
    assert change(file, "theme", "nord")
    assert file.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert load(file)[0].theme == "nord"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"] == []


def test_a_toml_key_of_very_many_parts_is_refused_at_once(file: Path) -> None:
    file.write_text("a." * 100_000)
    with pytest.raises(ConfigError, match="line 1 has more than 1,000 dots"):
        load(file)
    with pytest.raises(ConfigError, match="dots"):
        change(file, "theme", "paper")
