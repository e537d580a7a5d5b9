"""`due`, `decks`, `paths`, `study` and what all commands share: output, messages, exit codes."""

from __future__ import annotations

import json
import os
import re
import shlex
import sqlite3
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from sco_quiz import __version__
from sco_quiz.cli.help import PAGES
from sco_quiz.cli.main import COMMANDS, cli
from sco_quiz.learning.card_queue import Pick
from sco_quiz.plain.lines import TYPED
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    Call = Callable[..., tuple[int, str, str]]


def assert_message(result: tuple[int, str, str], code: int, *parts: str) -> None:
    """A mistake ends with its exit code and one or two lines on stderr, nothing else."""
    assert result[0] == code
    assert result[1] == ""
    lines = result[2].splitlines()
    assert 1 <= len(lines) <= 2
    assert lines[0].startswith("error: ")
    for part in parts:
        assert part in result[2]


# due


def test_due_short_prints_one_number(call: Call) -> None:
    assert call("due", "--short") == (0, "15\n", "")


def test_due_as_json_has_exactly_this_form(call: Call, kinds: Path) -> None:
    code, out, err = call("due", "--json", "kinds")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert list(found) == ["day", "new", "learning", "review", "held", "total", "decks", "today"]
    assert date.fromisoformat(found.pop("day")).year > 2000
    assert found == {
        "new": 10,
        "learning": 0,
        "review": 0,
        "held": 0,
        "total": 10,
        "decks": [
            {
                "id": "kinds",
                "title": "All kinds",
                "new": 10,
                "learning": 0,
                "review": 0,
                "held": 0,
                "cards": 10,
            }
        ],
        "today": {"answers": 0, "minutes": 0.0, "goal": None, "streak": 0, "plan": None},
    }


