"""From Anki and back to it, and the other way round; Anki makes and judges the packages."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from sco_quiz.interchange.anki import reading as packages
from sco_quiz.interchange.formats import TableOptions
from sco_quiz.learning.study_day import DAY_MS, MINUTE_MS
from sco_quiz.library.contents import notes_with_defaults
from sco_quiz.library.decks import read_deck
from sco_quiz.transfer.anki_export import gather_for_anki
from sco_quiz.transfer.exporting import Target, export, save
from sco_quiz.transfer.importing import import_files
from sco_quiz.workspace.opening import moment_at, system_now
from sco_quiz.workspace.workspace import Workspace
from tests.interchange.oracle import Answer, NewNote, Type

if TYPE_CHECKING:
    from pathlib import Path

    from sco_quiz.interchange.material import Field, ForeignHistory, Material
    from tests.interchange.oracle import Collection, Oracle

ROLLOVER = 4
"""The hour at which a study day begins, in Anki as here."""
STEP_MINUTES = 20
"""More than the step that the last answer begins, with Anki's fuzz."""
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
    """A collection that was studied for forty days, and today."""
    now = system_now(ROLLOVER)
    if moment_at(now.at + STEP_MINUTES * MINUTE_MS, ROLLOVER).day != now.day:
        pytest.skip("the step of the last answer would end on another study day, or not, by chance")
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
    report = import_files(workspace, [package], options=TableOptions())
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
def test_a_deck_from_anki_survives_the_way_back_and_forth(
    anki: Oracle, home: Path, tmp_path: Path, name: str, legacy: bool, scheduling: bool
) -> None:
    package = made(anki).export(tmp_path / name, legacy=legacy, scheduling=scheduling)
    first = packages.read(package)
    back = tmp_path / "back.apkg"
    with Workspace() as workspace:
        assert imported(workspace, package) >= len(NOTES)
        assert imported(workspace, package) == 0
        decks = [deck.id for deck in workspace.agenda.decks() if not deck.shipped]
        exported = export(workspace, decks, Target.ANKI)
        assert [each.reason for each in exported.lossy] == [
            "8 notes from Anki: a collection that has them keeps its own text",
            "2 notes of single cards of Anki's: such a collection has them twice",
        ]
        save(exported, back)
        assert imported(workspace, back) == 0
    assert said(packages.read(back)) == said(first)
    again = anki.collection().take(back).export(tmp_path / "again.apkg", legacy=legacy)
    assert said(packages.read(again)) == said(first)


def test_our_notes_survive_the_way_to_anki_and_back(
    anki: Oracle, kinds: Path, tmp_path: Path
) -> None:
    with Workspace() as workspace:
        workspace.refresh()
        save(export(workspace, ["kinds"], Target.ANKI), tmp_path / "kinds.apkg")
        notes = [fields for _, fields in notes_with_defaults(kinds.read_text())]
    again = anki.collection().take(tmp_path / "kinds.apkg").export(tmp_path / "again.apkg")
    (deck,) = packages.read(again).decks
    for note in notes:
        if "source" in note:
            note["source"] = str(note["source"]).replace("atlas", "A World Atlas,")
        note["tags"] = sorted(note["tags"])  # as Anki keeps them
    assert [note.fields for note in deck.notes] == notes


def done(material: Material) -> dict[str, tuple[ForeignHistory, ...]]:
    """What was done with the cards of each note."""
    return {note.key: note.cards for deck in material.decks for note in deck.notes if note.cards}


@pytest.mark.parametrize("legacy", [True, False], ids=["legacy", "new"])
def test_the_history_of_anki_is_imported_and_exported_again(
    anki: Oracle, home: Path, tmp_path: Path, legacy: bool
) -> None:
    theirs = made(anki)
    package = theirs.export(tmp_path / "theirs.apkg", legacy=legacy)
    there = [card for note in theirs.notes() for card in note.cards]
    with Workspace() as workspace:
        imported(workspace, package)
        day = workspace.now().day
        rows = workspace.progress.query("SELECT at, rating, milliseconds FROM review ORDER BY at")
        assert rows == sorted(
            (each.at, each.rating, each.milliseconds) for card in there for each in card.reviews
        )
        decks = [deck.id for deck in workspace.agenda.decks() if not deck.shipped]
        leaving, _ = gather_for_anki(workspace, decks)
        ours = [card for deck in leaving.decks for note in deck.notes for card in note.cards]
        known = {card.reviews[0].at: card.state for card in ours if card.reviews}
        assert len(known) == sum(bool(card.reviews) for card in there) > 5
        for card in there:
            if not card.reviews:
                continue
            state = known[card.reviews[0].at]
            assert state.stability == pytest.approx(card.replayed, rel=1e-3)
            assert (state.reps, state.flag) == (card.reps, card.flag)
            if card.due_in is not None:
                assert state.due_day == day + card.due_in
        assert [card.state.suspended for card in ours].count(True) == 1
        back = tmp_path / "back.apkg"
        save(export(workspace, decks, Target.ANKI), back)
        assert done(packages.read(back)) == done(packages.read(package))
        events = workspace.progress.query("SELECT count(*) FROM event")
        assert imported(workspace, back) == 0
        assert workspace.progress.query("SELECT count(*) FROM event") == events


def test_the_same_cards_are_due_tomorrow_as_in_anki(
    anki: Oracle, home: Path, tmp_path: Path
) -> None:
    notes = [NewNote("Basic", [f"front {number}", "back"]) for number in range(40)]
    answers = [Answer(-(number % 16), number, 0, 4) for number in range(40)]
    answers += [Answer(-(number % 16 // 2), number, 0, 3) for number in range(0, 40, 3)]
    theirs = anki.make(notes)
    theirs.study(sorted(answers, key=lambda each: each.day))
    package = theirs.export(tmp_path / "theirs.apkg")
    tomorrow = {
        note.fields["Front"]
        for note in theirs.notes()
        for card in note.cards
        if card.due_in is not None and card.due_in <= 1
    }
    assert 5 < len(tomorrow) < 30
    now = system_now(4)
    with Workspace(clock=lambda: now._replace(at=now.at + DAY_MS, day=now.day + 1)) as workspace:
        imported(workspace, package)
        due = {card.key for card in workspace.agenda.today(["default"], most_new=0).reviews}
        path, _ = workspace.catalogue.file_of("default")
    deck = read_deck(path, path.read_bytes()).deck
    assert deck is not None
    assert {card.prompt for card in deck.cards if card.key in due} == tomorrow
