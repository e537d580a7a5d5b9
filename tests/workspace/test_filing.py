"""Files beside the decks that stand or fall with an event of the log."""

from __future__ import annotations

import io
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sco_quiz.cli.main import run
from sco_quiz.errors import DeckError
from sco_quiz.paths import HOME_VARIABLE
from sco_quiz.progress import log
from sco_quiz.workspace.filing import Change, Copy, Filing, digest_of
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sco_quiz.progress.log import Event

PICTURE = os.urandom(1_000_000)
DECK = "deck: D\ncards:\n- {front: a, back: b}\n"


@pytest.fixture
def workspace(decks_folder: Path) -> Iterator[Workspace]:
    with Workspace() as opened:
        yield opened


def filing_of(workspace: Workspace) -> Filing:
    return Filing(workspace.paths, workspace.config, workspace.progress)


def copy(path: Path, data: bytes = PICTURE, *, promised: bytes = PICTURE) -> Copy:
    return Copy(path, digest_of(io.BytesIO(promised)), lambda: io.BytesIO(data))


def bring(workspace: Workspace, folder: Path, *copies: Copy) -> Event:
    draft = log.imported(workspace.now(), "d.apkg", {})
    return filing_of(workspace).carry_out(
        [Change(folder / "d.yaml", None, DECK)], draft, copies=copies
    )


def undo(workspace: Workspace, event: Event) -> None:
    filing_of(workspace).take_back(event, log.undo(workspace.now(), event))


def left(home: Path) -> list[str]:
    files = (home / "data").rglob("*")
    return sorted(file.name for file in files if file.is_file() and file.name != "progress.db")


def test_a_picture_is_added_with_its_deck_and_undone_with_it(
    workspace: Workspace, decks_folder: Path, home: Path
) -> None:
    picture = decks_folder / "media" / "map.png"
    event = bring(
        workspace, decks_folder, copy(picture), copy(decks_folder / "no.mp3", b"", promised=b"")
    )
    assert picture.read_bytes() == PICTURE
    assert (decks_folder / "no.mp3").read_bytes() == b""
    undo(workspace, event)
    assert left(home) == []


def test_a_picture_that_was_changed_since_stays(workspace: Workspace, decks_folder: Path) -> None:
    picture = decks_folder / "map.png"
    event = bring(workspace, decks_folder, copy(picture))
    picture.write_bytes(b"mine")
    undo(workspace, event)
    assert picture.read_bytes() == b"mine"
    assert not (decks_folder / "d.yaml").exists()


@pytest.mark.parametrize("why", ["it cannot be read to its end", "it is another", "it is there"])
def test_a_picture_that_cannot_be_copied_leaves_nothing_behind(
    workspace: Workspace, decks_folder: Path, home: Path, why: str
) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise DeckError("the package is damaged")
            return super().read(size)

    wrong = copy(decks_folder / "b.png", PICTURE[1:])
    if why == "it cannot be read to its end":
        wrong = wrong._replace(open=lambda: Broken(PICTURE))
    elif why == "it is there":
        wrong = copy(decks_folder / "a.png")
    with pytest.raises(DeckError, match=r"damaged|changed meanwhile|already there"):
        bring(workspace, decks_folder, copy(decks_folder / "a.png"), wrong)
    assert left(home) == []
    assert list(workspace.progress.events()) == []


