"""In the app: importing a file, from choosing it to taking it back."""

from __future__ import annotations

import asyncio
from time import sleep
from typing import TYPE_CHECKING

import pytest
from textual.events import Key, Paste

from sco_quiz.studying.undo import undo
from sco_quiz.transfer import importing
from sco_quiz.transfer.importing import ImportPhase
from sco_quiz.tui.screens.choose_file import ChooseFile
from sco_quiz.tui.screens.home import Home
from sco_quiz.tui.screens.importing import Import
from sco_quiz.tui.widgets.deck_list import DeckList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sco_quiz.transfer.importing import ImportReport, ImportStep, TableOptions
    from sco_quiz.workspace.workspace import Workspace
    from tests.tui.conftest import AssertFrames, Open, Opened

CAPITALS = """\
Bishkek;Kyrgyzstan;asia
Dushanbe;Tajikistan;asia
only a front
Astana;Kazakhstan;asia
Astana;Kazakhstan;asia
"""


@pytest.fixture
def files(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with files to import, in which the app starts."""
    monkeypatch.setenv("HOME", str(home))
    folder = home / "my files"
    (folder / "older").mkdir(parents=True)
    (folder / ".hidden.csv").write_text("a;b\n")
    (folder / "Capitals.csv").write_text(CAPITALS)
    (folder / "capes.md").write_text("Baba::Turkey\n")
    (folder / "latin1.txt").write_bytes(b"\xff" + b"\0\1" * 90)
    (folder / "empty.csv").write_text("")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    return folder


async def choose(app: Opened, path: str) -> None:
    """Open Import from Home and give it a path."""
    await app.press("i")
    await app.type(f"{path}\n")


async def paste(app: Opened, text: str) -> None:
    app.app.post_message(Paste(text))
    await app.settle()


def decks(app: Opened) -> list[str]:
    """The files of the learner's own decks."""
    folder = app.workspace.paths.decks_folder
    return sorted(path.name for path in folder.glob("*.yaml"))


async def test_nothing_is_written_before_the_preview_is_confirmed(
    opened: Open, files: Path
) -> None:
    async with opened() as app:
        await choose(app, "my files/Capitals.csv")
        assert isinstance(app.app.screen, Import)
        assert "Capitals.csv · CSV table, 108 bytes" in app.frame
        assert "5 notes read: 3 new (3 cards), 1 merged, 1 skipped" in app.frame
        assert "skipped     no back (line 3)" in app.frame
        assert decks(app) == []
        await app.press("escape", "escape")
        assert isinstance(app.app.screen, Home)
        assert decks(app) == []


async def test_enter_imports_and_then_goes_to_the_deck(opened: Open, files: Path) -> None:
    async with opened() as app:
        await choose(app, "my files/Capitals.csv")
        await app.press("enter")
        assert "✓ Imported." in app.frame
        assert decks(app) == ["capitals.yaml"]
        await app.press("enter")
        assert isinstance(app.app.screen, Home)
        selected = app.app.screen.query_one(DeckList).selected
        assert selected is not None
        assert (selected.id, selected.notes) == ("capitals", 3)


async def test_an_import_is_taken_back_at_once_or_from_home(opened: Open, files: Path) -> None:
    async with opened() as app:
        await choose(app, "my files/Capitals.csv")
        await app.press("enter")
        await app.press("u")
        assert "Taken back: the import of Capitals.csv." in app.frame
        assert decks(app) == []
        await app.press("enter")
        await app.press("enter")
        assert decks(app) == ["capitals.yaml"]
        await app.press("u")
        assert decks(app) == []


async def test_an_import_without_changes_says_so_and_cannot_be_undone(
    opened: Open, files: Path
) -> None:
    async with opened() as app:
        await choose(app, "my files/Capitals.csv")
        await app.press("enter")
        await app.press("enter")
        await choose(app, "my files/Capitals.csv")
        assert "importing it changes nothing" in app.frame
        await app.press("enter")
        assert "There was nothing to change." in app.frame
        await app.press("u")
        assert decks(app) == ["capitals.yaml"]


async def test_columns_are_named_one_by_one(opened: Open, files: Path) -> None:
    async with opened() as app:
        await choose(app, "my files/Capitals.csv")
        await app.press("c", "down", "down", "enter")
        await app.press("end", *["up"] * 11, "enter")
        assert "3  tags " in app.frame
        await app.press("home", "enter", "down", "enter")
        await app.press("escape")
        assert "columns back left out tags" in " ".join(app.frame.split())
        assert "None of the notes can be imported." in app.frame
        await app.press("c", "down", "enter")
        await app.press("home", "down", "down", "enter")
        await app.press("escape")
        await app.press("enter")
        assert "3 new" in app.frame
    text = (files.parent / "data" / "decks" / "capitals.yaml").read_text()
    assert "front: Kyrgyzstan" in text
    assert "back: Bishkek" in text
    assert "tags: [asia]" in text


async def test_a_row_to_choose_that_is_cut_is_told_whole_below_the_list(
    opened: Open, files: Path
) -> None:
    async with opened((60, 18)) as app:
        await choose(app, "my files/Capitals.csv")
        await app.press("c", "enter", "home")
        assert "left out: " not in app.frame
        await app.press(*["down"] * 4)
        assert "Whether it is asked the other way rou…" in app.frame
        told = " ".join(app.frame.split())
        assert "reverse: Whether it is asked the other way round too." in told


async def test_no_two_columns_hold_the_same(opened: Open, files: Path) -> None:
    async with opened() as app:
        await choose(app, "my files/Capitals.csv")
        await app.press("c", "down", "enter")
        await app.press("up", "enter")
        assert "1  left out" in app.frame
        assert "2  front" in app.frame


async def test_the_first_row_can_be_declared_a_card(opened: Open, files: Path) -> None:
    (files / "named.csv").write_text("front;back\nBishkek;Kyrgyzstan\n")
    async with opened() as app:
        await choose(app, "my files/named.csv")
        assert "1 note read" in app.frame
        await app.press("h", "down", "down", "enter")
        assert "2 notes read" in app.frame
        await app.press("h", "up", "enter")
        assert "1 note read" in app.frame


async def test_the_separator_can_be_chosen(opened: Open, files: Path) -> None:
    (files / "pairs.txt").write_text("a: b, c\nd: e, f\n")
    async with opened() as app:
        await choose(app, "my files/pairs.txt")
        assert "separator   comma" in app.frame
        await app.press("s")
        await app.press("end", "up", "enter")
        assert "separator   colon" in app.frame
        assert "b, c" in app.frame


async def test_one_deck_can_take_everything(opened: Open, files: Path, kinds: Path) -> None:
    before = kinds.read_text()
    async with opened() as app:
        await choose(app, "my files/Capitals.csv")
        await app.press("d")
        assert "SCO timeline" not in app.frame, "decks of the app are not written to"
        await app.press("end", "enter")
        assert "into        All kinds" in app.frame
        await app.press("enter")
        assert decks(app) == ["kinds.yaml"]
        assert "Dushanbe" in kinds.read_text()
        await app.press("u")
        assert kinds.read_text() == before


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("latin1.txt", "✗ latin1.txt is no text that can be read"),
        ("picture.png", "has nothing in it that is recognised as cards"),
        ("empty.csv", "There are no notes in there."),
    ],
)
async def test_a_file_that_cannot_be_imported_is_reported_in_its_preview(
    opened: Open, files: Path, name: str, told: str
) -> None:
    async with opened() as app:
        await choose(app, f"my files/{name}")
        assert told in app.frame
        await app.press("enter", "u")
        assert isinstance(app.app.screen, Import)
        await app.press("escape")
        assert isinstance(app.app.screen, ChooseFile)


