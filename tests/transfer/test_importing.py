"""Foreign files into decks: once, again, in a newer version, and taken back."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import DeckError, UsageError
from sco_quiz.learning.cards import Rating
from sco_quiz.library import parallel_reading
from sco_quiz.studying.sessions import begin_study
from sco_quiz.studying.undo import undo
from sco_quiz.transfer.importing import ImportReport, TableOptions, import_files, undo_last
from sco_quiz.workspace import filing
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST = "front,back,tags\nKyrgyzstan,Bishkek,asia\nTajikistan,Dushanbe,asia\n"
NEWER = "front,back,tags\nKyrgyzstan,Bishkek!,asia\nTajikistan,Dušanbe,asia\nIran,Tehran,\n"


@pytest.fixture
def workspace(decks_folder: Path) -> Iterator[Workspace]:
    with Workspace() as opened:
        opened.refresh()
        yield opened


def bring(workspace: Workspace, file: Path, text: str, into: str = "") -> ImportReport:
    file.write_text(text)
    report = import_files(workspace, [file], into=into, options=TableOptions())
    workspace.refresh()
    return report


def everything(home: Path) -> dict[str, bytes]:
    """What lies in the data folder, but for the log itself."""
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted((home / "data").rglob("*"))
        if path.is_file() and not path.name.startswith("progress.db")
    }


def test_a_file_becomes_a_deck_with_readable_ids(
    workspace: Workspace, tmp_path: Path, decks_folder: Path
) -> None:
    report = bring(workspace, tmp_path / "Capitals of Asia.csv", FIRST)
    assert [deck.in_words() for deck in report.decks] == ["2 notes read: 2 new (2 cards)"]
    assert (decks_folder / "capitals-of-asia.yaml").read_text() == (
        "deck: Capitals of Asia\nid: capitals-of-asia\ncards:\n"
        "  - id: kyrgyzstan\n    front: Kyrgyzstan\n    back: Bishkek\n    tags: [asia]\n\n"
        "  - id: tajikistan\n    front: Tajikistan\n    back: Dushanbe\n    tags: [asia]\n"
    )


@pytest.mark.parametrize("is_edited", [False, True])
def test_the_index_of_a_new_deck_is_that_of_its_file(
    workspace: Workspace, tmp_path: Path, decks_folder: Path, is_edited: bool
) -> None:
    def indexed(workspace: Workspace) -> list[list[object]]:
        return [
            workspace.progress.query(
                f"SELECT {columns} FROM library.{table} JOIN library.file ON file.id = file"
                " WHERE path LIKE '%words.yaml' ORDER BY 1, 2, 3"
            )
            for table, columns in (
                ("card", "position, card.key, note, tags, size, changed_ns, title, file.sum"),
                ("body", "position, line, category, answer, card"),
                ("problem", "line, col, code, message"),
            )
        ]

    file = tmp_path / "words.csv"
    file.write_text("text,category\n{{The Karakum}} lies in {{Turkmenistan}}.,desert\n" * 2)
    import_files(workspace, [file], options=TableOptions())
    if is_edited:
        deck = decks_folder / "words.yaml"
        deck.write_text(deck.read_text().replace("Karakum", "Kyzylkum"))
    with pytest.MonkeyPatch.context() as patch:
        if not is_edited:
            patch.setattr(parallel_reading, "read_deck", None)  # nothing is left to be read
        assert workspace.refresh().changed
    taken_over = indexed(workspace)
    assert len(taken_over[0]) == 2
    assert (b"Kyzylkum" in str(taken_over[1]).encode()) is is_edited
    workspace.index.path.unlink()
    with Workspace() as other:
        other.refresh()
        assert indexed(other) == taken_over


def test_the_same_file_again_changes_nothing(
    workspace: Workspace, tmp_path: Path, home: Path
) -> None:
    bring(workspace, tmp_path / "c.csv", FIRST)
    before = everything(home), len(list(workspace.progress.events()))
    report = bring(workspace, tmp_path / "c.csv", FIRST)
    assert report.decks[0].in_words() == "2 notes read: 2 unchanged"
    assert not report.changes
    assert (everything(home), len(list(workspace.progress.events()))) == before


def test_a_newer_version_updates_and_keeps_what_the_learner_wrote(
    workspace: Workspace, tmp_path: Path, decks_folder: Path
) -> None:
    bring(workspace, tmp_path / "c.csv", FIRST)
    deck = decks_folder / "c.yaml"
    mine = deck.read_text().replace("back: Dushanbe", "back: Dushanbe  # mine\n    hint: D…")
    mine = mine.replace("Dushanbe  #", "Dushanbé  #")
    deck.write_text(mine)
    workspace.refresh()
    report = bring(workspace, tmp_path / "c.csv", NEWER).decks[0]
    assert report.in_words() == "3 notes read: 1 new (1 card), 1 updated, 1 unchanged"
    assert [tuple(remark) for remark in report.kept] == [
        ("line 3, note `tajikistan`", "you and the source changed `back`")
    ]
    text = deck.read_text()
    assert "back: Dushanbé  # mine\n    hint: D…" in text
    assert "back: Bishkek!" in text
    assert "back: Tehran" in text
    again = bring(workspace, tmp_path / "c.csv", NEWER).decks[0]
    assert again.in_words() == "3 notes read: 3 unchanged"
    assert again.kept == []


def test_the_history_of_a_card_survives_an_update(workspace: Workspace, tmp_path: Path) -> None:
    bring(workspace, tmp_path / "c.csv", FIRST)
    session = begin_study(workspace, ["c"])
    assert session.question is not None
    key = session.question.card.key
    session.answer()
    session.rate(Rating.GOOD)
    bring(workspace, tmp_path / "c.csv", FIRST.replace("Bishkek", "Bischkek"))
    assert workspace.progress.state(key).reps == 1


def test_a_note_that_was_removed_stays_away_and_a_deck_that_was_removed_comes_back(
    workspace: Workspace, tmp_path: Path, decks_folder: Path
) -> None:
    bring(workspace, tmp_path / "c.csv", FIRST)
    deck = decks_folder / "c.yaml"
    deck.write_text(deck.read_text().partition("\n  - id: tajikistan")[0])
    workspace.refresh()
    report = bring(workspace, tmp_path / "c.csv", FIRST).decks[0]
    assert report.in_words() == "2 notes read: 1 unchanged, 1 left out, since you removed them"
    deck.unlink()
    workspace.refresh()
    assert bring(workspace, tmp_path / "c.csv", FIRST).decks[0].new == 2


def test_notes_that_are_there_already_are_merged(
    workspace: Workspace, tmp_path: Path, decks_folder: Path
) -> None:
    deck = decks_folder / "mine.yaml"
    deck.write_text("deck: My own\nid: mine\ncards:\n- {front: kyrgyzstan, back: Bishkek}\n")
    workspace.refresh()
    report = bring(workspace, tmp_path / "c.csv", FIRST + "Tajikistan,Dushanbe,\n", "My own")
    assert report.decks[0].in_words() == "3 notes read: 1 new (1 card), 2 merged"
    assert deck.read_text() == (
        "deck: My own\nid: mine\ncards:\n- {front: kyrgyzstan, back: Bishkek}\n"
        "- {id: tajikistan, front: Tajikistan, back: Dushanbe, tags: [asia]}\n"
    )


def test_without_the_log_a_deck_still_gets_no_note_twice(
    workspace: Workspace, tmp_path: Path, home: Path, decks_folder: Path
) -> None:
    bring(workspace, tmp_path / "c.csv", FIRST)
    workspace.close()
    (home / "data" / "progress.db").unlink()
    with Workspace() as opened:
        opened.refresh()
        report = bring(opened, tmp_path / "c.csv", FIRST.replace("Bishkek", "Bischkek")).decks[0]
        assert report.in_words() == "2 notes read: 1 unchanged, 1 merged"
        assert len(report.kept) == 1


def test_notes_that_no_deck_can_have_are_skipped_with_their_reason(
    workspace: Workspace, tmp_path: Path
) -> None:
    text = 'front,back\na,b\nonly front,\n"{{c1::}}",x\n' + f"c,{'d' * 100_001}\ne,f\n"
    report = bring(workspace, tmp_path / "c.csv", text).decks[0]
    assert report.in_words() == "5 notes read: 2 new (2 cards), 3 skipped"
    assert sorted(remark.where for remark in report.skipped) == ["line 3", "line 4", "line 5"]
    assert all(remark.reason for remark in report.skipped)


def test_a_dry_run_writes_nothing(workspace: Workspace, tmp_path: Path, home: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text(FIRST)
    report = import_files(workspace, [file], options=TableOptions(), dry_run=True)
    assert report.decks[0].new == 2
    assert everything(home) == {}
    assert list(workspace.progress.events()) == []


def test_an_import_is_taken_back_whole(
    workspace: Workspace, tmp_path: Path, home: Path, decks_folder: Path
) -> None:
    bring(workspace, tmp_path / "c.csv", FIRST)
    before = everything(home)
    (tmp_path / "d.md").write_text("a::b\n")
    (tmp_path / "c.csv").write_text(NEWER)
    import_files(workspace, [tmp_path / "c.csv", tmp_path / "d.md"], options=TableOptions())
    workspace.refresh()
    assert (decks_folder / "d.yaml").exists()
    undone = undo(workspace)
    assert undone is not None
    assert undone.words == "the import of c.csv, d.md"
    assert everything(home) == before
    assert bring(workspace, tmp_path / "c.csv", NEWER).decks[0].updated == 2
    assert undo_last(workspace) == "c.csv"
    assert undo_last(workspace) == "c.csv"
    assert everything(home) == {}
    assert undo_last(workspace) == ""
    assert "c" not in workspace.catalogue.titles


def test_an_import_is_not_taken_back_over_later_work(
    workspace: Workspace, tmp_path: Path, decks_folder: Path
) -> None:
    bring(workspace, tmp_path / "c.csv", FIRST)
    deck = decks_folder / "c.yaml"
    imported = deck.read_text()
    deck.write_text(imported + "# mine\n")
    with pytest.raises(DeckError, match="was changed since"):
        undo_last(workspace)
    assert deck.read_text().endswith("# mine\n")
    deck.write_text(imported)
    workspace.refresh()
    session = begin_study(workspace, ["c"])
    session.answer()
    session.rate(Rating.GOOD)
    with pytest.raises(UsageError, match="something else was done"):
        undo_last(workspace)


def test_shipped_decks_and_broken_ones_are_left_alone(
    workspace: Workspace, tmp_path: Path, home: Path, decks_folder: Path
) -> None:
    with pytest.raises(DeckError, match="came with the app"):
        bring(workspace, tmp_path / "c.csv", FIRST, "sco-timeline")
    (decks_folder / "c.yaml").write_text("not: [a deck")
    workspace.refresh()
    with pytest.raises(DeckError, match="no usable deck"):
        bring(workspace, tmp_path / "c.csv", FIRST)
    assert list(everything(home)) == ["data/decks/c.yaml"]


TWO = "# One\n\na::b\n\n# Two\n\nc::d\n"


@pytest.mark.parametrize("place", ["_make", "second", "commit"])
def test_an_import_that_fails_half_way_leaves_nothing_behind(
    workspace: Workspace,
    tmp_path: Path,
    home: Path,
    place: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bring(workspace, tmp_path / "n.md", TWO)
    before, events = everything(home), len(list(workspace.progress.events()))
    make = filing._make
    made: list[filing.Change] = []

    def broken(change: filing.Change) -> None:
        if place != "_make":
            made.append(change)
            make(change)
        if place != "second" or len(made) == 2:
            raise DeckError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(filing, "_make", broken)
        with pytest.raises(DeckError, match="disk is full"):
            bring(workspace, tmp_path / "n.md", TWO.replace("d", "e").replace("b", "f"))
    assert everything(home) == before
    assert len(list(workspace.progress.events())) == events
    assert bring(workspace, tmp_path / "n.md", TWO).changes is False


KILLED = """
import os, sys
from pathlib import Path
from sco_quiz.workspace import filing
from sco_quiz.transfer import importing
from sco_quiz.workspace.workspace import Workspace
place, make, made = sys.argv[2], filing._make, []
def killing(change):
    if place == "before the first file": os._exit(9)
    made.append(change)
    make(change)
    if place == "after the first file" or (place == "before the commit" and len(made) == 2):
        os._exit(9)