def test_due_tells_how_far_the_goal_is_reached(call: Call, kinds: Path, home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("goal_answers = 2\n")
    call("study", "--plain", "kinds", lines="\n3\n:q\n")
    today = json.loads(call("due", "--json")[1])["today"]
    assert today["goal"] == {"answers": 2, "minutes": 0, "met": False}
    assert (today["answers"], today["streak"]) == (1, 1)
    call("study", "--plain", "kinds", lines="Tashkent\n3\n:q\n")
    assert json.loads(call("due", "--json")[1])["today"]["goal"]["met"] is True


def test_due_counts_only_the_decks_that_are_named(call: Call, kinds: Path) -> None:
    assert call("due", "--short", "kinds", "sco-timeline")[1] == "15\n"
    assert call("due", "--short", "kinds", "kinds")[1] == "10\n"
    assert call("due", "--short", str(kinds))[1] == "10\n"
    assert call("due", "--short", "kin")[1] == "10\n"


def test_due_for_people_names_decks_with_something_to_do(call: Call, kinds: Path) -> None:
    code, out, _ = call("due", "kinds")
    assert code == 0
    assert out == "   10  All kinds\n   10  in all: 10 new, 0 learning, 0 to review\n"


def test_due_counts_a_deck_file_outside_the_decks_folder_by_its_path(
    call: Call, tmp_path: Path
) -> None:
    deck = tmp_path / "elsewhere.yml"
    deck.write_text("deck: E\ncards: [{front: a, back: b}]\n", encoding="utf-8")
    assert call("due", "--short", str(deck)) == (0, "1\n", "")


def test_commands_that_only_read_write_nothing_but_the_cache(call: Call, home: Path) -> None:
    for arguments in (["due"], ["decks"], ["paths"], ["due", "--json"]):
        call(*arguments)
    assert [each.name for each in home.iterdir()] == ["cache"]


# decks


def test_decks_as_json_lists_the_shipped_decks_with_their_notes(call: Call) -> None:
    code, out, err = call("decks", "--json")
    assert (code, err) == (0, "")
    decks: list[dict[str, Any]] = json.loads(out)
    assert len(decks) == 8
    assert sum(deck["notes"] for deck in decks) >= 140
    assert all(deck["shipped"] and deck["cards"] >= deck["notes"] for deck in decks)
    assert list(decks[0]) == [
        "id",
        "title",
        "description",
        "path",
        "shipped",
        "notes",
        "cards",
        "new",
        "learning",
        "review",
        "parent",
    ]


def test_decks_for_people_stand_in_columns(call: Call, kinds: Path) -> None:
    code, out, _ = call("decks")
    lines = out.splitlines()
    assert code == 0
    assert len(lines) == 1 + 8 + 1
    assert lines[0].split() == ["id", "title", "cards", "new", "learn", "due"]
    assert lines[-1].split() == ["kinds", "All", "kinds", "10", "10"]
    assert all(line[lines[0].index("title") - 1] == " " for line in lines)


def test_a_broken_deck_is_named_on_stderr_and_keeps_no_other_from_use(
    call: Call, kinds: Path
) -> None:
    broken = kinds.with_name("broken.yaml")
    broken.write_text("deck: B\ncards:\n  - frnt: a\n    back: b\n", encoding="utf-8")
    code, out, err = call("decks", "--json")
    assert code == 0
    assert "kinds" in [deck["id"] for deck in json.loads(out)]
    assert f"{broken}:3:5: error[" in err
    assert "did you mean `front`?" in err
    assert call("due", "--short", "kinds")[:2] == (0, "10\n")


# paths


def test_paths_names_every_place(call: Call, home: Path) -> None:
    code, out, _ = call("paths")
    assert code == 0
    assert [line.split(str(home))[0].strip() for line in out.splitlines()[:4]] == [
        "your decks",
        "progress",
        "settings",
        "cache",
    ]
    assert str(home / "data" / "progress.db") in out
    assert out.splitlines()[4].startswith("shipped decks")
    assert out.splitlines()[5] == f"log, reports   {home / 'cache' / 'log'}"


# study


def test_study_through_a_pipe_keeps_each_answer(call: Call, kinds: Path) -> None:
    code, out, err = call("study", "--plain", "kinds", lines="\n4\nTashkent\n4\n:u\n:q\n")
    assert (code, err) == (0, "")
    assert "correct\n" in out
    assert out.count("Which city is the capital of Uzbekistan?") == 2
    assert "1 answered, 1 recalled." in out
    assert call("due", "--short", "kinds")[1] == "9\n"


def test_study_reads_lines_when_there_is_no_terminal(call: Call, kinds: Path) -> None:
    code, out, _ = call("study", "kinds", lines=":q\n")
    assert code == 0
    assert "What is Astana known for?" in out


@pytest.mark.parametrize(
    ("options", "total"),
    [
        (["--limit", "3"], 3),
        (["--new", "2"], 2),
        (["--new", "0"], 0),
        (["--new", "5", "--limit", "2"], 2),
        (["--tag", "typed"], 1),
        (["--tag", "asia"], 10),
        (["--tag", "asi"], 0),
    ],
)
def test_study_asks_as_many_cards_as_its_options_say(
    call: Call, kinds: Path, options: list[str], total: int
) -> None:
    code, out, _ = call("study", "--plain", "kinds", *options, lines=":q\n")
    assert code == 0
    assert out.startswith(f"{TYPED}\n[1 of {total}]" if total else "Nothing is due.")


def test_study_ahead_asks_cards_that_are_not_due_yet(call: Call, kinds: Path) -> None:
    call("study", "--plain", "kinds", "--tag", "typed", lines="Tashkent\n4\n")
    said = call("study", "--plain", "kinds", "--ahead", lines=":q\n")[1]
    assert said.startswith("There is nothing to study ahead: no card waits for a later day.")
    assert "cards still wait today." in said
    with Workspace() as workspace:
        now = workspace.now()
    tomorrow = now._replace(at=now.at + 86_400_000, day=now.day + 1)
    with Workspace(clock=lambda: tomorrow) as workspace:
        session = begin_study(workspace, ["kinds"], pick=Pick.AHEAD)
        assert session.question is not None
        assert session.question.card.answers == ("Tashkent",)


def test_with_nothing_due_study_says_when_the_next_card_comes(
    call: Call, decks_folder: Path
) -> None:
    (decks_folder / "one.yaml").write_text("deck: One\ncards: [{front: a, back: b}]\n")
    call("study", "--plain", "one", lines="\n4\n")
    code, out, err = call("study", "--plain", "one")
    assert (code, err) == (0, "")
    assert out.startswith("Nothing is due. The next card comes on ")


# Mistakes


def test_the_app_needs_a_terminal(call: Call) -> None:
    assert_message(call(), 2, "needs a terminal", "study --plain")


@pytest.mark.parametrize("command", ["due", "study"])
@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("sco-timelime", ["no deck 'sco-timelime'", "did you mean 'sco-timeline'?"]),
        ("qqq", ["no deck 'qqq'", "`sco-quiz decks`"]),
        ("", ["no deck ''"]),
        ("sco", ["fits several decks: sco-essentials, sco-today", "more of the id"]),
        ("no/such.yaml", ["no/such.yaml is not there", "id, or the path"]),
        ("absent.yml", ["absent.yml is not there"]),
    ],
)
def test_an_unknown_deck_is_reported(call: Call, command: str, name: str, parts: list[str]) -> None:
    assert_message(call(command, name), 2, *parts)