async def test_a_missing_path_is_reported(opened: Open, files: Path) -> None:
    async with opened() as app:
        await choose(app, "my files/none.csv")
        assert "✗ There is no ~/my files/none.csv" in app.frame
        await app.press("backspace")
        assert "✗" not in app.frame


@pytest.mark.parametrize("size", [(60, 18), (80, 24)])
async def test_a_path_from_a_root_typed_behind_the_folder_stands_alone(
    opened: Open, files: Path, size: tuple[int, int]
) -> None:
    async with opened(size) as app:
        await app.press("i")
        await app.type("/none/")
        assert "file    /none/\n" in app.frame
        assert "✗ There is no /none\n" in app.frame
        await app.type("~/my files/cap")
        assert "file    ~/my files/cap\n" in app.frame
        assert "Capitals.csv" in app.frame
        await app.press("ctrl+u")
        await app.type("file:///my%20files/x")
        assert "file    file:///my%20files/x\n" in app.frame


async def test_folders_can_be_walked_and_paths_completed(opened: Open, files: Path) -> None:
    async with opened() as app:
        await app.press("i")
        await app.type("my")
        await app.press("tab")
        assert "file    ~/my files/" in app.frame
        listed = [line.split()[0] for line in app.frame.splitlines()[4:-1] if line.strip()]
        assert listed == ["../", "▌", "capes.md", "Capitals.csv", "empty.csv", "latin1.txt"]
        await app.type("CA")
        await app.press("tab")
        assert "file    ~/my files/cap" in app.frame
        await app.press("down", "enter")
        assert "Capitals.csv ·" in app.frame
        await app.press("escape")
        await app.press("ctrl+u")
        await app.type("~/my files/")
        await app.press("up", "enter")
        assert "file    ~/\n" in app.frame
        await app.press("enter")


