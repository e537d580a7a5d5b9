"""Imported decks keep their tree, whatever they are called, and their files lie in folders."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sco_quiz.interchange.formats import TableOptions
from sco_quiz.transfer.importing import import_files, undo_last
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

TEMPLATE = {"name": "C", "ord": 0, "qfmt": "{{F}}", "afmt": "{{FrontSide}}<hr id=answer>{{B}}"}
MODEL = {"id": 1, "name": "Basic", "type": 0, "tmpls": [TEMPLATE], "flds": [
    {"name": "F", "ord": 0}, {"name": "B", "ord": 1}]}  # fmt: skip


def package(path: Path, decks: Sequence[str], positions: Sequence[int] = ()) -> Path:
    """A package of Anki's with a note in each deck, the oldest form of it."""
    collection = path.with_suffix(".anki2")
    with closing(sqlite3.connect(collection)) as db:
        db.executescript(
            "CREATE TABLE col (crt, conf, models, decks);"
            "CREATE TABLE notes (id, guid, mid, tags, flds);"
            "CREATE TABLE cards (id, nid, did, ord, type, queue, due, odid, odue, flags);"
        )
        named = {str(10 + at): {"id": 10 + at, "name": name} for at, name in enumerate(decks)}
        db.execute(
            "INSERT INTO col VALUES (1, '{}', ?, ?)",
            (json.dumps({"1": MODEL}), json.dumps(named)),
        )
        for at in range(max(len(decks), len(positions))):
            db.execute(
                "INSERT INTO notes VALUES (?, ?, 1, '', ?)", (at, f"g{at}", f"q{at}\x1fa{at}")
            )
            due = positions[at] if positions else at
            deck = 10 + min(at, len(decks) - 1)
            db.execute(
                "INSERT INTO cards VALUES (?, ?, ?, 0, 0, 0, ?, 0, 0, 0)", (at, at, deck, due)
            )
        db.commit()
    with zipfile.ZipFile(path, "w") as file:
        file.write(collection, "collection.anki2")
    collection.unlink()
    return path


@pytest.fixture
def workspace(decks_folder: Path) -> Iterator[Workspace]:
    with Workspace() as opened:
        opened.refresh()
        yield opened


def bring(workspace: Workspace, *files: Path) -> list[str]:
    """Import files; the counts of each deck."""
    report = import_files(workspace, files, options=TableOptions())
    workspace.refresh()
    for deck in report.decks:
        parts = (deck.new, deck.updated, deck.unchanged, deck.removed)
        assert deck.read == sum(parts) + len(deck.merged) + len(deck.skipped)
    return [deck.in_words() for deck in report.decks]


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.yaml"))


@pytest.mark.parametrize(
    ("decks", "files"),
    [
        (["C", "C++", "C#"], ["c-2.yaml", "c-3.yaml", "c.yaml"]),
        (["Spanish::Verbs", "Spanish Verbs"], ["spanish-verbs-2.yaml", "spanish/verbs.yaml"]),
        (["A", "A::B", "A::B::C"], ["a.yaml", "a/b.yaml", "a/b/c.yaml"]),
        (["::", "a::", "!?"], ["a.yaml", "deck-2.yaml", "deck.yaml"]),
        (["con", "x::nul"], ["con-deck.yaml", "x/nul-deck.yaml"]),
        (["🎨", "🎵"], ["🎨.yaml", "🎵.yaml"]),
    ],
)
def test_imported_decks_of_one_name_lie_in_different_folders(
    workspace: Workspace, tmp_path: Path, decks_folder: Path, decks: list[str], files: list[str]
) -> None:
    file = package(tmp_path / "p.apkg", decks)
    assert bring(workspace, file) == ["1 note read: 1 new (1 card)"] * len(decks)
    assert files_in(decks_folder) == sorted(files)
    assert set(decks) <= set(workspace.catalogue.titles.values())
    assert bring(workspace, file) == ["1 note read: 1 unchanged"] * len(decks)
    undo_last(workspace)
    workspace.refresh()
    assert files_in(decks_folder) == []