def test_a_folder_given_as_a_deck_is_reported(call: Call, tmp_path: Path) -> None:
    assert_message(call("due", str(tmp_path)), 2, f"{tmp_path} is a folder")


@pytest.mark.skipif(os.name == "nt", reason="there are no devices among the files")
def test_a_device_given_as_a_deck_is_reported(call: Call) -> None:
    assert_message(call("study", os.devnull), 2, f"{os.devnull} is no ordinary file")


@pytest.mark.parametrize(
    ("content", "place", "part"),
    [
        (b"deck: [unclosed\ncards: x\n", "1:7", "not closed"),
        ("deck: Ödland\ncards: [{front: a, back: b}]\n".encode("utf-16"), "1:1", "UTF-8"),
        ("deck: Ödland\ncards: [{front: a, back: b}]\n".encode("latin-1"), "1:7", "UTF-8"),
        (b"deck: Empty\n", "1:1", "no cards"),
        (b"deck: Empty\ncards: []\n", "2:1", "no cards"),
        (b"deck: D\ncards:\n  - front: lonely\n", "3:5", "`front` without `back`"),
        (b"", "1:1", ""),
        (b"\x00\x01\x02", "1:1", ""),
    ],
)
@pytest.mark.parametrize("by", ["path", "id"])
def test_an_unusable_deck_is_reported_with_file_and_line(
    call: Call, decks_folder: Path, content: bytes, place: str, part: str, by: str
) -> None:
    deck = decks_folder / "mine.yaml"
    deck.write_bytes(content)
    result = call("study", "--plain", str(deck) if by == "path" else "mine")
    assert_message(result, 2, f"{deck}:{place}: ", part)


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["duu"], ["no command 'duu'", "did you mean 'due'?", "sco-quiz --help"]),
        (["xyzzy"], ["no command 'xyzzy'"]),
        (["--jsn"], ["--jsn"]),
        (["due", "--jsn"], ["--jsn", "did you mean", "sco-quiz due --help"]),
        (["study", "--limit", "0"], ["--limit", "sco-quiz study --help"]),
        (["study", "--limit", "many"], ["--limit", "'many'"]),
        (["study", "--new", "-1"], ["--new"]),
        (["study", "--minutes", "nan"], ["--minutes", "'nan' is not a number"]),
        (["study", "--minutes", "inf"], ["--minutes", "inf"]),
        (["study", "--tag"], ["--tag"]),
        (["paths", "extra"], ["extra"]),
        (["sync", "https://me:secret@x"], ["nothing is synced with https://\n", "name a folder"]),
    ],
)
def test_wrong_usage_is_reported_in_two_lines(
    call: Call, arguments: list[str], parts: list[str]
) -> None:
    result = call(*arguments)
    assert_message((result[0], result[1], result[2].lower()), 2, *(part.lower() for part in parts))


@pytest.mark.parametrize(
    "arguments",
    [
        ["study", "--plain", "--new"],
        ["study", "--plain", "--limit"],
        ["study", "--plain", "--hardest"],
        ["quiz", "--plain", "kinds", "--number"],
        ["quiz", "--plain", "kinds", "--seconds"],
        ["quiz", "--plain", "kinds", "--total-seconds"],
        ["check", "--max-age"],
        ["cards", "is:new", "--limit"],
    ],
)
def test_a_number_greater_than_all_there_is_limits_nothing(
    call: Call, kinds: Path, arguments: list[str]
) -> None:
    code, _, err = call(*arguments, "9" * 40, lines=":q\n")
    assert code == 0
    assert "error" not in err


