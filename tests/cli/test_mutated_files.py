"""Whatever was done to a file of the learner's home, commands end in words, and nothing is lost."""

from __future__ import annotations

import random
import shutil
import sqlite3
import tomllib
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sco_quiz.progress import doctor
from sco_quiz.progress.log import SELECT_EVENTS, Event
from sco_quiz.progress.salvage import whole_events
from sco_quiz.progress.sums import is_whole
from sco_quiz.workspace import opening
from tests.mutating import mutate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Rounds

    Call = Callable[..., tuple[int, str, str]]
    Run = Callable[..., int]
    Ids = set[tuple[str, int, bytes]]

DECK = "deck: Own\nid: own\nnew_per_day: 99\ncards:\n" + "".join(
    f"- {{front: Card {number}, back: x}}\n" for number in range(60)
)


@pytest.fixture
def run(call: Call, monkeypatch: pytest.MonkeyPatch, home: Path) -> Run:
    """Run a command that ends in words, whatever it finds; return its exit code."""
    monkeypatch.setattr(opening, "shipped_decks", lambda: home / "none")

    def command(*arguments: str, lines: str = "") -> int:
        code, out, err = call(*arguments, lines=lines)
        assert code in {0, 1, 2, 3}, (arguments, out, err)
        assert "Traceback" not in out + err
        assert code < 2 or err.startswith("error: ") or "\nerror: " in err, (arguments, out, err)
        return code

    return command


@pytest.fixture
def data(run: Run, decks_folder: Path, unlimited: None) -> Path:
    """The data folder of a learner who gave 40 answers; the last two are in no backup."""
    (decks_folder / "own.yaml").write_text(DECK)
    assert run("study", "--plain", "own", lines="\n3\n" * 38 + ":q\n") == 0
    assert run("study", "--plain", "own", lines="\n3\n" * 2 + ":q\n") == 0
    return decks_folder.parent


LOOKS = (["due", "--short"], ["due"], ["decks"], ["history"], ["stats"], ["cards"])
"""Commands that only look."""


def copy_of(data: Path) -> Path:
    """Keep a data folder as it is, to be put back."""
    return shutil.copytree(data, data.with_name("kept"))


def put_back(kept: Path, data: Path) -> None:
    shutil.rmtree(data)
    shutil.copytree(kept, data)


def ids_in(path: Path) -> Ids:
    """What names the events that can be told to be whole in a file, by its rows or its bytes."""
    events = {*whole_events(path.read_bytes())}
    return {(event.device, event.seq, event.sum[:8]) for event in events}


def rows_in(path: Path) -> Ids:
    """What names the whole events that a query finds in a file."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        try:
            events = [Event._make(row) for row in db.execute(SELECT_EVENTS)]
            return {(each.device, each.seq, each.sum[:8]) for each in events if is_whole(each)}
        except (sqlite3.Error, TypeError, AttributeError, ValueError):
            return set()


def held_in(folder: Path) -> Ids:
    return {each for path in folder.rglob("*.db") for each in ids_in(path)}


def bring_to_rights(run: Run, backup: Path) -> None:
    """Do as the doctor and the messages say until nothing is wrong."""
    for way in (("doctor", "--rebuild"), ("restore",)):
        if not run("doctor"):
            return
        run(*way)
    if run("doctor"):
        assert run("restore", "--yes", str(backup)) == 0
        assert run("doctor") == 0


def test_a_progress_file_with_any_damage_costs_no_event_that_can_be_read(
    data: Path, run: Run, rounds: Rounds
) -> None:
    path, kept = data / "progress.db", copy_of(data)
    (backup,) = (data / "backups").glob("progress-*.db")
    safe = rows_in(backup)
    assert len(safe) == 40
    for seed in range(rounds(30, 1000, "mutated progress files: told in words, nothing lost")):
        put_back(kept, data)
        chance = random.Random(seed)
        mutate(path, chance)
        held = rows_in(path) | safe
        run(*chance.choice(LOOKS))
        run("study", "--plain", "own", lines="\n3\n:q\n")
        assert held <= held_in(data), seed
        bring_to_rights(run, backup)
        assert held <= held_in(data), seed
        assert safe <= rows_in(path), seed
        assert run("study", "--plain", "own", lines="\n3\n:q\n") == 0


def test_a_backup_with_any_damage_is_restored_whole_or_refused(
    data: Path, run: Run, rounds: Rounds
) -> None:
    path, kept = data / "progress.db", copy_of(data)
    held = held_in(data)
    given = data.with_name("given.db")
    restored = 0
    for seed in range(rounds(30, 500, "mutated backups restored or refused: nothing lost")):
        put_back(kept, data)
        shutil.copy(next(iter((data / "backups").glob("progress-*.db"))), given)
        mutate(given, random.Random(seed))
        if seed % 2:
            shutil.copy(given, next(iter((data / "backups").glob("progress-*.db"))))
        before = path.read_bytes()
        if run("restore", "--yes", str(given)):
            assert path.read_bytes() == before, seed
        else:
            restored += 1
            assert not any(doctor.examine(path)[1:]), seed
        assert run("doctor") < 2 or seed % 2, seed
        assert ids_in(path) <= held, seed
        assert rows_in(path) | held <= held_in(data) | held, seed
        run("restore")
        run("study", "--plain", "own", lines="\n3\n:q\n")
        run("backup")
        assert rows_in(kept / "progress.db") <= held_in(data), seed
    assert restored


WORDS = ("[", "]", "{", "}", "=", '"', "'", '"""', "#", ".", ",", "\n", "\0", "é", "\ufeff", "nan",
         "inf", "true", "1979-05-27T07:32:00Z", "0x", "1e400", "99999999999999999999999", "-1",
         "new_per_day", "theme", "decks", "deck", "keys", "home", "study", "retention")  # fmt: skip