def test_undo_leaves_no_empty_folders(
    workspace: Workspace, tmp_path: Path, decks_folder: Path
) -> None:
    bring(workspace, package(tmp_path / "p.apkg", ["A::B::C", "A::D"]))
    assert (decks_folder / "a" / "b").is_dir()
    undo_last(workspace)
    assert list(decks_folder.iterdir()) == []


def test_a_name_of_any_length_is_cut_to_what_file_systems_hold(
    workspace: Workspace, tmp_path: Path, decks_folder: Path
) -> None:
    names = ["漢" * 400, "漢" * 401, "::".join(["deep"] * 60)]
    bring(workspace, package(tmp_path / "p.apkg", names))
    found = files_in(decks_folder)
    assert len(found) == 3
    assert all(len(part.encode()) < 250 for path in found for part in path.split("/"))


def test_a_deck_that_the_learner_renamed_is_the_same_deck(
    workspace: Workspace, tmp_path: Path, decks_folder: Path
) -> None:
    file = package(tmp_path / "p.apkg", ["Rivers"])
    bring(workspace, file)
    path = decks_folder / "rivers.yaml"
    path.write_text(path.read_text().replace("deck: Rivers", "deck: All that flows"))
    workspace.refresh()
    assert bring(workspace, file) == ["1 note read: 1 unchanged"]
    assert files_in(decks_folder) == ["rivers.yaml"]


def test_new_cards_come_in_the_order_of_their_positions(
    workspace: Workspace, tmp_path: Path, decks_folder: Path
) -> None:
    bring(workspace, package(tmp_path / "p.apkg", ["D"], positions=[3, 1, 2]))
    text = (decks_folder / "d.yaml").read_text()
    assert text.index("q1") < text.index("q2") < text.index("q0")


def test_a_folder_of_notes_is_a_tree_with_its_files(
    workspace: Workspace, tmp_path: Path, decks_folder: Path
) -> None:
    vault = tmp_path / "Vault"
    (vault / "Geo" / "pictures").mkdir(parents=True)
    (vault / ".obsidian").mkdir()
    (vault / "Geo" / "Lakes.md").write_text("Deepest::Baikal\n\nSee::![[map.png]]\n")
    (vault / "Geo" / "pictures" / "map.png").write_bytes(b"\x89PNG\r\n\x1a\nx")
    (vault / "Heat.md").write_text("# Heat\n\n## What is heat?\n\nMotion.\n")
    (vault / "Diary.md").write_text("Nothing to learn today.\n")
    (vault / ".obsidian" / "hidden.md").write_text("a::b\n")
    assert len(bring(workspace, vault)) == 2
    assert files_in(decks_folder) == ["vault/geo/lakes.yaml", "vault/heat.yaml"]
    assert "answer_image: media/map.png" in (decks_folder / "vault/geo/lakes.yaml").read_text()
    assert (decks_folder / "vault/geo/media/map.png").is_file()
    assert set(bring(workspace, vault)) == {"2 notes read: 2 unchanged", "1 note read: 1 unchanged"}


def test_the_signs_of_cards_follow_the_settings_of_the_vault(
    workspace: Workspace, tmp_path: Path, decks_folder: Path
) -> None:
    plugin = tmp_path / "V" / ".obsidian" / "plugins" / "obsidian-spaced-repetition"
    plugin.mkdir(parents=True)
    settings = {"singleLineCardSeparator": ">>", "multilineCardSeparator": "&&"}
    settings |= {"multilineCardEndMarker": "+++", "convertBoldTextToClozes": True}  # type: ignore[dict-item]
    (plugin / "data.json").write_text(json.dumps({"settings": settings}))
    note = "#flashcards\n\na>>b\n\nfront\n&&\nback\n\nand more\n+++\n\nA **gap** here.\n"
    (tmp_path / "V" / "n.md").write_text(note)
    bring(workspace, tmp_path / "V")
    text = (decks_folder / "v" / "n.yaml").read_text()
    assert "front: a\n    back: b" in text
    assert "back\n\n      and more" in text
    assert "{{gap}}" in text