@pytest.mark.parametrize(
    ("arguments", "first", "second"),
    [
        ("cards x --flag 2 --json", "--flag", "--json"),
        ("cards x --flag 2 --show", "--flag", "--show"),
        ("cards x --suspend --unsuspend", "--suspend", "--unsuspend"),
        ("cards x --undo", "--undo", "QUERY"),
        ("cards --undo --json", "--undo", "--json"),
        ("decks --relink --orphans", "--relink", "--orphans"),
        ("decks --relink --json", "--relink", "--json"),
        ("due --json --short", "--json", "--short"),
        ("history --json --csv", "--json", "--csv"),
        ("import --undo --dry-run", "--undo", "--dry-run"),
        ("optimize --undo --json", "--undo", "--json"),
        ("quiz --retry --pair a b", "--retry", "--pair"),
        ("study --ahead --hardest", "--ahead", "--hardest"),
        ("sync --off --status", "--off", "--status"),
        ("sync --off --dry-run", "--off", "--dry-run"),
        ("sync --off --json", "--off", "--json"),
        ("sync --off folder", "--off", "WHERE"),
        ("sync --status --decks", "--status", "--decks"),
    ],
)
def test_of_options_of_which_one_would_be_ignored_none_is_taken(
    call: Call, arguments: str, first: str, second: str
) -> None:
    assert_message(call(*arguments.split()), 2, f"{first} and {second} exclude each other")


