"""From Anki and back to it, and the other way round; Anki makes and judges the packages."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from sco_quiz.interchange import anki as packages
from sco_quiz.interchange.formats import Options
from sco_quiz.workspace import Workspace
from sco_quiz.workspace.exporting import Target, export, said_in, save
from sco_quiz.workspace.importing import import_files
from tests.interchange.oracle import Answer, NewNote, Type

if TYPE_CHECKING:
    from pathlib import Path

    from sco_quiz.interchange.material import Field, Material
    from tests.interchange.oracle import Collection, Oracle

GIF = base64.b64decode("R0lGODlhAQABAAAAACwAAAAAAQABAAA=")
NOTES = [
    NewNote("Basic", ["<b>Bishkek</b> &amp; <i>Osh</i>", "a<br>b"], "Asia::Cities", ["x", "y::z"]),
    NewNote("Basic (and reversed card)", ["Chu", "a river"], "Asia::Rivers"),
    NewNote("Basic (type in the answer)", ["2 + 2?", "4"], "Asia::Rivers"),
    NewNote("Cloze", ["{{c2::Ili}} flows into {{c1::Lake Balkhash::a lake}}", "Since ever"]),
    NewNote("Cloze", [r"{{c1::one {{c2::two}}}} \(x^2\)", ""]),
    NewNote("Mine", ["Naryn", '<img src="map of.gif">', "<ul><li>a</li><li>b</li></ul>"]),
]
MINE = Type(
    "Mine",
    ["Name", "Map", "More"],
    [
        ("which", "{{#Map}}{{Map}}{{/Map}} Is it {{Name}}?", "{{FrontSide}}<hr id=answer>{{More}}"),
        ("more", "{{More}} is of?", "{{Name}}"),
    ],
)  # fmt: skip
ANSWERS = [
    Answer(day, note, order, rating)
    for day, note, order, rating in [
        (-40, 0, 0, 3), (-40, 0, 0, 3), (-40, 1, 0, 4), (-40, 1, 1, 1), (-40, 1, 1, 3),
        (-40, 1, 1, 3), (-38, 0, 0, 3), (-36, 1, 1, 2), (-30, 1, 0, 3), (-28, 0, 0, 1),
        (-28, 0, 0, 3), (-26, 0, 0, 3), (-20, 3, 1, 3), (-20, 3, 1, 3), (-18, 3, 1, 4),
        (-9, 0, 0, 3), (-3, 2, 0, 4), (-1, 4, 0, 3), (-1, 4, 0, 3), (-1, 5, 0, 4), (0, 5, 1, 3),
    ]
]  # fmt: skip


def made(anki: Oracle) -> Collection:
    """A collection that was studied for forty days."""
    collection = anki.make(NOTES, types=[MINE], media={"map of.gif": GIF})
    return collection.study(ANSWERS, suspended=[(3, 0)], flags=[(1, 1, 4)])


def said(material: Material) -> dict[str, dict[str, dict[str, Field]]]:
    """What the notes of each deck say, less the ids that a deck of ours gives them."""
    return {
        deck.title: {
            note.key: {name: text for name, text in note.fields.items() if name != "id"}
            for note in deck.notes
        }
        for deck in material.decks
    }


def imported(workspace: Workspace, package: Path) -> int:
    """Import a package; how much it changed."""
    report = import_files(workspace, [package], options=Options())
    workspace.refresh()
    return sum(deck.new + deck.updated for deck in report.decks)


@pytest.mark.parametrize(
    ("name", "legacy", "scheduling"),
    [
        ("a.apkg", True, True),
        ("a.apkg", False, True),
        ("a.apkg", False, False),
        ("a.colpkg", True, True),
        ("a.colpkg", False, True),
    ],
)
def test_from_anki_and_to_anki_and_from_anki_changes_nothing(
    anki: Oracle, home: Path, tmp_path: Path, name: str, legacy: bool, scheduling: bool
) -> None:
    package = made(anki).export(tmp_path / name, legacy=legacy, scheduling=scheduling)
    first = packages.read(package)
    back = tmp_path / "back.apkg"
    with Workspace() as workspace:
        assert imported(workspace, package) >= len(NOTES)
        assert imported(workspace, package) == 0
        decks = [deck.id for deck in workspace.decks() if not deck.shipped]
        exported = export(workspace, decks, Target.ANKI)
        assert not exported.lossy
        save(exported, back)
        assert imported(workspace, back) == 0
    assert said(packages.read(back)) == said(first)
    again = anki.collection().take(back).export(tmp_path / "again.apkg", legacy=legacy)
    assert said(packages.read(again)) == said(first)


def test_to_anki_and_from_anki_every_note_says_the_same(
    anki: Oracle, kinds: Path, tmp_path: Path
) -> None:
    with Workspace() as workspace:
        workspace.refresh()
        save(export(workspace, ["kinds"], Target.ANKI), tmp_path / "kinds.apkg")
        notes = [fields for _, fields in said_in(kinds.read_text())]
    again = anki.collection().take(tmp_path / "kinds.apkg").export(tmp_path / "again.apkg")
    (deck,) = packages.read(again).decks
    for note in notes:
        if "source" in note:
            note["source"] = str(note["source"]).replace("atlas", "A World Atlas,")
        note["tags"] = sorted(note["tags"])  # as Anki keeps them
    assert [note.fields for note in deck.notes] == notes
