"""`sco-quiz import` and `sco-quiz export`."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize(
    ("target", "ending"), [("csv", "csv"), ("markdown", "md"), ("json", "json")]
)
def test_importing_an_exported_file_again_changes_nothing(
    call: Call, kinds: Path, tmp_path: Path, target: str, ending: str
) -> None:
    file = tmp_path / f"out.{ending}"
    code, out, err = call("export", "kinds", "--to", target, "-o", str(file))
    assert (code, out) == (0, f"{file}\n")
    notes = int(err.split()[0])
    code, out, err = call("import", str(file), "--into", "copy")
    assert code == 0
    assert f"{notes} notes read: {notes} new" in err
    copy = (kinds.parent / "copy.yaml").read_text()
    _, exported, _ = call("export", "copy", "--to", target)
    file.write_text(exported, newline="")
    _, _, err = call("import", str(file), "--into", "copy")
    assert f"{notes} notes read: {notes} unchanged\n" in err
    assert (kinds.parent / "copy.yaml").read_text() == copy


def test_a_package_for_anki_is_a_file_and_changes_nothing_here(
    call: Call, kinds: Path, tmp_path: Path
) -> None:
    code, out, err = call("export", "kinds", "--to", "anki")
    assert (code, out) == (2, "")
    assert "`-o FILE.apkg`" in err
    (kinds.parent / "broken.yaml").write_text(
        "deck: Broken\ncards:\n- {front: a, back: b, image: no.png}\n- {front: c, answer: d}\n"
    )
    file = tmp_path / "out.apkg"
    code, out, err = call("export", "kinds", "broken", "--to", "anki", "-o", str(file))
    assert (code, out) == (0, f"{file}\n")
    assert err == (
        "11 notes; the scores of quizzes stay here; a card that is there keeps its schedule\n"
        "lossy: no.png cannot be read (No such file or directory) (broken, note 1)\n"
        "lossy: it is not asked here, and stays; `sco-quiz check` says why (broken, note 2)\n"
    )
    before = kinds.read_text()
    call("export", "kinds", "--to", "anki", "-o", str(tmp_path / "kinds.apkg"))
    _, _, err = call("import", str(tmp_path / "kinds.apkg"))
    assert "10 notes read: 10 unchanged\n" in err
    assert kinds.read_text() == before


def test_an_import_ends_in_a_report(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "c.txt"
    file.write_text("#html:true\n#separator:tab\na\t<u>b</u>\nfront only\nx\ty\tz\n")
    code, out, err = call("import", str(file), "--dry-run")
    assert code == 0
    assert out == f"{tmp_path}/data/decks/c.yaml\n"
    assert err == (
        "  3 notes read: 2 new (2 cards), 1 skipped\n"
        "  skipped: no back (line 4)\n"
        "  lossy: underline is not kept (line 3)\n"
        "  lossy: left out, with something in 1 row: nothing says what it holds (column 3)\n"
        "Nothing was written.\n"
    )


def test_an_import_can_be_taken_back(call: Call, tmp_path: Path, decks_folder: Path) -> None:
    file = tmp_path / "c.md"
    file.write_text("a::b\n")
    _, _, err = call("import", str(file))
    assert err.endswith("`sco-quiz import --undo` takes it back.\n")
    assert call("import", "--undo") == (0, "", "Taken back: the import of c.md.\n")
    assert list(decks_folder.iterdir()) == []
    assert call("import", "--undo") == (0, "", "There is no import to take back.\n")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.apk", b"", "has nothing in it that is recognised as cards"),
        ("x.csv", b"a,\xff" + b"\0\1" * 90, "is no text that can be read"),
        ("x.json", b"{", "is not JSON"),
        ("x.json", b"[" * 100_000, "is not JSON: it is nested too deeply"),
        ("x.json", b"[1]", "has no list of questions and answers that is known here"),
        ("x.csv", b"a" * (16 << 20) + b"b", "has more than 16,777,216 bytes"),
        ("x.md", b"\n" * 2_000_001, "has more than 2,000,000 lines"),
        ("x.json", b'{"decks": [{"notes": [' + b"1," * 200_000 + b"1]}]}", "200,000 notes"),
    ],
)
def test_an_unreadable_file_is_reported(
    call: Call, tmp_path: Path, decks_folder: Path, name: str, data: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(data)
    code, out, err = call("import", str(tmp_path / name))
    assert code in {1, 2}
    assert out == ""
    assert message in err
    assert list(decks_folder.iterdir()) == []


def test_wrong_calls_are_reported(call: Call, tmp_path: Path) -> None:
    assert call("import")[0] == 2
    assert call("import", "--undo", "x.csv")[0] == 2
    assert "cannot be read" in call("import", str(tmp_path / "none.csv"))[2]
    (tmp_path / "c.md").write_text("a::b\n")
    assert "is no table" in call("import", str(tmp_path / "c.md"), "--separator", ";")[2]
    (tmp_path / "there.csv").write_text("")
    code, _, err = call("export", "sco-timeline", "--to", "csv", "-o", str(tmp_path / "there.csv"))
    assert (code, "is there already" in err) == (2, True)


def test_an_export_includes_the_defaults_of_the_deck(call: Call, decks_folder: Path) -> None:
    (decks_folder / "d.yaml").write_text(
        "deck: D\nlanguage: ru\ndefaults: {tags: [x], source: atlas}\n"
        "cards:\n- {front: a, back: b, tags: [y]}\n- {front: c, back: d, source: map}\n"
    )
    _, out, _ = call("export", "d", "--to", "json")
    assert json.loads(out) == {
        "decks": [
            {
                "title": "D",
                "language": "ru",
                "notes": [
                    {"front": "a", "back": "b", "tags": ["x", "y"], "source": "atlas"},
                    {"front": "c", "back": "d", "source": "map", "tags": ["x"]},
                ],
            }
        ]
    }


def test_hostile_text_reaches_no_terminal(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("front\tback\na\x1b[2Jb\tc\nonly\x1b]52;c;\x07\n")
    code, out, err = call("import", str(file), "--into", "t\x1b[1m")
    assert (code, "2 notes read" in err) == (0, True)
    assert "\x1b" not in out + err
    code, out, _ = call("export", "t", "--to", "csv")
    assert (code, "a␛[2Jb" in out) == (0, True)
    assert "\x1b" not in out


def test_a_folder_or_a_pipe_cannot_be_imported(call: Call, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    for name, reason in (("folder.csv", "has no deck.json"), ("pipe.csv", "is not a file")):
        code, _, err = call("import", str(tmp_path / name))
        assert (code, f"{name} {reason}" in err) == (2, True)