filing._make = killing
if place == "after the commit":
    filing.name_of = lambda device, seq: os._exit(9)
with Workspace() as workspace:
    workspace.refresh()
    importing.import_files(workspace, [Path(sys.argv[1])], options=importing.TableOptions())
"""


@pytest.mark.parametrize(
    "place",
    ["before the first file", "after the first file", "before the commit", "after the commit"],
)
def test_an_import_killed_half_way_is_rolled_back_when_the_app_opens(
    tmp_path: Path, home: Path, decks_folder: Path, place: str
) -> None:
    with Workspace() as workspace:
        workspace.refresh()
        bring(workspace, tmp_path / "n.md", TWO)
        before = everything(home)
    (tmp_path / "n.md").write_text(TWO.replace("d", "e").replace("b", "f"))
    killed = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "n.md", place], check=False)
    assert killed.returncode == 9
    assert (home / "data" / "imports" / "pending.json").exists()
    with Workspace() as workspace:
        workspace.refresh()
        assert not (home / "data" / "imports" / "pending.json").exists()
        if place == "after the commit":
            assert "back: e" in (decks_folder / "two.yaml").read_text()
            assert undo_last(workspace) == "n.md"
        assert everything(home) == before
        assert "back: d" in (decks_folder / "two.yaml").read_text()
