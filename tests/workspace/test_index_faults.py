"""Nothing that is wrong with the index, whenever it is found, keeps anybody from studying."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

import pytest

from sco_quiz.learning.cards import Rating
from sco_quiz.library.index import VERSION
from sco_quiz.library.words import fill_words
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace import cards, opening
from sco_quiz.workspace.workspace import Workspace
from tests.mutating import mutate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import FakeClock, Rounds

DECKS = 4
FILES = DECKS + 1
"""One holds no deck."""
CARDS = 25


class Known(NamedTuple):
    """What is asked of decks and cards."""

    decks: list[object]
    cards: list[object]
    reviews: int


@pytest.fixture
def index_file(home: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The index of a few decks of which some cards were answered."""
    shipped = home / "shipped"
    shipped.mkdir()
    monkeypatch.setattr(opening, "shipped_decks", lambda: shipped)
    folder = home / "data" / "decks"
    folder.mkdir(parents=True)
    for deck in range(DECKS):
        notes = "".join(
            f"  - {{front: {deck} {card}, back: Wort {card}, category: word, tags: [t{card}]}}\n"
            for card in range(CARDS)
        )
        (folder / f"deck-{deck}.yaml").write_text(f"deck: Deck {deck}\ncards:\n{notes}")
    (folder / "wrong.yaml").write_text("deck: Wrong\ncards: 3\n")
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        fill_words(workspace.index)
        answer(workspace)
    return home / "cache" / "index.db"


def answer(workspace: Workspace) -> None:
    session = begin_study(workspace)
    session.answer()
    session.rate(Rating.GOOD)


def known(workspace: Workspace) -> Known:
    db = workspace.progress.connection
    decks = workspace.agenda.decks()
    return Known(
        [deck._replace() for deck in decks],
        [cards.cards_of_deck(db, deck.id) for deck in decks],
        workspace.progress.query("SELECT count(*) FROM review")[0][0],
    )


def test_a_damaged_index_gives_the_same_answers_as_a_whole_one(
    index_file: Path, clock: FakeClock, rounds: Rounds
) -> None:
    with Workspace(clock=clock) as workspace:
        expected = known(workspace)
    data = index_file.read_bytes()
    for seed in range(rounds(60, 1000, "mutated indexes")):
        index_file.write_bytes(data)
        mutate(index_file, random.Random(seed))
        with Workspace(clock=clock) as workspace:
            workspace.refresh()
            assert known(workspace) == expected, seed
            assert not workspace.warnings, seed


def test_an_index_damaged_during_a_session_gives_the_same_answers(
    index_file: Path, clock: FakeClock, rounds: Rounds
) -> None:
    data = index_file.read_bytes()
    with Workspace(clock=clock) as workspace:
        expected = known(workspace)
    for seed in range(rounds(30, 300, "indexes mutated in a session")):
        with Workspace(clock=clock) as workspace:
            workspace.refresh()
            chance = random.Random(seed)
            # As a program writes that knows SQLite, or one that does not and takes another file.
            index_file.write_bytes(data[: 4096 * chance.randrange(3)] + chance.randbytes(9000))
            workspace.see_changes()
            assert known(workspace) == expected, seed


