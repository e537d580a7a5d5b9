"""A progress file that knows less than the backups beside it."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import BehindError, DamagedError, ProgressError
from sco_quiz.learning.study_day import EPOCH_DAY, Moment
from sco_quiz.progress import backup_reach, log
from sco_quiz.progress.backup import back_up
from sco_quiz.progress.doctor import examine, rebuild
from sco_quiz.progress.restoring import bring_back, leave_behind, restore
from sco_quiz.progress.store import Progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sco_quiz.learning.cards import Card

TODAY = EPOCH_DAY + 20_000
NOW = Moment(1, 0, TODAY)


@pytest.fixture
def filled(path: Path, cards: list[Card]) -> Path:
    """A progress file with five events, and a backup of it."""
    add(path, cards)
    assert back_up(path, TODAY) is not None
    return path


def add(path: Path, cards: list[Card], flag: int = 1) -> list[log.Event]:
    with Progress.open(path) as progress:
        return progress.append(*(log.flag(NOW, card, flag) for card in cards))


def ids_in(path: Path) -> set[tuple[str, int]]:
    with Progress.open(path, read_only=True) as progress:
        return {event.id for event in progress.events()}


@pytest.fixture
def come_again(filled: Path) -> Path:
    """A backup that was left behind, and is there again, by a synchroniser, say."""
    (backup,) = backup_reach.backups_of(filled).values()
    before = backup.read_bytes()
    filled.write_bytes(b"")
    with Progress.open(filled) as progress:
        leave_behind(progress, NOW)
    backup.write_bytes(before)
    return backup


def shortfall(path: Path) -> BehindError | None:
    with Progress.open(path, read_only=True) as progress:
        return backup_reach.shortfall(progress.connection, path)


def apart(path: Path) -> list[Path]:
    return sorted((path.parent / "backups" / "set-aside").iterdir())


def delete_a_view(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM card_state")


def test_a_file_that_continues_its_backups_is_not_behind(filled: Path, cards: list[Card]) -> None:
    assert shortfall(filled) is None
    add(filled, cards[:1])
    assert shortfall(filled) is None
    assert back_up(filled, TODAY + 1) is not None
    assert shortfall(filled) is None


def test_a_file_without_the_last_event_of_a_backup_is_behind(
    filled: Path, cards: list[Card]
) -> None:
    (backup,) = backup_reach.backups_of(filled).values()
    older = filled.read_bytes()
    add(filled, cards[:1])
    back_up(filled, TODAY)
    filled.write_bytes(older)
    behind = shortfall(filled)
    assert behind is not None
    assert "0 answers (5 events) in it" in behind.message
    assert f"0 answers (6 events) in {backup}" in behind.message


def test_another_event_under_the_same_number_does_not_stand_for_the_one_in_the_backup(
    filled: Path, cards: list[Card]
) -> None:
    older = filled.read_bytes()
    add(filled, cards[:1], 2)
    back_up(filled, TODAY)
    filled.write_bytes(older)
    add(filled, cards[:1], 3)
    assert shortfall(filled) is not None
    before = ids_in(filled)
    with Progress.open(filled) as progress, pytest.raises(ProgressError, match="not the same"):
        bring_back(progress)
    assert ids_in(filled) == before


@pytest.mark.parametrize("lose", [lambda path: path.write_bytes(b""), lambda path: path.unlink()])
def test_no_backup_is_made_of_a_file_that_is_behind(
    filled: Path, cards: list[Card], lose: Callable[[Path], object]
) -> None:
    (backup,) = backup_reach.backups_of(filled).values()
    before = backup.read_bytes()
    lose(filled)
    for day in (TODAY, TODAY + 1):
        with pytest.raises(BehindError):
            back_up(filled, day)
        assert [*backup_reach.backups_of(filled).values()] == [backup]
    assert backup.read_bytes() == before
    add(filled, cards[:2])
    with pytest.raises(BehindError):
        back_up(filled, TODAY + 2)


def test_the_events_of_all_backups_are_brought_back_and_can_be_undone(
    filled: Path, cards: list[Card]
) -> None:
    wanted = ids_in(filled)
    filled.unlink()
    (new,) = add(filled, cards[:1], 2)
    with Progress.open(filled) as progress:
        assert bring_back(progress) == 5
        assert bring_back(progress) == 0
        assert ids_in(filled) == wanted | {new.id}
        for _ in range(6):
            event = progress.last_undoable()
            assert event is not None
            progress.undo(event, NOW)
        assert progress.last_undoable() is None
    assert examine(filled)[1:] == ([], [], None)


@pytest.mark.parametrize("spoiled", range(5))
def test_the_events_before_the_damage_in_a_backup_are_brought_back(
    filled: Path, spoiled: int
) -> None:
    (backup,) = backup_reach.backups_of(filled).values()
    with Progress.open(filled, read_only=True) as progress:
        sums = [event.sum for event in progress.events()]
    data = backup.read_bytes()
    place = data.rindex(b'"flag":1', 0, data.index(sums[spoiled]))
    backup.write_bytes(data[:place] + b'"flag":3' + data[place + 8 :])
    filled.unlink()
    with Progress.open(filled) as progress:
        with pytest.raises(ProgressError, match="is damaged") as caught:
            bring_back(progress)
        assert f"{spoiled} events were brought back" in caught.value.message
        assert len(ids_in(filled)) == spoiled
        leave_behind(progress, NOW)
    assert examine(filled)[1:] == ([], [], None)


def test_leaving_events_behind_is_logged_and_sets_their_backups_aside(
    filled: Path, cards: list[Card]
) -> None:
    (backup,) = backup_reach.backups_of(filled).values()
    before = backup.read_bytes()
    filled.write_bytes(b"")
    with Progress.open(filled) as progress:
        assert leave_behind(progress, NOW) == [backup]
        assert leave_behind(progress, NOW) == []
        assert [event.kind for event in progress.events()] == ["left-behind"]
        assert progress.last_undoable() is None
    assert [path.read_bytes() for path in apart(filled)] == [before]
    for day in range(0, 1600, 40):
        add(filled, cards[:1])
        assert back_up(filled, TODAY + day) is not None
    assert [path.read_bytes() for path in apart(filled)] == [before]
    assert shortfall(filled) is None


def test_a_left_behind_backup_that_reappears_is_not_reported_and_not_overwritten(
    filled: Path, cards: list[Card], come_again: Path
) -> None:
    before = come_again.read_bytes()
    assert shortfall(filled) is None
    add(filled, cards[:1])
    assert back_up(filled, TODAY) == come_again
    assert come_again.read_bytes() != before
    assert [path.read_bytes() for path in apart(filled)] == [before, before]


def test_a_restore_leaves_the_events_of_newer_backups_behind(
    filled: Path, cards: list[Card]
) -> None:
    (old,) = backup_reach.backups_of(filled).values()
    add(filled, cards[:1])
    newer = back_up(filled, TODAY + 1)
    assert newer is not None
    before = newer.read_bytes()
    aside = restore(filled, old, NOW)
    assert aside is not None
    assert shortfall(filled) is None
    assert [path.read_bytes() for path in apart(filled)] == [before]
    assert list(backup_reach.backups_of(filled).values()) == [old]
    assert examine(filled)[1:] == ([], [], None)


def test_a_backup_with_an_event_of_its_own_is_never_removed(
    filled: Path, cards: list[Card], come_again: Path
) -> None:
    before = come_again.read_bytes()
    for day in range(1, 40):
        add(filled, cards[:1])
        back_up(filled, TODAY + 40 * day)
    assert come_again.read_bytes() == before
    assert len(backup_reach.backups_of(filled)) < 20


def test_a_missing_or_wrong_note_of_the_reach_is_read_again_from_the_backups(filled: Path) -> None:
    note = filled.parent / "backups" / ".reach.json"
    expected = backup_reach.reach_of(filled)
    assert [*expected.values()] != [{}]
    for text in ("", "[]", "{", '{"progress-2024-10-04.db": 1}', '{"a": [[1], [[1, 2]]]}'):
        note.write_text(text)
        assert backup_reach.reach_of(filled) == expected
    note.unlink()
    assert backup_reach.reach_of(filled) == expected
    backup_reach.note_reach(filled)
    assert json.loads(note.read_text())
    (backup,) = backup_reach.backups_of(filled).values()
    os.utime(backup, (1, 1))
    assert backup_reach.reach_of(filled) == expected


def test_a_start_opens_no_backup_whose_reach_is_noted(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> dict[str, tuple[int, str]]:
        raise AssertionError

    monkeypatch.setattr(backup_reach, "_heads_of", refuse)
    assert shortfall(filled) is None


def test_an_unreadable_backup_is_neither_reported_nor_removed(
    filled: Path, cards: list[Card]
) -> None:
    (backup,) = backup_reach.backups_of(filled).values()
    backup.write_bytes(b"something else" * 500)
    assert shortfall(filled) is None
    add(filled, cards[:1])
    back_up(filled, TODAY)
    assert [path.read_bytes() for path in apart(filled)] == [b"something else" * 500]


def test_wrong_views_are_right_in_a_backup_and_after_a_restore(filled: Path) -> None:
    delete_a_view(filled)
    assert examine(filled).stale
    made = back_up(filled, TODAY)
    assert made is not None
    assert not examine(made).stale
    delete_a_view(made)
    restore(filled, made, NOW)
    assert examine(filled)[1:] == ([], [], None)


def test_a_backup_with_a_wrong_database_index_is_refused(filled: Path, tmp_path: Path) -> None:
    source = tmp_path / "source.db"
    source.write_bytes(filled.read_bytes())
    with closing(sqlite3.connect(source)) as db, db:
        ((sql,),) = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'event_card'")
        db.execute("PRAGMA writable_schema = ON")
        db.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, '(card, stamp)', '(card, at)')"
            " WHERE name = 'event_card'"
        )
    before = filled.read_bytes()
    with pytest.raises(DamagedError):
        restore(filled, source, NOW)
    assert filled.read_bytes() == before
    assert "stamp" in sql


def test_an_emptied_file_is_reported_and_not_rebuilt(filled: Path) -> None:
    filled.write_bytes(b"")
    assert examine(filled).behind is not None
    with pytest.raises(BehindError):
        rebuild(filled)
    assert filled.read_bytes() == b""
