"""CrowdAnki's folders, written as its exporter writes them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sco_quiz.errors import UsageError
from sco_quiz.interchange.formats import TableOptions, read

BASIC = {
    "__type__": "NoteModel",
    "crowdanki_uuid": "basic",
    "name": "Basic (and optional reversed card)",
    "type": 0,
    "flds": [{"name": "Front", "ord": 0}, {"name": "Back", "ord": 1}, {"name": "Too", "ord": 2}],
    "tmpls": [
        {"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"},
        {
            "name": "Card 2",
            "qfmt": "{{#Too}}{{Back}}{{/Too}}",
            "afmt": "{{FrontSide}}<hr id=answer>{{Front}}",
        },
    ],
}
CLOZE = {
    "__type__": "NoteModel",
    "crowdanki_uuid": "cloze",
    "name": "Cloze",
    "type": 1,
    "flds": [{"name": "Text"}, {"name": "Extra"}],
    "tmpls": [
        {"name": "Cloze", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}<br>{{Extra}}"},
    ],
}


def note(guid: str, *fields: str, model: str = "basic", tags: tuple[str, ...] = ()) -> object:
    return {
        "__type__": "Note", "guid": guid, "fields": fields, "tags": tags, "data": "", "flags": 0,
        "note_model_uuid": model,
    }  # fmt: skip


def deck(name: str, *notes: object, children: tuple[object, ...] = (), **more: object) -> object:
    return {
        "__type__": "Deck", "name": name, "notes": notes, "children": children, "media_files": [],
        "desc": "", "crowdanki_uuid": name,
    } | more  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "Central Asia"
    (folder / "media").mkdir(parents=True)
    (folder / "media/osh 1.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "media/unused.png").write_bytes(b"")
    (tmp_path / "secret.png").write_bytes(b"s")
    (folder / "media/link.png").symlink_to(tmp_path / "secret.png")
    (folder / "deck.json").write_text(
        json.dumps(
            deck(
                "Central Asia",
                note("g1", "Bishkek", "<b>Kyrgyzstan</b>", "", tags=("asia", "cities")),
                note("g2", 'Osh <img src="osh%201.png">', "a city", "y"),
                note("g3", '<img src="link.png">x', "y", ""),
                note("g4", "lost", model="gone"),
                note_models=[BASIC, CLOZE],
                desc="Capitals",
                children=(
                    deck(
                        "Rivers",
                        note("c1", "The {{c1::Amu Darya}} was the {{c2::Oxus::old}}.", "Or so.",
                             model="cloze"),
                        children=(deck("Small", note("s1", "Chu", "a river", "")),),
                    ),
                ),
            )
        )
    )  # fmt: skip
    return folder


@pytest.mark.parametrize("name", ["", "deck.json"])
def test_a_folder_and_its_file_give_the_same_decks(folder: Path, name: str) -> None:
    material = read(folder / name, TableOptions())
    assert [(each.title, each.description) for each in material.decks] == [
        ("Central Asia", "Capitals"), ("Central Asia::Rivers", ""),
        ("Central Asia::Rivers::Small", ""),
    ]  # fmt: skip
    notes = [each for deck in material.decks for each in deck.notes]
    assert [each.fields for each in notes] == [
        {"front": "Bishkek", "back": "**Kyrgyzstan**", "tags": ["asia", "cities"]},
        {"front": "Osh", "back": "a city", "reverse": "true", "image": "osh 1.png"},
        {"front": "x", "back": "y"},
        {"text": "The {{c1::Amu Darya}} was the {{c2::Oxus::old}}.", "explain": "Or so."},
        {"front": "Chu", "back": "a river"},
    ]
    assert [each.key for each in notes] == ["g1", "g2", "g3", "c1", "s1"]
    assert [file.name for file in material.media] == ["osh 1.png"]
    assert [each.reason for each in material.skipped] == ["its note type is not there"]
    assert [each.reason for each in material.lossy] == ["the file of an image is missing"]
    assert all(each.cards == () for each in notes)


def test_a_folder_may_name_its_file_after_itself(folder: Path) -> None:
    (folder / "deck.json").rename(folder / "Central Asia.json")
    assert len(read(folder, TableOptions()).decks) == 3
    here = Path.cwd()
    try:
        os.chdir(folder)
        assert len(read(Path(), TableOptions()).decks) == 3
    finally:
        os.chdir(here)
    (folder / "Central Asia.json").unlink()
    with pytest.raises(UsageError, match=r"has no deck\.json"):
        read(folder, TableOptions())


@pytest.mark.parametrize(
    "data",
    [
        {"note_models": []},
        {"note_models": [1, {"flds": {}, "tmpls": [[]], "type": "x"}], "notes": [1, {}, None]},
        {"note_models": [BASIC], "notes": [{"fields": "x", "tags": 3, "note_model_uuid": []}]},
        {"note_models": [BASIC], "children": [{"children": [{"notes": [note("g")]}]}]},
    ],
)
def test_malformed_decks_are_left_out(tmp_path: Path, data: object) -> None:
    (tmp_path / "deck.json").write_text(json.dumps(data))
    material = read(tmp_path, TableOptions())
    assert material.decks == []


def test_decks_nested_to_any_depth_are_read(tmp_path: Path) -> None:
    inner = deck("x", note("g", "a", "b", ""))
    for _ in range(200):
        inner = deck("x", children=(inner,))
    assert isinstance(inner, dict)
    (tmp_path / "deck.json").write_text(json.dumps(inner | {"note_models": [BASIC]}))
    (found,) = read(tmp_path, TableOptions()).decks
    assert found.title.count("::") == 200