WRONG: list[Callable[[sqlite3.Connection], object]] = [
    lambda db: db.execute("DROP TABLE relinking"),
    lambda db: db.execute("DROP INDEX card_by_key"),
    lambda db: db.execute("DELETE FROM body WHERE position = 3"),
    lambda db: db.execute("UPDATE body SET card = x'c1'"),
    lambda db: db.execute("UPDATE card SET key = key || 'x' WHERE position = 2"),
    lambda db: db.execute("UPDATE file SET title = 'Another', settings = 'new_per_day=5'"),
    lambda db: db.execute("UPDATE file SET since_ns = -1"),
    lambda db: db.execute("INSERT INTO relinking VALUES ('x', '[1, 2]')"),
    lambda db: db.execute("INSERT INTO body VALUES (99, 0, 1, 'word', 'Wrong', x'80')"),
    lambda db: db.execute("PRAGMA user_version = 3"),
    lambda db: db.execute("PRAGMA journal_mode = WAL"),
    lambda db: db.execute("CREATE TRIGGER t AFTER INSERT ON file BEGIN SELECT abs('x'); END"),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_an_index_with_wrong_rows_or_tables_is_rebuilt(
    index_file: Path, clock: FakeClock, number: int
) -> None:
    with Workspace(clock=clock) as workspace:
        expected = known(workspace)
    with closing(sqlite3.connect(index_file)) as db, db:
        WRONG[number](db)
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        assert known(workspace) == expected


def foreign_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE file (id, path, deck)")
        db.execute("CREATE VIEW card AS SELECT 1 AS key")
        db.execute(f"PRAGMA user_version = {VERSION}")


def nothing_at_all(path: Path) -> None:
    path.touch()


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    (path / "index.db").mkdir(parents=True)


def a_link_to_itself(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    "put", [foreign_database, nothing_at_all, a_pipe, a_folder, a_link_to_itself]
)
def test_anything_in_the_place_of_the_index_is_replaced_or_ignored(
    index_file: Path, clock: FakeClock, put: Callable[[Path], None]
) -> None:
    with Workspace(clock=clock) as workspace:
        expected = known(workspace)
    index_file.unlink()
    put(index_file)
    for _ in range(2):
        with Workspace(clock=clock) as workspace:
            workspace.refresh()
            assert known(workspace) == expected


def overwrite(path: Path) -> None:
    path.write_bytes(b"hello\n" * 2000)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def put_foreign_database_over(path: Path) -> None:
    other = path.with_name("other.db")
    foreign_database(other)
    path.write_bytes(other.read_bytes())


def remove_all(path: Path) -> None:
    shutil.rmtree(path.parent)


@pytest.mark.parametrize("harm", [overwrite, empty, put_foreign_database_over, remove_all])
def test_an_answer_is_kept_and_the_session_goes_on_when_the_index_is_overwritten(
    index_file: Path, clock: FakeClock, harm: Callable[[Path], None]
) -> None:
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        session = begin_study(workspace)
        for number in range(4):
            if number == 1:
                harm(index_file)
            session.answer()
            assert session.rate(Rating.GOOD)
        assert known(workspace).reviews == 5
        assert len(workspace.agenda.decks()) == FILES


def test_an_index_rebuilt_by_a_thread_is_used_by_the_others(
    index_file: Path, clock: FakeClock
) -> None:
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        expected = known(workspace)
        overwrite(index_file)
        workspace.refresh(in_thread=True)
        workspace.see_changes()
        assert known(workspace) == expected
        (index_file.parents[1] / "data" / "decks" / "deck-0.yaml").unlink()
        workspace.refresh(in_thread=True)
        assert workspace.see_changes()
        assert len(workspace.agenda.decks()) == FILES - 1


def test_without_a_cache_folder_the_reading_thread_fills_a_temporary_index(
    index_file: Path, clock: FakeClock
) -> None:
    shutil.rmtree(index_file.parent)
    index_file.parent.write_text("no folder")
    with Workspace(clock=clock) as workspace:
        workspace.refresh(in_thread=True)
        assert workspace.see_changes()
        assert len(workspace.agenda.decks()) == FILES
        folder = workspace.index.path.parent
    assert not folder.exists()


def test_the_index_of_another_user_is_left_alone_and_not_used(
    index_file: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workspace(clock=clock) as workspace:
        expected = known(workspace)
    data = index_file.read_bytes()
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: access(path, mode) and str(path) != str(index_file)
    )
    (index_file.parents[1] / "data" / "decks" / "deck-9.yaml").write_text("deck: Nine\ncards: []\n")
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        assert len(workspace.agenda.decks()) == FILES + 1
        answer(workspace)
        assert known(workspace).reviews == expected.reviews + 1
    assert index_file.read_bytes() == data


def test_an_index_that_becomes_unwritable_is_replaced_by_a_temporary_one(
    index_file: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        expected = known(workspace)
        workspace.index.use(
            lambda db: db.execute("PRAGMA query_only = ON")
        )  # as a disk that is full
        (index_file.parents[1] / "data" / "decks" / "deck-9.yaml").write_text(
            "deck: Nine\ncards: [{front: a, back: b}]\n"
        )
        workspace.refresh()
        assert len(workspace.agenda.decks()) == FILES + 1
        assert known(workspace).reviews == expected.reviews
