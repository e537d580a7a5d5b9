"""Decks below decks on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    Call = Callable[..., tuple[int, str, str]]


def write_deck(folder: Path, name: str, header: str = "", title: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    notes = "".join(f"- {{question: {name} {n}?, answer: '{n}'}}\n" for n in range(3))
    (folder / f"{name}.yaml").write_text(f"deck: {title or name.upper()}\n{header}cards:\n{notes}")


@pytest.fixture
def aws(decks_folder: Path) -> Path:
    """A parent without a file, a parent within, and three decks."""
    write_deck(decks_folder / "aws" / "compute", "ec2")
    write_deck(decks_folder / "aws" / "compute", "lambda")
    write_deck(decks_folder / "aws", "s3")
    return decks_folder


@pytest.mark.usefixtures("aws")
def test_a_parent_is_studied_by_its_id(call: Call) -> None:
    assert call("due", "--short", "aws") == (0, "9\n", "")
    assert call("due", "--short", "aws.compute") == (0, "6\n", "")
    code, out, _ = call("study", "--plain", "aws", lines="0\n3\n:q\n")
    assert code == 0
    assert "[1 of 9] EC2" in out


@pytest.mark.usefixtures("aws")
def test_a_parent_is_quizzed_exported_and_looked_at(call: Call) -> None:
    code, out, _ = call("quiz", "--plain", "aws.compute", "-n", "6", lines="\n" * 12)
    assert code == 0
    assert "of 6" in out
    code, out, err = call("export", "aws", "--to", "csv")
    assert code == 0
    assert "9 notes" in err
    call("study", "--plain", "s3", lines="0\n3\n:q\n")
    code, out, _ = call("history", "--deck", "aws", "--json")
    assert (code, len(json.loads(out))) == (0, 2)
    code, out, _ = call("history", "--deck", "aws.compute", "--json")
    assert (code, len(json.loads(out))) == (0, 1)
    assert call("history", "--deck", "aws")[0] == 0
    code, out, _ = call("stats", "--deck", "aws", "--json")
    assert json.loads(out)["decks"] == ["ec2", "lambda", "s3"]
    assert len(call("cards", "deck:aws", "--json")[1].splitlines()) > 3
    assert {
        each["deck"] for each in json.loads(call("cards", "deck:aws.compute", "--json")[1])
    } == {
        "ec2",
        "lambda",
    }


@pytest.mark.usefixtures("aws")
def test_decks_are_listed_as_a_tree(call: Call) -> None:
    lines = call("decks")[1].splitlines()
    rows = [line.split("  ")[0] for line in lines]
    at = rows.index("aws")
    assert rows[at:] == ["aws", "aws.compute", "ec2", "lambda", "s3"]
    assert lines[at].split()[1:] == ["aws", "9", "9"]
    assert "      EC2" in lines[at + 2]
    decks = {deck["id"]: deck["parent"] for deck in json.loads(call("decks", "--json")[1])}
    assert decks["ec2"] == "aws.compute"
    assert decks["sco-timeline"] is None


def test_a_parent_has_limits_in_the_settings(call: Call, aws: Path) -> None:
    code, out, _ = call("config", "deck")
    assert code == 0
    assert "deck.aws.new_per_day" in out
    assert "deck.aws.ramp" not in out
    assert call("config", "deck.aws.compute.new_per_day", "2")[0] == 0
    assert call("due", "--short", "aws") == (0, "5\n", "")
    assert "4 new cards held back: by limits of parents." in call("due", "aws")[1]


def test_a_problem_of_a_deck_among_others_has_the_place_in_the_app_that_check_names(
    call: Call, aws: Path
) -> None:
    write_deck(aws, "lost", 'description: x\n"parent" :  nope\n')
    write_deck(aws, "b", "parent: c\n")
    write_deck(aws, "c", "parent: b\n")
    write_deck(aws, "same", "id: s3\n")
    found = json.loads(call("check", "--format", "json")[1])
    with Workspace() as workspace:
        workspace.refresh()
        problems = [each for each in workspace.catalogue.problems() if each.severity == "error"]
    places = {(Path(each.path).name, each.code, each.line, each.column) for each in problems}
    assert places >= {("lost.yaml", "E311", 3, 13), ("same.yaml", "E310", 2, 5)}
    assert places == {
        (Path(each["file"]).name, each["code"], each["line"], each["column"]) for each in found
    }


def test_check_names_parents_that_are_not_there_and_circles(call: Call, aws: Path) -> None:
    write_deck(aws, "a", "parent: AWS\n")
    write_deck(aws, "b", "parent: c\n")
    write_deck(aws, "c", "parent: b\n")
    write_deck(aws, "d", "parent: aws.compute\n")
    (aws / "parent.yaml").write_text("deck: Parent\nnew_per_day: 3\n")
    write_deck(aws, "e", "parent: parent\n")
    code, out, _ = call("check", "--format", "json")
    found = [(each["code"], each["line"], each["column"]) for each in json.loads(out)]
    assert code == 1
    assert found == [("E311", 2, 9), ("E312", 2, 9), ("E312", 2, 9)]
    assert "did you mean 'aws'?" in out
    code, out, _ = call("check", str(aws / "a.yaml"))
    assert (code, out) == (0, "")
    assert call("study", "--plain", "a", lines=":q\n")[0] == 0


@pytest.mark.parametrize("parent", ["'a b'", "/a", "a/", "[a]", "{b: c}"])
def test_a_parent_that_cannot_be_an_id_is_a_mistake(
    call: Call, decks_folder: Path, parent: str
) -> None:
    write_deck(decks_folder, "a", f"parent: {parent}\n")
    assert call("check", str(decks_folder / "a.yaml"))[0] == 1
