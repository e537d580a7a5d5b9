"""Edited cards on the command line: counted with their history, asked about, joined by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call: TypeAlias = Callable[..., tuple[int, str, str]]

LAKE = "  - {question: Which lake is the lowest on earth?, answer: Dead Sea}\n"
POEM = "  - {question: Who tells of Manas?, answer: the manaschi}\n"
LOOKING = [
    ("due", "--json"),
    ("due",),
    ("due", "--short"),
    ("decks", "--json"),
    ("decks", "--orphans"),
    ("cards", "deck:asia", "--json"),
    ("cards", "--show", "deck:asia"),
    ("stats",),
    ("history",),
]


def write(folder: Path, *notes: str, name: str = "asia", header: str = "id: asia\n") -> None:
    (folder / f"{name}.yaml").write_text(f"deck: A\n{header}cards:\n{''.join(notes)}", "utf-8")


@pytest.fixture
def studied(decks_folder: Path, call: Call) -> Path:
    """A deck of the learner's own with one card, which was answered."""
    write(decks_folder, LAKE)
    assert call("study", "--plain", "asia", lines="Dead Sea\n4\n:q\n")[0] == 0
    return decks_folder


def counts(call: Call) -> dict[str, int]:
    code, out, _ = call("due", "asia", "--json")
    assert code == 0
    deck: dict[str, int]
    (deck,) = json.loads(out)["decks"]
    return deck


def card_of(call: Call, *search: str) -> str:
    """The beginning of the key of the only card that fits."""
    _, out, _ = call("cards", *search)
    return out.splitlines()[1].split()[0]


def orphan_of(call: Call) -> str:
    """The beginning of the key of the only card that no deck has."""
    _, out, _ = call("decks", "--orphans")
    (line,) = out.splitlines()
    return line.split()[0]


@pytest.mark.parametrize("command", LOOKING, ids=" ".join)
def test_reading_commands_count_an_edited_card_as_study_does_and_write_nothing(
    studied: Path, home: Path, call: Call, command: tuple[str, ...]
) -> None:
    write(studied, LAKE.replace("Which lake is", "Name the lake that is"))
    progress = home / "data" / "progress.db"
    before = progress.read_bytes(), progress.stat().st_mtime_ns
    assert counts(call)["new"] == 0
    looked = call(*command)
    assert (progress.read_bytes(), progress.stat().st_mtime_ns) == before
    assert call("study", "--plain", "asia")[0] == 0
    assert progress.read_bytes() != before[0]
    assert call(*command)[:2] == looked[:2]


def test_a_doubtful_pair_is_reported_and_asked_about(studied: Path, call: Call) -> None:
    write(studied, POEM)
    write(studied, LAKE.replace("Which", "Tell which"), name="lakes", header="")
    _, _, err = call("decks")
    assert "1 new card may be known in other words: `sco-quiz decks --relink` asks" in err
    _, out, _ = call("decks", "--relink", lines="y\n")
    assert "Tell which lake" in out
    assert "nothing to decide" in call("decks", "--relink")[1]
    assert call("decks", "--orphans")[1] == ""
    assert "joining" in call("cards", "--undo")[1]
    assert "1 new card may be" in call("decks")[2]


def test_histories_without_a_card_are_listed_as_json_too(studied: Path, call: Call) -> None:
    write(studied, POEM)
    (row,) = json.loads(call("decks", "--orphans", "--json")[1])
    assert row["card"].startswith(orphan_of(call))
    assert (row["deck"], row["answer"]) == ("asia", "Dead Sea")


def test_a_history_is_joined_to_a_card_by_the_beginnings_of_their_keys(
    studied: Path, call: Call
) -> None:
    write(studied, POEM)
    assert counts(call)["new"] == 1
    code, out, _ = call("decks", "--relink", orphan_of(call), card_of(call, "deck:asia"))
    assert code == 0
    assert "Dead Sea" in out
    assert "the manaschi" in out
    assert counts(call)["new"] == 0
    assert call("decks", "--orphans")[1] == ""
    code, out, _ = call("cards", "--undo")
    assert (code, out) == (0, "Taken back: the joining of a card with a history.\n")
    assert counts(call)["new"] == 1
    orphan_of(call)


@pytest.mark.parametrize(("said", "left"), [("y\n", 0), ("n\n", 1), ("", 1)])
def test_joining_asks_first_when_both_cards_have_a_history(
    studied: Path, call: Call, said: str, left: int
) -> None:
    write(studied, POEM)
    assert call("study", "--plain", "asia", lines="x\n3\n:q\n")[0] == 0
    old, new = orphan_of(call), card_of(call, "deck:asia")
    _, out, _ = call("decks", "--relink", old, new, lines=said)
    assert "It has a history of its own. Shall both count?" in out
    assert len(call("decks", "--orphans")[1].splitlines()) == left


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("zzz", "{new}", "'zzz' fits no card that no deck has"),
        ("{new}", "{new}", "fits no card that no deck has"),
        ("{old}", "zzz", "'zzz' fits no card in a deck"),
        ("{old}", "", "'' fits several cards in a deck"),
        ("{old}", "%", "'%' fits no card in a deck"),
    ],
)
def test_a_wrong_card_key_is_reported_with_the_command_that_lists_keys(
    studied: Path, call: Call, old: str, new: str, message: str
) -> None:
    write(studied, POEM)
    keys = {"old": orphan_of(call), "new": card_of(call, "deck:asia")}
    code, _, err = call("decks", "--relink", old.format(**keys), new.format(**keys))
    assert code == 2
    assert message in err
    assert "lists them" in err


@pytest.mark.parametrize("arguments", [("a",), ("--relink", "a"), ("--relink", "a", "b", "c")])
def test_cards_are_named_two_at_a_time_and_only_to_be_joined(
    home: Path, call: Call, arguments: tuple[str, ...]
) -> None:
    code, _, err = call("decks", *arguments)
    assert code == 2
    assert "--relink" in err
