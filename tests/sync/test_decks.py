"""Decks in the shared folder, and what synchronisers leave of conflicts there."""

from __future__ import annotations

import errno
import shutil
import sys
from pathlib import Path

import pytest

from sco_quiz.cli.main import run
from sco_quiz.paths import HOME_VARIABLE
from sco_quiz.workspace.workspace import Workspace

if sys.platform == "win32":
    pytest.skip("a link to a folder takes rights there", allow_module_level=True)

OWN = {"Geo", "Geography", "Gym"}
DECK = "deck: Geo\nid: geo\ncards:\n  - {front: a, back: b}\n"


@pytest.fixture
def homes(tmp_path: Path) -> list[Path]:
    found = [tmp_path / name for name in ("laptop", "desktop")]
    for home in found:
        (home / "data" / "decks" / "sub").mkdir(parents=True)
    return found


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    return tmp_path / "shared"


def call(monkeypatch: pytest.MonkeyPatch, home: Path, *arguments: str) -> int:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    return run([*arguments])


def titles(monkeypatch: pytest.MonkeyPatch, home: Path) -> list[str]:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    with Workspace(read_only=True) as workspace:
        workspace.refresh()
        return sorted({*workspace.catalogue.titles.values()} & OWN)


def test_shared_decks_are_on_both_devices_and_stay_after_sharing_ends(
    homes: list[Path], shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop, desktop = homes
    own = laptop / "data" / "decks"
    (own / "geo.yaml").write_text(DECK)
    (own / "sub" / "a.png").write_bytes(b"\x89PNG")
    (desktop / "data" / "decks" / "mine.yaml").write_text(DECK.replace("eo", "ym"))
    before = titles(monkeypatch, laptop)
    assert call(monkeypatch, laptop, "sync", "--decks", str(shared)) == 0
    assert titles(monkeypatch, laptop) == before
    assert call(monkeypatch, laptop, "sync", "--decks") == 0
    assert call(monkeypatch, desktop, "sync", "--decks", str(shared)) == 0
    assert {"Geo", "Gym"} <= {*titles(monkeypatch, desktop)} & {*titles(monkeypatch, laptop)}
    assert (shared / "decks" / "sub" / "a.png").exists()
    assert not list(laptop.rglob("decks-before-sync"))
    (own / "geo.yaml").write_text(DECK.replace("Geo", "Geography"))
    assert "Geography" in titles(monkeypatch, desktop)
    assert call(monkeypatch, laptop, "sync", "--off") == 0
    assert not own.is_symlink()
    assert {"Geography", "Gym"} <= {*titles(monkeypatch, laptop)}
    shutil.rmtree(shared)
    assert "Geography" in titles(monkeypatch, laptop)


def test_a_deck_that_differs_from_the_shared_one_is_kept_beside_it_and_named(
    homes: list[Path],
    shared: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    laptop, desktop = homes
    for home, back in ((laptop, "b"), (desktop, "c")):
        (home / "data" / "decks" / "geo.yaml").write_text(DECK.replace("back: b", f"back: {back}"))
        assert call(monkeypatch, home, "sync", "--decks", str(shared)) == 0
    assert "1 differs from what was there" in capsys.readouterr().err
    files = sorted((shared / "decks").glob("*.yaml"))
    assert len(files) == 2
    assert titles(monkeypatch, desktop) == ["Geo"]
    assert call(monkeypatch, desktop, "check") == 0
    assert "conflict copy of" in capsys.readouterr().out


def test_an_interrupted_move_is_finished_by_the_next_sync(
    homes: list[Path], shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop = homes[0]
    own = laptop / "data" / "decks"
    (own / "geo.yaml").write_text(DECK)
    (shared / "decks").mkdir(parents=True)
    shutil.copy(own / "geo.yaml", shared / "decks")
    own.with_name(".decks-new").symlink_to(shared / "decks")
    own.rename(own.with_name("decks-before-sync"))
    assert call(monkeypatch, laptop, "sync", "--decks", str(shared)) == 0
    assert own.is_symlink()
    assert not own.with_name("decks-before-sync").exists()
    assert titles(monkeypatch, laptop) == ["Geo"]


def test_without_links_the_decks_stay_in_place_and_the_message_names_a_way(
    homes: list[Path],
    shared: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "A required privilege is not held by the client")

    laptop = homes[0]
    own = laptop / "data" / "decks"
    (own / "geo.yaml").write_text(DECK)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "symlink_to", refuse)
        assert call(monkeypatch, laptop, "sync", "--decks", str(shared)) == 1
    told = capsys.readouterr().err
    assert "can be made" in told
    assert "A required privilege" in told
    assert "Developer Mode" in told
    assert [path.name for path in own.parent.iterdir() if "decks" in path.name] == ["decks"]
    assert (own / "geo.yaml").read_text() == DECK
    assert list((shared / "decks").iterdir()) == []
    assert call(monkeypatch, laptop, "config", "decks", str(shared / "decks")) == 0
    (shared / "decks" / "gym.yaml").write_text(DECK.replace("eo", "ym"))
    assert titles(monkeypatch, laptop) == ["Geo", "Gym"]


COPIES = {
    "Syncthing": "geo.sync-conflict-20261129-101112-ABCDEFG.yaml",
    "Dropbox": "geo (Ann's conflicted copy 2026-11-29).yaml",
    "Dropbox in German": "geo (In Konflikt stehende Kopie von Ann 2026-11-29).yaml",
    "Nextcloud": "geo (conflicted copy 2026-11-29 101112).yaml",
    "ownCloud": "geo_conflict-20261129-101112.yaml",
    "Seafile": "geo (SFConflict ann@example.org 2026-11-29-10-11-12).yaml",
    "Resilio": "geo.Conflict.yaml",
    "Google Drive": "geo (1).yaml",
    "iCloud": "geo 2.yaml",
    "OneDrive": "geo-LAPTOP.yaml",
}


@pytest.mark.parametrize("name", COPIES.values(), ids=COPIES.keys())
def test_a_conflict_copy_of_a_synchroniser_is_named_and_is_not_a_second_deck(
    homes: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    decks = homes[0] / "data" / "decks"
    (decks / "geo.yaml").write_text(DECK)
    (decks / name).write_text(DECK.replace("back: b", "back: c"))
    assert titles(monkeypatch, homes[0]) == ["Geo"]
    assert call(monkeypatch, homes[0], "check") == 0
    assert name in capsys.readouterr().out