VALUES = ("1", "-1", "1e308", "nan", "inf", '"x"', '""', "[]", "{}", "[[]]", "true", "'''\n'''",
          "99999999999999999999999999", "1979-05-27", "[1, 'a', {}]", '["\\u0000"]', '"\\u0000"',
          '["/dev/null", "/nowhere", "~nobody-here", ""]', "[" * 500 + "]" * 500,
          "{a = {b = {c = 1}}}", '"\\u202e"', "-0.0")  # fmt: skip
SETTINGS = ("new_per_day", "reviews_per_day", "rollover", "ramp", "goal_answers",
            "goal_minutes", "streak", "rest_days", "retention", "learning_steps",
            "relearning_steps", "maximum_interval", "leech_lapses", "theme", "reduced_motion",
            "decks", "deck", "keys", "deck.own.retention", "deck.own", "keys.home.quiz",
            "keys.study", "nothing", '"\\u0000"', "deck.own.nothing")  # fmt: skip


def settings_file(chance: random.Random) -> bytes:
    """Return what somebody or something may have written into the file of settings."""
    match chance.randrange(5):
        case 0:
            return chance.randbytes(chance.randrange(3000))
        case 1:
            return "".join(chance.choices(WORDS, k=chance.randrange(60))).encode()
        case 2:
            return chance.choice((b"[", b"{", b"a.", b"[[", b'"')) * chance.choice((9, 900, 90_000))
        case 3:
            valid = b'theme = "paper"\nnew_per_day = 3\n[deck]\nown.retention = 0.8\n[keys]\n'
            start = chance.randrange(len(valid))
            return valid[:start] + chance.randbytes(chance.randrange(4)) + valid[start + 1 :]
    chosen = chance.sample(SETTINGS, 4)
    return "\n".join(f"{name} = {chance.choice(VALUES)}" for name in chosen).encode()


def test_any_file_of_settings_is_used_as_far_as_it_can_be_or_refused(
    data: Path, run: Run, home: Path, rounds: Rounds
) -> None:
    path = home / "config" / "config.toml"
    path.parent.mkdir(exist_ok=True)
    held = held_in(data)
    for seed in range(rounds(40, 500, "files of settings: told in words, nothing lost")):
        chance = random.Random(seed)
        content = settings_file(chance)
        path.write_bytes(content)
        run("due", "--short")
        run(*chance.choice((("decks",), ("stats",), ("history",), ("cards",), ("paths",))))
        run("study", "--plain", "own", lines=":q\n")
        run("config")
        assert path.read_bytes() == content, seed
        if run("config", "theme", "paper") == 2:
            assert path.read_bytes() == content, seed
        else:
            before, after = map(
                tomllib.loads, (content.decode("utf-8-sig"), path.read_text("utf-8-sig"))
            )
            expected = before | {"theme": "paper"}
            assert sorted(map(repr, after.items())) == sorted(map(repr, expected.items())), seed
        assert held <= held_in(data), seed