def test_a_power_cut_before_or_after_the_event_is_repaired(
    workspace: Workspace, decks_folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Cut(BaseException):
        pass

    def cut(*_: object) -> None:
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(Filing, "settle", lambda _: None)
        patch.setattr("sco_quiz.workspace.filing._chunks_of", cut)
        with pytest.raises(Cut):
            bring(workspace, decks_folder, copy(decks_folder / "a.png"))
    assert left(home) == ["d.yaml", "pending.json"]
    event = bring(workspace, decks_folder, copy(decks_folder / "a.png"))
    with monkeypatch.context() as patch:
        patch.setattr(Filing, "_finish_undo", cut)
        with pytest.raises(Cut):
            undo(workspace, event)
    assert "a.png" in left(home)
    filing_of(workspace).settle()
    assert [name for name in left(home) if not name.endswith(".json")] == []


# Homes that are moved or copied, and notes that lead elsewhere


def note_in(home: Path) -> Path:
    (note,) = (home / "data" / "imports").iterdir()
    return note


@pytest.fixture
def imported(workspace: Workspace, decks_folder: Path) -> Event:
    """An import of a deck with a picture."""
    return bring(workspace, decks_folder, copy(decks_folder / "media" / "a.png"))


def enter(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    return home


def undo_here() -> None:
    with Workspace() as workspace:
        event = workspace.progress.last_undoable()
        assert event is not None
        undo(workspace, event)


@pytest.mark.usefixtures("imported")
def test_undo_in_a_copy_of_a_home_touches_the_copy_alone(
    home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = left(home)
    twin = enter(tmp_path_factory.mktemp("twin") / "home", monkeypatch)
    shutil.copytree(home, twin)
    undo_here()
    assert left(twin) == []
    assert left(home) == before


def test_a_home_that_was_moved_undoes_its_imports(
    workspace: Workspace, home: Path, imported: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert imported.kind == "import"
    workspace.close()
    moved = home / "elsewhere"
    moved.mkdir()
    (home / "data").rename(moved / "data")
    enter(moved, monkeypatch)
    undo_here()
    assert left(moved) == []


def test_a_decks_folder_of_the_settings_may_move_too(
    home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = tmp_path_factory.mktemp("user")
    (user / "cards").mkdir()
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text('decks = ["~/cards"]\n')
    monkeypatch.setenv("HOME", str(user))
    with Workspace() as workspace:
        bring(workspace, user / "cards")
    monkeypatch.setenv("HOME", str(user.rename(user.with_name("renamed"))))
    undo_here()
    assert list((user.with_name("renamed") / "cards").iterdir()) == []


def test_files_go_through_a_linked_decks_folder(
    home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    real = tmp_path_factory.mktemp("synchronised")
    (home / "data").mkdir()
    (home / "data" / "decks").symlink_to(real)
    with Workspace() as workspace:
        event = bring(workspace, workspace.paths.decks_folder)
        assert [path.name for path in real.iterdir()] == ["d.yaml"]
        undo(workspace, event)
    assert list(real.iterdir()) == []


def as_once(note: Path, folder: Path) -> None:
    """Rewrite a note as notes were when they named files by absolute paths."""
    found = json.loads(note.read_text())
    for row in found["files"]:
        del row["folder"]
        row["path"] = str(folder / row["path"])
    for name in ("copied", "removed"):
        found[name] = {str(folder / row["path"]): row["digest"] for row in found[name]}
    note.write_text(json.dumps(found))


def test_an_undo_note_with_absolute_paths_works_in_the_home_that_made_it(
    workspace: Workspace, home: Path, decks_folder: Path, imported: Event
) -> None:
    as_once(note_in(home), decks_folder)
    undo(workspace, imported)
    assert left(home) == []


@pytest.mark.usefixtures("imported")
def test_an_undo_note_with_absolute_paths_is_refused_in_another_home(
    home: Path,
    decks_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    as_once(note_in(home), decks_folder)
    before = left(home)
    twin = enter(tmp_path_factory.mktemp("twin") / "home", monkeypatch)
    shutil.copytree(home, twin)
    with pytest.raises(DeckError, match="in none of your decks folders"):
        undo_here()
    assert left(home) == left(twin) == before


OUTSIDE = {
    "dots": "../../victim.yaml",
    "dots in the middle": "x/../../../victim.yaml",
    "an absolute path below a folder": "/victim.yaml",
    "a link to a folder": "out/victim.yaml",
    "a link to a file": "link.yaml",
    "no path": "",
    "the folder itself": ".",
    "a loop of links": "loop.yaml",
    "a name that no file can have": f"{'x' * 300}.yaml",
}


@pytest.mark.parametrize("when", ["undone", "settled"])
@pytest.mark.parametrize("how", OUTSIDE)
def test_no_undo_note_leads_out_of_the_decks_folders(
    workspace: Workspace, home: Path, decks_folder: Path, imported: Event, how: str, when: str
) -> None:
    victim = home / "victim.yaml"
    victim.write_text("mine")
    (decks_folder / "out").symlink_to(home)
    (decks_folder / "link.yaml").symlink_to(victim)
    (decks_folder / "loop.yaml").symlink_to(decks_folder / "loop.yaml")
    note = note_in(home)
    found = json.loads(note.read_text())
    path = str(victim) if how.startswith("an absolute") and when == "settled" else OUTSIDE[how]
    digest = digest_of(io.BytesIO(b"mine"))
    hostile = {"folder": "", "path": path, "before": "hostile", "after": digest}
    removal = {"folder": "", "path": path, "digest": digest}
    found |= {"files": [hostile], "copied": [removal], "removed": [removal]}
    if when == "undone":
        note.write_text(json.dumps(found))
        with pytest.raises(DeckError):
            undo(workspace, imported)
    else:
        found["event"][1] += 1
        note.with_name("pending.json").write_text(json.dumps(found))
        assert filing_of(workspace).settle() != []
        assert filing_of(workspace).settle() == []
    assert victim.read_text() == "mine"
    assert (decks_folder / "link.yaml").is_symlink()


def test_an_import_into_a_linked_deck_is_undone_if_its_folder_is_among_the_decks_folders(
    workspace: Workspace,
    home: Path,
    decks_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "d.yaml").write_text(DECK)
    link = decks_folder / "d.yaml"
    link.symlink_to(elsewhere / "d.yaml")
    changed = DECK + "- {front: c, back: d}\n"
    draft = log.imported(workspace.now(), "d.csv", {})
    event = filing_of(workspace).carry_out([Change(link, DECK, changed)], draft)
    with pytest.raises(DeckError, match="leads out of your decks folders") as caught:
        undo(workspace, event)
    assert "`decks`" in caught.value.help
    assert link.read_text() == changed
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text(f'decks = ["{elsewhere}"]\n')
    workspace.reread_settings()
    undo(workspace, event)
    assert link.is_symlink()
    assert link.read_text() == DECK


def test_a_failed_import_into_a_linked_deck_leaves_it_as_it_was(
    workspace: Workspace, decks_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    real = tmp_path_factory.mktemp("elsewhere") / "d.yaml"
    real.write_text(DECK)
    link = decks_folder / "d.yaml"
    link.symlink_to(real)
    changes = [Change(link, DECK, DECK + "- {front: c, back: d}\n")]
    wrong = copy(decks_folder / "b.png", PICTURE[1:])
    with pytest.raises(DeckError, match="changed meanwhile"):
        filing_of(workspace).carry_out(
            changes, log.imported(workspace.now(), "d.csv", {}), copies=[wrong]
        )
    assert real.read_text() == DECK


def test_undo_leaves_a_folder_that_is_not_a_decks_folder_any_more(
    workspace: Workspace, home: Path, imported: Event
) -> None:
    note = note_in(home)
    note.write_text(note.read_text().replace('"folder": ""', '"folder": "~/cards"'))
    with pytest.raises(DeckError, match="not among your decks folders any more"):
        undo(workspace, imported)
    assert "d.yaml" in left(home)


# What a broken-off import leaves behind, and what becomes of it


def leave_pending(workspace: Workspace, folder: Path) -> Path:
    """Break an import of a deck and a picture off before its event is written; the note of it."""

    class Cut(BaseException):
        pass

    class Cutting(io.BytesIO):
        def read(self, _: int | None = -1, /) -> bytes:
            raise Cut

    picture = copy(folder / "media" / "b.png")._replace(open=Cutting)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Filing, "settle", lambda _: [])
        with pytest.raises(Cut):
            bring(workspace, folder, copy(folder / "media" / "a.png"), picture)
    return workspace.paths.pending_import


def test_a_deck_changed_after_an_interrupted_import_is_left_and_reported(
    workspace: Workspace, decks_folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leave_pending(workspace, decks_folder)
    (decks_folder / "d.yaml").write_text("deck: Mine\n")
    with Workspace() as opened:
        assert "could not be taken back whole" in opened.mended
        assert str(decks_folder / "d.yaml") in opened.mended
    assert left(home) == ["d.yaml", "set-aside-1.json"]
    assert (decks_folder / "d.yaml").read_text() == "deck: Mine\n"
    with Workspace() as opened:
        assert opened.mended == ""
        event = bring(opened, decks_folder / "more")
        undo(opened, event)
    assert run(["doctor"]) == 0
    assert "set-aside-1.json is left over from an interrupted step" in capsys.readouterr().out


FOREIGN: dict[str, Callable[[Path], object]] = {
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "a link that leads nowhere": lambda path: path.symlink_to("nowhere"),
    "no JSON": lambda path: path.write_text("{"),
    "no text": lambda path: path.write_bytes(b"\xff"),
    "another JSON": lambda path: path.write_text("[1]"),
    "an event of no name": lambda path: path.write_text(
        '{"event": ["../x", 1, ""], "files": [], "copied": [], "removed": []}'
    ),
    "nested without end": lambda path: path.write_text("[" * 100_000),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_an_unreadable_pending_note_does_not_prevent_studying(
    workspace: Workspace, decks_folder: Path, what: str
) -> None:
    pending = workspace.paths.pending_import
    pending.parent.mkdir()
    FOREIGN[what](pending)
    with Workspace() as opened:
        assert "set-aside-1.json" in opened.mended
        bring(opened, decks_folder)
    assert not os.path.lexists(pending)


def test_an_interrupted_import_that_cannot_be_undone_yet_is_reported_and_tried_again(
    workspace: Workspace, decks_folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending = leave_pending(workspace, decks_folder)

    def refuse(path: Path, _: bytes | None) -> None:
        raise DeckError(f"{path} cannot be written (Read-only file system)")

    with monkeypatch.context() as patch:
        patch.setattr("sco_quiz.workspace.filing.put_back", refuse)
        for _ in range(2):
            with Workspace() as opened:
                assert "not taken back yet" in opened.mended
                opened.refresh()
                assert pending.exists()
    with Workspace() as opened:
        assert opened.mended == ""
    assert left(home) == []


@pytest.mark.parametrize("command", [["import", "more.csv"], ["new", "More"], ["add", "more.yaml"]])
def test_an_import_that_cannot_be_undone_is_reported_by_every_command(
    workspace: Workspace,
    decks_folder: Path,
    home: Path,
    command: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    leave_pending(workspace, decks_folder)
    (decks_folder / "d.yaml").write_text("deck: Mine\ncards: []\n")
    (home / "more.csv").write_text("front,back\na,b\n")
    (home / "more.yaml").write_text("deck: More\ncards:\n- {front: a, back: b}\n")
    monkeypatch.chdir(home)
    assert run(command) == 0
    assert "could not be taken back whole" in capsys.readouterr().err


def test_an_interrupted_undo_puts_a_removed_deck_back(
    workspace: Workspace, decks_folder: Path, imported: Event, home: Path
) -> None:
    before = left(home)

    class Cut(BaseException):
        pass

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Filing, "settle", lambda _: [])

        def cut_after(change: Change) -> None:
            assert change.after is None
            change.path.unlink()
            raise Cut

        patch.setattr("sco_quiz.workspace.filing._make", cut_after)
        with pytest.raises(Cut):
            undo(workspace, imported)
    assert not (decks_folder / "d.yaml").exists()
    with Workspace() as opened:
        assert opened.mended == ""
    assert left(home) == before
    assert (decks_folder / "d.yaml").read_text() == DECK


def test_an_import_left_pending_by_a_killed_program_is_undone(
    workspace: Workspace, home: Path, imported: Event
) -> None:
    note = note_in(home)
    note.rename(note.with_name("pending.json"))  # killed right after the commit
    undo(workspace, imported)
    assert left(home) == []


@pytest.mark.usefixtures("imported")
def test_an_undo_note_written_twice_counts_once(home: Path) -> None:
    shutil.copy(note_in(home), home / "data" / "imports" / "pending.json")
    with Workspace() as opened:
        assert opened.mended == ""
    assert note_in(home).name != "pending.json"
    undo_here()
    assert left(home) == []


def test_an_undo_note_that_names_a_deck_twice_restores_the_first_text(
    workspace: Workspace, decks_folder: Path
) -> None:
    pending = leave_pending(workspace, decks_folder)
    found = json.loads(pending.read_text())
    found["files"] *= 2
    pending.write_text(json.dumps(found))
    with Workspace() as opened:
        assert opened.mended == ""
    assert not (decks_folder / "d.yaml").exists()


def test_an_import_succeeds_although_another_program_settled_it_and_began_its_own(
    workspace: Workspace, decks_folder: Path, home: Path
) -> None:
    settle = Filing.settle

    def be_late(filing: Filing) -> list[str]:
        if workspace.progress.query("SELECT 1 FROM event WHERE kind = 'import'"):
            patch.undo()
            with Workspace() as other:
                bring(other, decks_folder / "other")
        return settle(filing)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Filing, "settle", be_late)
        bring(workspace, decks_folder)
    assert len([name for name in left(home) if name.endswith(".json")]) == 2
    undo_here()
    undo_here()
    assert left(home) == []