async def test_a_hidden_file_is_found_by_its_dot(opened: Open, files: Path) -> None:
    async with opened() as app:
        await app.press("i")
        await app.type("my files/.")
        assert ".hidden.csv" in app.frame


@pytest.mark.parametrize(
    "written",
    ["'{}'", '"{}"', "file://{}", "{}\n", "escaped"],
    ids=["quotes", "double quotes", "URL", "line", "backslashes"],
)
@pytest.mark.parametrize("on_home", [True, False], ids=["on Home", "on Import"])
async def test_a_file_is_dropped_on_the_terminal(
    opened: Open, files: Path, written: str, on_home: bool
) -> None:
    path = str(files / "Capitals.csv")
    if written.startswith("file:"):
        path = path.replace(" ", "%20")
    if written == "escaped":
        written, path = "{}", path.replace(" ", "\\ ")
    async with opened() as app:
        if not on_home:
            await app.press("i")
        await paste(app, written.format(path))
        assert "Capitals.csv · CSV table" in app.frame
        assert "3 new" in app.frame


async def test_several_files_are_dropped_at_once(opened: Open, files: Path) -> None:
    async with opened() as app:
        await paste(app, f"'{files}/Capitals.csv' '{files}/capes.md'")
        assert "2 files · in all, 121 bytes" in app.frame
        await app.press("enter")
        assert decks(app) == ["capes.yaml", "capitals.yaml"]


async def test_any_other_text_that_is_pasted_does_nothing_on_home(opened: Open) -> None:
    async with opened() as app:
        for text in ("hello", "", "/no/such/file.csv", "'", "\0", "x" * 200_000):
            await paste(app, text)
            assert isinstance(app.app.screen, Home)


async def test_no_control_character_of_a_file_reaches_the_terminal(
    opened: Open, files: Path
) -> None:
    name = "a\x1b]52;c;MzE=\x07\u202e.csv"
    (files / name).write_text("front\x1b[2J;b\x9b31m\x07\n")
    async with opened() as app:
        await app.press("i")
        await app.type("my files/")
        frames = [app.frame]
        await app.type("a")
        frames.append(app.frame)
        await app.press("enter")
        assert "1 new" in app.frame
        for frame in [*frames, app.frame]:
            assert all(line.isprintable() for line in frame.splitlines())


async def test_an_import_can_be_cancelled_before_it_is_written(
    opened: Open, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_files = importing.import_files

    def linger(
        workspace: Workspace,
        files: Sequence[Path],
        *,
        told: Callable[[ImportStep], None],
        into: str,
        options: TableOptions,
        dry_run: bool = False,
    ) -> ImportReport:
        def tell(step: ImportStep) -> None:
            told(step)
            while step.phase is ImportPhase.COMPARING and not dry_run:
                sleep(0.01)
                told(step)

        return import_files(
            workspace, files, into=into, options=options, dry_run=dry_run, told=tell
        )

    monkeypatch.setattr(importing, "import_files", linger)

    async with opened() as app:

        async def wait_for(text: str) -> None:
            async with asyncio.timeout(60):
                while text not in app.frame:
                    await app.pilot.pause(0.01)

        await choose(app, "my files/Capitals.csv")
        app.app.post_message(Key("enter", None))
        await wait_for("20 %  Comparing notes…")
        assert "esc Cancel" in app.frame
        assert "enter Import" not in app.frame
        app.app.post_message(Key("escape", None))
        await wait_for("Cancelled: nothing was imported.")
        await app.settle()
        assert "3 new (3 cards)" in app.frame
        assert decks(app) == []
        assert undo(app.workspace) is None


async def test_the_palette_imports_and_exports(opened: Open) -> None:
    async with opened() as app:
        await app.press("ctrl+p")
        await app.type("file of another")
        await app.press("enter")
        assert isinstance(app.app.screen, ChooseFile)


async def test_the_import_screens_look_as_kept(
    opened: Open, assert_frames: AssertFrames, files: Path
) -> None:
    async with opened() as app:
        frames = {}
        await app.press("i")
        await app.type("my files/")
        frames["choosing"] = await app.shots()
        await app.type("older/")
        frames["nothing there"] = await app.shots()
        await app.press(*["backspace"] * 6)
        await app.type("cap")
        await app.press("down", "enter")
        frames["what would be"] = await app.shots()
        await app.press("c")
        frames["columns"] = await app.shots()
        await app.press("down", "enter")
        frames["what a column holds"] = await app.shots()
        await app.press("escape", "escape", "d")
        frames["into"] = await app.shots()
        await app.press("escape", "enter")
        frames["done"] = await app.shots()
        await app.press("u")
        frames["taken back"] = await app.shots()
        await app.press("escape", *["backspace"] * 3)
        await app.type("latin1")
        await app.press("enter")
        frames["an error"] = await app.shots()
        assert_frames("import", frames)
