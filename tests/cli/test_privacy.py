"""What the program keeps about its learner is that learner's alone, whatever the umask."""

from __future__ import annotations

import os
import sys
from stat import S_IMODE
from typing import TYPE_CHECKING

import pytest

from sco_quiz.cli.crash_report import tell_mishap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Call = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="files have other rules there")

UMASKS = [0o000, 0o002, 0o022, 0o077]


@pytest.fixture(params=UMASKS, ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    try:
        yield request.param
    finally:
        os.umask(before)


def mode_of(path: Path) -> int:
    return S_IMODE(path.stat().st_mode)


def assert_private(*roots: Path) -> None:
    """All that lies there is the owner's alone."""
    for root in roots:
        found = [root, *root.rglob("*")]
        assert len(found) > 1
        for path in found:
            assert mode_of(path) == (0o700 if path.is_dir() else 0o600), path


def use(call: Call, home: Path) -> None:
    """Do all that leaves files in the home, but for decks."""
    (home / "two.csv").write_text("question,answer\na,b\nc,d\n")
    assert call("--debug", "due", "--short")[0] == 0
    assert call("config", "theme", "paper")[0] == 0
    assert call("import", str(home / "two.csv"))[0] == 0
    assert call("study", "--plain", "two", lines="\n3\n")[0] == 0
    assert call("backup")[0] == 0
    assert call("doctor")[0] == 0
    tell_mishap(ValueError("x"))


@pytest.mark.parametrize("first", ["due", "config", "debug", "study", "mishap"])
def test_only_the_owner_can_read_the_files_of_the_app(
    home: Path, call: Call, umask: int, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    root = home / "new" / "home"
    monkeypatch.setenv("SCO_QUIZ_HOME", str(root))
    match first:
        case "config":
            call("config", "theme", "paper")
        case "debug":
            call("--debug", "paths")
        case "study":
            call("study", "--plain", lines="\n3\n")
        case "mishap":
            tell_mishap(ValueError("x"))
    use(call, home)
    data = root / "data"
    assert_private(root / "config", root / "cache", data / "backups", data / "imports")
    assert (mode_of(data), mode_of(data / "progress.db")) == (0o700, 0o600)


def test_new_decks_have_the_usual_permissions(home: Path, call: Call, umask: int) -> None:
    (home / "two.csv").write_text("question,answer\na,b\n")
    assert call("import", str(home / "two.csv"))[0] == 0
    assert call("export", "two", "--to", "csv", "-o", str(home / "out.csv"))[0] == 0
    for path in (home / "data" / "decks" / "two.yaml", home / "out.csv"):
        assert mode_of(path) == 0o666 & ~umask


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o664, 0o666])
def test_permissions_set_by_the_learner_stay(home: Path, call: Call, umask: int, mode: int) -> None:
    use(call, home)
    kept = [home / "config" / "config.toml", home / "data" / "progress.db"]
    for path in kept:
        path.chmod(mode)
    assert call("config", "theme", "nord")[0] == 0
    assert call("study", "--plain", "two", lines="\n3\n")[0] == 0
    (backup,) = (home / "data" / "backups").glob("progress-*.db")
    assert call("restore", str(backup), "--yes")[0] == 0
    assert [mode_of(path) for path in kept] == [mode, mode]
    assert_private(home / "data" / "imports")


def test_existing_folders_keep_their_permissions(empty_home: Path, call: Call, umask: int) -> None:
    home = empty_home
    for name in ("config", "data", "data/imports", "cache", "cache/log"):
        (home / name).mkdir()
        (home / name).chmod(0o755)
    use(call, home)
    for name in ("config", "data", "data/imports", "cache", "cache/log"):
        assert mode_of(home / name) == 0o755
        files = [path for path in (home / name).iterdir() if path.is_file()]
        assert {mode_of(path) for path in files} == {0o600}, files
