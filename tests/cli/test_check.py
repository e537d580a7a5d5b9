"""`sco-quiz check`: every problem of every file, in three formats; whatever lies in the folders."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from sco_quiz.cli.main import run

FINE = "deck: {}\ncards:\n  - {{front: a, back: b}}\n"
BROKEN = "deck: Broken\ncards:\n  - question: What?\n    anwser: that\n  - front: alone\n"
WARNED = "deck: Warned\ncards:\n  - {front: a, back: b}\n  - {front: A?, back: c}\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, and the home of nobody."""
    monkeypatch.setenv("SCO_QUIZ_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def rows(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    run(["check", "--format", "json", *arguments])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def files(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, str]]:
    return [(row["file"], row["code"]) for row in rows(capsys, *arguments)]


@pytest.mark.usefixtures("here")
def test_every_problem_of_every_file_is_shown_with_its_line_and_a_caret(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("decks/b.yaml", BROKEN)
    write("decks/a.yml", FINE.format("A"))
    write("decks/deeper/c.yaml", WARNED)
    assert run(["check", "decks"]) == 1
    told = capsys.readouterr()
    assert told.out == (
        "decks/b.yaml:4:5: error[E201] unknown key `anwser`\n"
        "  |     anwser: that\n"
        "  |     ^^^^^^\n"
        "  help: did you mean `answer`?\n"
        "\n"
        "decks/b.yaml:5:5: error[E302] `front` without `back`\n"
        "  |   - front: alone\n"
        "  |     ^^^^^\n"
        "  help: basic notes have `front` and `back` and may have `reverse`\n"
        "\n"
        "decks/deeper/c.yaml:4:13: warning[W401] the note on line 3 has the same prompt\n"
        "  |   - {front: A?, back: c}\n"
        "  |             ^^\n"
        "  help: say what tells them apart, or give them ids\n"
        "\n"
    )
    assert told.err == "2 errors, 1 warning in 2 of 3 files\n"


@pytest.mark.usefixtures("here")
def test_a_check_without_problems_prints_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.yaml", FINE.format("A"))
    write("b.yaml", "deck: B\ncards:\n  - {text: '{{a}} {{b}}'}\n  - {front: c, back: d}\n")
    assert run(["check", "a.yaml", "b.yaml"]) == 0
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "2 files, 3 notes, no problems\n")
    assert run(["check", "a.yaml"]) == 0
    assert capsys.readouterr().err == "1 file, 1 note, no problems\n"


@pytest.mark.usefixtures("here")
def test_warnings_fail_only_a_strict_check(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.yaml", WARNED)
    assert run(["check", "a.yaml"]) == 0
    assert capsys.readouterr().err == "1 warning in 1 of 1 file\n"
    assert run(["check", "--strict", "a.yaml"]) == 1


@pytest.mark.usefixtures("here")
def test_without_a_path_check_reads_shipped_and_own_decks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["check", "--strict"]) == 0
    shipped = capsys.readouterr()
    assert shipped.out == ""
    assert "8 files, 159 notes, no problems" in shipped.err
    write("home/data/decks/mine.yaml", BROKEN)
    write("elsewhere/other.yaml", WARNED)
    write("home/config/config.toml", f"decks = ['{Path.cwd() / 'elsewhere'}', 'gone']\n")
    assert {Path(name).name for name, _ in files(capsys)} == {"mine.yaml", "other.yaml"}


@pytest.mark.usefixtures("here")
def test_stale_facts_are_reported_only_with_max_age(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.yaml", "deck: A\ncards: [{front: a, back: b, as_of: 2001-06}]\n")
    assert rows(capsys, "a.yaml") == []
    assert files(capsys, "--max-age", "365", "a.yaml") == [("a.yaml", "W409")]
    assert run(["check", "--max-age", "-1", "a.yaml"]) == 2


@pytest.mark.usefixtures("here")
def test_json_gives_every_place_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.yaml", BROKEN)
    assert rows(capsys, "a.yaml")[0] == {
        "file": "a.yaml",
        "line": 4,
        "column": 5,
        "end_line": 4,
        "end_column": 11,
        "severity": "error",
        "code": "E201",
        "message": "unknown key `anwser`",
        "help": "did you mean `answer`?",
    }
    write("b.yaml", FINE.format("B"))
    assert rows(capsys, "b.yaml") == []


@pytest.mark.usefixtures("here")
def test_github_gets_annotations_that_nothing_in_a_deck_can_break(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("50%,a:b.yaml", "deck: A\n'a%0A::set-output b':\ncards: x\n")
    assert run(["check", "--format", "github", "50%,a:b.yaml"]) == 1
    unknown, form = capsys.readouterr().out.splitlines()
    assert unknown.startswith(
        "::error file=50%25%2Ca%3Ab.yaml,line=2,col=1,endColumn=18,endLine=2,title=E201::"
        "unknown key `a%250A::set-output b`%0Athe keys here are "
    )
    assert form == (
        "::error file=50%25%2Ca%3Ab.yaml,line=3,col=8,endColumn=8,endLine=3,title=E203::"
        "`cards` must be a list%0Astart each note with a `-` and a space: `- front: …`"
    )
    write("b.yaml", "deck: [a,\n  b]\ncards: [{front: a, back: b}]\n")
    run(["check", "--format", "github", "b.yaml"])
    assert "file=b.yaml,line=1,endLine=2,title=E203::" in capsys.readouterr().out


@pytest.mark.usefixtures("here")
def test_two_files_with_one_id_are_an_error_in_the_second(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("a.yaml", "deck: A\nid: same\ncards: [{front: a, back: b}]\n")
    write("b/same.yaml", FINE.format("B"))
    write("c.yaml", "deck: C\nid: same\ncards: [{front: a, back: b}]\n")
    found = rows(capsys, ".")
    assert [(row["file"], row["line"], row["column"], row["code"]) for row in found] == [
        ("b/same.yaml", 1, 1, "E310"),
        ("c.yaml", 2, 5, "E310"),
    ]
    assert found[0]["message"] == "the deck id `same` is taken by a.yaml"


@pytest.mark.usefixtures("here")
def test_a_conflict_copy_is_reported_as_one_and_not_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("a.yaml", FINE.format("A"))
    write("a (Ann's conflicted copy 2026-11-28).yaml", BROKEN)
    write("b/a (Ann's conflicted copy 2026-11-28).yaml", FINE.format("No original beside it"))
    write("b/a (1).yaml", WARNED)
    assert files(capsys, ".") == [
        ("b/a (1).yaml", "W401"),
        ("a (Ann's conflicted copy 2026-11-28).yaml", "W411"),
    ]
    assert rows(capsys, ".")[1]["message"] == "set aside: a synchroniser's conflict copy of a.yaml"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "copy", ["a (Ann's conflicted copy 2026-11-28).yaml", "a (1).yaml", "a 2.yaml", "a-LAPTOP.yaml"]
)
def test_a_conflict_copy_checked_alone_is_known_by_the_original_beside_it(
    capsys: pytest.CaptureFixture[str], copy: str
) -> None:
    write("d/a.yaml", "id: a\n" + FINE.format("A"))
    text = "deck:   A\nid: a\ncards: [{front: a,   back: c}]\n"
    write(f"d/{copy}", text)
    assert files(capsys, f"d/{copy}") == [(f"d/{copy}", "W411")]
    run(["fmt", f"d/{copy}"])
    assert "is left as it is: a synchroniser's conflict copy of d/a.yaml" in capsys.readouterr().err
    assert Path(f"d/{copy}").read_text(encoding="utf-8") == text


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", ["a (1).yaml", "a 2.yaml", "a-LAPTOP.yaml"])
def test_a_deck_with_its_own_id_is_not_a_copy_of_the_deck_beside_it(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    write("d/a.yaml", "id: a\n" + FINE.format("A"))
    write(f"d/{name}", "deck: B\nid: b\ncards: [{front: a, back: c}]\n")
    assert files(capsys, f"d/{name}") == []
    run(["fmt", f"d/{name}"])
    assert "conflict copy" not in capsys.readouterr().err


@pytest.mark.usefixtures("here")
def test_a_file_that_is_named_twice_is_checked_once(capsys: pytest.CaptureFixture[str]) -> None:
    write("a/a.yaml", FINE.format("A"))
    assert run(["check", "a/a.yaml", "a", "./a/../a/a.yaml"]) == 0
    assert capsys.readouterr().err == "1 file, 1 note, no problems\n"


@pytest.mark.usefixtures("here")
def test_a_missing_path_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.yaml", BROKEN)
    assert run(["check", "a.yaml", "b\x1b.yaml"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("error: there is no file or folder b␛.yaml\n")


@pytest.mark.usefixtures("here")
def test_a_folder_without_decks_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()
    assert run(["check", "empty"]) == 0
    assert capsys.readouterr().err == "no deck files found\n"


@pytest.mark.usefixtures("here")
def test_hidden_files_and_other_endings_are_checked_only_if_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("d/.hidden.yaml", "d/.git/a.yaml", "d/notes.txt"):
        write(name, BROKEN)
    assert files(capsys, "d") == []
    assert len(rows(capsys, "d/notes.txt")) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
@pytest.mark.usefixtures("here")
def test_unreadable_entries_of_a_folder_are_reported_and_the_rest_is_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("d/fine.yaml", FINE.format("Fine"))
    write("d/folder.yaml/inner.yaml", WARNED)
    Path("d/dangling.yaml").symlink_to("nowhere")
    Path("d/loop.yaml").symlink_to("loop.yaml")
    Path("d/parent").symlink_to("..")
    Path("d/itself").symlink_to(".")
    Path("d/device.yaml").symlink_to("/dev/null")
    os.mkfifo("d/pipe.yaml")
    Path(os.fsdecode(b"d/\xff.yaml")).write_text(FINE.format("Name"))
    write("d/binary.yaml", "\0\1\2")
    found = files(capsys, "d")
    assert found == [
        ("d/parent", "E102"),
        ("d/binary.yaml", "E103"),
        ("d/dangling.yaml", "E102"),
        ("d/device.yaml", "E102"),
        ("d/folder.yaml/inner.yaml", "W401"),
        ("d/loop.yaml", "E102"),
        ("d/pipe.yaml", "E102"),
        ("d/\udcff.yaml", "E102"),
    ]
    for form in ("text", "github"):
        assert run(["check", "--format", form, "d"]) == 1
        assert "Traceback" not in capsys.readouterr().err
    for name in ("d/dangling.yaml", "d/loop.yaml", "d/device.yaml", "d/pipe.yaml"):
        assert files(capsys, name) == [(name, "E102")]


def forbidden(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied", "d")


@pytest.mark.usefixtures("here")
def test_a_file_or_folder_that_may_not_be_read_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("d/a.yaml", FINE.format("A"))
    monkeypatch.setattr(os, "open", forbidden)
    (row,) = rows(capsys, "d")
    assert (row["file"], row["code"]) == ("d/a.yaml", "E102")
    assert row["message"] == "the file cannot be read (Permission denied)"
    monkeypatch.setattr(os, "scandir", forbidden)
    (row,) = rows(capsys, "d")
    assert (row["file"], row["code"]) == ("d", "E102")
    assert row["message"] == "the folder cannot be searched (Permission denied)"


@pytest.mark.usefixtures("here")
def test_check_creates_neither_index_nor_progress_file(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.yaml", FINE.format("A"))
    assert run(["check", "a.yaml"]) == 0
    assert not Path("home").exists()