def test_settings_that_are_not_toml_are_reported(call: Call, home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("new_per_day = \n", encoding="utf-8")
    assert_message(call("due"), 2, "config.toml", "line 1")


def test_a_setting_out_of_range_is_named_and_its_default_taken(call: Call, home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("new_per_day = -3\n", encoding="utf-8")
    code, out, err = call("due")
    assert (code, out.splitlines()[-2][:5]) == (0, "   15")
    assert "config.toml: new_per_day: -3 is not between 0 and 9999, did you mean 0?" in err


COMMANDS_OVER_PROGRESS = pytest.mark.parametrize(
    "arguments", [["due"], ["decks"], ["study", "--plain"], ["quiz", "--plain"]], ids=" ".join
)


@COMMANDS_OVER_PROGRESS
@pytest.mark.parametrize(
    "content", [b"not a database\n" * 100, b"SQLite format 3\x00" + b"x" * 999]
)
def test_a_file_that_is_not_a_progress_file_is_left_as_it_is(
    call: Call, home: Path, arguments: list[str], content: bytes
) -> None:
    file = home / "data" / "progress.db"
    file.parent.mkdir()
    file.write_bytes(content)
    assert_message(call(*arguments), 3, str(file))
    assert file.read_bytes() == content


@COMMANDS_OVER_PROGRESS
def test_the_database_of_another_program_is_left_as_it_is(
    call: Call, home: Path, arguments: list[str]
) -> None:
    file = home / "data" / "progress.db"
    file.parent.mkdir()
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    db.close()
    content = file.read_bytes()
    assert_message(call(*arguments), 3, str(file), "not a progress file of sco-quiz")
    assert file.read_bytes() == content


@COMMANDS_OVER_PROGRESS
def test_a_progress_file_of_a_newer_version_is_left_as_it_is(
    call: Call, home: Path, arguments: list[str]
) -> None:
    call("study", "--plain", "sco-timeline", lines="\n4\n")
    file = home / "data" / "progress.db"
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    content = file.read_bytes()
    assert_message(call(*arguments), 3, "newer version of sco-quiz", "update sco-quiz")
    assert file.read_bytes() == content


def test_a_data_folder_that_cannot_be_made_is_reported(call: Call, home: Path) -> None:
    (home / "data").write_text("in the way", encoding="utf-8")
    assert_message(call("study", "--plain"), 3, str(home / "data"), "SCO_QUIZ_HOME")
    assert call("due", "--short") == (0, "15\n", "")


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="folders are not closed to this user"
)
def test_an_unwritable_data_folder_is_reported(call: Call, home: Path) -> None:
    (home / "data").mkdir(mode=0o500)
    assert_message(call("study", "--plain"), 3, str(home / "data"))


# What all share


def test_version_and_help_are_printed(call: Call) -> None:
    assert __version__ in call("--version")[1]
    _, out, _ = call("--help")
    assert all(name in out for name in COMMANDS)
    for name in COMMANDS:
        assert call(name, "--help")[1].startswith(f"Usage: sco-quiz {name}")


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_gives_examples_that_the_command_takes(call: Call, name: str) -> None:
    code, out, _ = call(*filter(None, [name]), "-h")
    assert code == 0
    if name == "completion":
        return
    lines = out.split("Examples:\n")[1].split("\n\n")[0].splitlines()
    assert lines
    for line in lines:
        example, _, about = line.strip().partition("   ")
        program, *arguments = shlex.split(example.partition(" >")[0])
        assert program == "sco-quiz"
        assert about.strip()
        assert len(line) <= 80
        with click.Context(cli, info_name=program, **cli.context_settings) as context:
            named, command, rest = (
                cli.resolve_command(context, arguments) if arguments else ("", None, [])
            )
            assert named in ("", name) or not name
            if command is not None:
                command.make_context(named, rest, parent=context)


def test_a_capital_v_prints_the_version_too(call: Call) -> None:
    assert call("-V") == call("--version")


def test_of_words_with_a_leading_minus_only_h_shows_the_help_of_cards(call: Call) -> None:
    assert call("cards", "-h") == call("cards", "--help")
    assert call("cards", "-hat")[1] != call("cards", "-h")[1]
    assert call("cards", "--", "-h")[1] != call("cards", "-h")[1]


@pytest.mark.parametrize("page", PAGES)
def test_help_prints_the_pages_that_other_helps_name(call: Call, page: str) -> None:
    code, out, _ = call("help", page)
    assert code == 0
    assert out.startswith("# ")


def test_help_lists_its_pages_and_suggests_the_nearest_name(call: Call) -> None:
    _, out, _ = call("help")
    assert all(f"  {page} " in out for page in PAGES)
    assert call("help", "cards") == call("cards", "--help")
    assert_message(call("help", "deckformat"), 2, "did you mean 'deck-format'?", "`sco-quiz help`")


def test_no_help_names_a_page_that_is_not_installed(call: Call) -> None:
    named = {
        page
        for name in COMMANDS
        for page in re.findall(r"`?sco-quiz\s+help\s+([\w-]+)", call(name, "--help")[1])
    }
    assert {"statistics", "moving", "deck-format"} <= named
    assert named <= {*PAGES, *COMMANDS}
    assert not any("docs/" in call(name, "--help")[1] for name in COMMANDS)


def test_the_wheel_has_each_page_of_help() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    included = tomllib.loads(text)["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    pages = {f"docs/{page}.md": f"sco_quiz/docs/{page}.md" for page in PAGES}
    assert included == {"decks": "sco_quiz/decks", **pages}


def test_add_says_that_it_is_for_files(call: Call) -> None:
    result = call("add", "What is the capital of Peru?")
    assert_message(result, 2, "there is no file", "`add` takes deck files")


def test_export_without_a_format_lists_all(call: Call) -> None:
    code, out, _ = call("export")
    assert code == 0
    assert [line.split()[:2] for line in out.splitlines()] == [
        ["csv", ".csv"], ["markdown", ".md"], ["json", ".json"], ["anki", ".apkg"],
    ]  # fmt: skip
    code, nothing, told = call("export", "sco-essentials")
    assert (code, nothing) == (2, "")
    assert told.startswith(out)
    assert "no format is chosen" in told
    assert_message(call("export", "--to", "csv"), 2, "no deck is named")


def test_a_pipe_closed_early_is_not_an_error(home: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sco_quiz", "decks", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 0


def test_input_that_is_not_utf_8_is_a_wrong_answer(home: Path, kinds: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sco_quiz", "study", "--plain", "kinds", "--tag", "typed"],
        input=b"\xff\xfe\n1\n",
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
    )
    assert b"wrong: Tashkent" in done.stdout
    assert done.stderr == b""


def test_input_without_the_mark_of_its_encoding_is_reported(home: Path, kinds: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sco_quiz", "study", "--plain", "kinds", "--tag", "typed"],
        input=b"Tashkent\n1\n",
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-16"},
    )
    assert done.returncode == 2
    assert "error: the input is not in utf-16" in done.stderr.decode("utf-16")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_output_in_an_encoding_that_lacks_a_character_goes_on(
    home: Path, decks_folder: Path, encoding: str
) -> None:
    (decks_folder / "d.yaml").write_text(
        "deck: Душанбе\ncards: [{front: Душанбе?, back: столица}]\n", encoding="utf-8"
    )
    for arguments in (["decks"], ["decks", "--json"], ["due", "d"], ["study", "--plain", "d"]):
        done = subprocess.run(
            [sys.executable, "-m", "sco_quiz", *arguments],
            input=b"\n4\n",
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONIOENCODING": f"{encoding}:strict"},
        )
        assert done.stdout
        assert done.stderr == b""


@pytest.mark.parametrize("variable", [{}, {"NO_COLOR": "1"}])
def test_commands_write_no_colour_into_a_pipe(
    home: Path, kinds: Path, variable: dict[str, str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sco_quiz", "study", "--plain", "kinds"],
        input=b"\n4\n:q\n",
        capture_output=True,
        check=True,
        env={**os.environ, **variable},
    )
    assert b"\x1b" not in done.stdout
