from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import DamagedError, ProgressError, StaleError
from sco_quiz.learning.cards import Card, CardState, Rating, State
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.study_day import DAY_MS, EPOCH_DAY, Moment
from sco_quiz.progress import damage, doctor, log
from sco_quiz.progress.backup import back_up
from sco_quiz.progress.doctor import examine, rebuild
from sco_quiz.progress.renewing import mend
from sco_quiz.progress.replacing import put_in_place
from sco_quiz.progress.restoring import restore
from sco_quiz.progress.salvage import whole_events
from sco_quiz.progress.store import Progress
from sco_quiz.workspace.workspace import open_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sco_quiz.progress.log import Event
    from tests.conftest import Rounds

TODAY = EPOCH_DAY + 20_000
REPLAY = "sco_quiz.progress.replay"


def reviews(cards: list[Card], count: int) -> list[log.EventDraft]:
    """Answers of all lengths, some longer than a page of the file."""
    chance = random.Random(1)
    drafts = []
    for number in range(count):
        now = Moment((20_000 + number // 50) * DAY_MS + number, 0, TODAY + number // 50)
        card = cards[number % len(cards)]
        after = CardState(State.REVIEW, due_day=now.day + 3)
        given = "long " * 2000 if number % 500 == 7 else "x" * chance.randrange(40)
        rating = Rating(chance.randrange(1, 5))
        session = f"session {number // 50}"
        drafts.append(
            log.review(now, card, rating, CardState(), after, session=session, answer=given)
        )
    return drafts


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[Event]]:
    """A progress file of 2,000 events, and these."""
    many = [
        Card(f"{number:016x}", f"note {number}", "asia", Kind.TYPED, f"Question {number}?", ("!",))
        for number in range(130)
    ]
    path = tmp_path_factory.mktemp("pristine") / "progress.db"
    with Progress.open(path) as progress:
        events = progress.append(*reviews(many, 2000))
    return path.read_bytes(), events


@pytest.fixture
def filled(path: Path, cards: list[Card]) -> Path:
    """A progress file with a hundred events."""
    with Progress.open(path) as progress:
        progress.append(*reviews(cards, 100))
    return path


def events_in(path: Path) -> list[Event]:
    with Progress.open(path, read_only=True) as progress:
        return list(progress.events())


def written(event: Event) -> tuple[object, ...]:
    """What the learner did, without the half of the sum that is about other rows."""
    return (*event[:-1], event.sum[:8])


def is_sound(path: Path) -> bool:
    return not any(examine(path)[1:])


def test_a_file_in_use_is_sound_at_every_moment(progress: Progress, cards: list[Card]) -> None:
    assert is_sound(progress.path)
    for draft in reviews(cards, 20):
        (event,) = progress.append(draft)
        assert is_sound(progress.path)
        progress.undo(event, draft.moment)
    progress.append(log.suspend(Moment(1, 0, TODAY), cards[0]), log.parameters(Moment(1, 0, 1), []))
    assert is_sound(progress.path)


def test_an_examination_changes_no_byte(filled: Path) -> None:
    before = filled.read_bytes()
    assert examine(filled).events == 100
    assert filled.read_bytes() == before


def test_a_missing_file_is_sound_and_is_not_created(path: Path) -> None:
    assert is_sound(path)
    assert not path.exists()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE card_state SET due_day = due_day + 1 WHERE reps = 20", "card_state, 10 rows are"),
        ("UPDATE review SET interval = interval + 1 WHERE seq = 7", "review, 2 rows are"),
        ("UPDATE study_day SET reviews = reviews + 1", "study_day, 4 rows are"),
        ("INSERT INTO undone VALUES ('x', 1)", "undone, 1 row is"),
        ("UPDATE meta SET value = '[1.0]' WHERE name = 'parameters'", "parameters are not those"),
        ("ALTER TABLE face RENAME COLUMN kind TO kine", "face, 10 rows are"),
        ("ALTER TABLE deck_title RENAME TO desk_title", "deck_title cannot be read"),
        ("ALTER TABLE kin RENAME COLUMN old TO older", "kin is not defined"),
        ("ALTER TABLE answer ADD COLUMN more TEXT", "answer is not defined"),
        ("DROP INDEX review_day", "review is not defined"),
        ("CREATE TRIGGER t AFTER INSERT ON kin BEGIN SELECT 1; END", "kin is not defined"),
    ],
)
def test_views_that_disagree_with_the_log_are_found_and_rebuilt(
    filled: Path, statement: str, says: str
) -> None:
    with closing(sqlite3.connect(filled)) as db, db:
        db.execute(statement)
    found = examine(filled)
    assert not found.damage
    (sentence,) = found.stale
    assert says in sentence
    assert rebuild(filled) is None
    assert is_sound(filled)


MISTAKES = (
    SyntaxError("invalid syntax"),
    TypeError("takes 2 arguments"),
    KeyError("rating"),
    ValueError("too many values to unpack"),
    ZeroDivisionError("division by zero"),
    sqlite3.OperationalError("no such column: reps"),
    sqlite3.ProgrammingError("incorrect number of bindings"),
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: type(mistake).__name__)
def test_a_bug_is_not_taken_for_damage_and_starts_no_repair(
    filled: Path, cards: list[Card], monkeypatch: pytest.MonkeyPatch, mistake: Exception
) -> None:
    def fail(*_: object) -> None:
        raise mistake

    with Progress.open(filled) as progress:
        before = filled.read_bytes()
        monkeypatch.setattr(f"{REPLAY}.refresh", fail)
        with pytest.raises(type(mistake)):
            progress.append(log.flag(Moment(5, 0, TODAY), cards[0], 1))
        assert filled.read_bytes() == before
    with closing(sqlite3.connect(filled)) as db, db:
        db.execute("UPDATE meta SET value = '0' WHERE name = 'views'")
    before = filled.read_bytes()
    monkeypatch.setattr(f"{REPLAY}.rebuild", fail)
    for read_only in (True, False):
        with pytest.raises(type(mistake)):
            open_progress(filled, read_only=read_only, mend=True)
    assert filled.read_bytes() == before
    assert list(filled.parent.iterdir()) == [filled]


def test_a_wrong_sql_statement_is_not_taken_for_damage(
    filled: Path, cards: list[Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{REPLAY}._WRITE_STATE", "INSERT INTO card_stale VALUES (1)")
    with (
        Progress.open(filled) as progress,
        pytest.raises(sqlite3.OperationalError, match="card_stale"),
    ):
        progress.append(log.flag(Moment(5, 0, TODAY), cards[0], 1))


def test_views_that_break_a_query_are_reported_as_stale(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as db, db:
        db.execute("ALTER TABLE card_state RENAME COLUMN due_day TO due_dax")
    with Progress.open(filled) as progress, pytest.raises(StaleError, match="no such column"):
        progress.query("SELECT due_day FROM card_state")
    assert rebuild(filled) is None
    with Progress.open(filled) as progress:
        assert len(progress.query("SELECT due_day FROM card_state")) == 5


def test_lost_and_changed_events_are_named(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as db, db:
        for trigger in ("event_is_never_deleted", "event_is_never_changed"):
            db.execute(f"DROP TRIGGER {trigger}")
        db.execute("DELETE FROM event WHERE seq = 7")
        db.execute("UPDATE event SET day = day + 1 WHERE seq = 11 OR seq = 13")
    missing, changed, tables = examine(filled).damage
    assert "one event or more are missing: number 7 of device" in missing
    assert "an event is not as it was written: number 11 of device" in changed
    assert "in 1 more place" in changed
    assert "the tables of the log are not defined" in tables.lower()
    assert not examine(filled).stale


def test_a_mended_file_has_every_whole_event_and_those_of_the_last_backup(
    path: Path, cards: list[Card]
) -> None:
    drafts = reviews(cards, 100)
    with Progress.open(path) as progress:
        events = progress.append(*drafts[:60])
        back_up(path, TODAY)
        events += progress.append(*drafts[60:])
    data = path.read_bytes()
    for gone in (events[20], events[70]):  # one is in the backup
        data = data.replace(gone.sum, bytes(16))
    path.write_bytes(data)
    mended = rebuild(path)
    assert mended is not None
    assert mended.aside is not None
    last = datetime(2024, 10, 5, 0, 0, 0, 99_000, UTC)
    assert mended[1:] == (99, last, 1, 1, date.fromordinal(TODAY))
    assert mended.aside.read_bytes() == data
    assert mended.aside.name.startswith("damaged-")
    assert events_in(path) == [event for event in events if event != events[70]]
    assert is_sound(path)
    told = mended.in_words()
    assert "99 events were saved into a new one, up to 5 October 2024, 00:00, 1 of them" in told
    assert "1 of them from the backup" in told
    assert "at least 1 could not be read and is lost" in told
    assert str(mended.aside) in told


def test_study_continues_in_a_mended_file_and_undo_works_across_the_repair(
    filled: Path, cards: list[Card]
) -> None:
    filled.write_bytes(filled.read_bytes().replace(events_in(filled)[40].sum, bytes(16)))
    mend(filled)
    with Progress.open(filled) as progress:
        last = progress.last_undoable()
        assert last is not None
        assert last.seq == 100
        progress.undo(last, Moment(2, 0, TODAY + 5))
        (event,) = progress.append(log.flag(Moment(3, 0, TODAY + 5), cards[0], 1))
        assert event.device != last.device
    assert is_sound(filled)
    assert rebuild(filled) is None
    made = back_up(filled, TODAY + 5)
    assert made is not None
    restore(filled, made, Moment(4, 0, TODAY + 5))
    assert is_sound(filled)


@pytest.mark.parametrize("cut", [2_000, 8_192, 20_000, -1])
def test_every_whole_event_of_a_truncated_file_is_saved(
    pristine: tuple[bytes, list[Event]], path: Path, cut: int
) -> None:
    data, events = pristine
    path.write_bytes(data[:cut])
    left = set(whole_events(data[:cut]))
    assert len(left) > 1900 if cut == -1 else left < set(events)
    mended = mend(path)
    assert mended is not None
    assert mended.aside is not None
    assert mended.aside.read_bytes() == data[:cut]
    assert set(events_in(path)) == left
    assert is_sound(path)


def test_a_file_without_its_beginning_is_damaged_and_a_foreign_one_is_not(
    pristine: tuple[bytes, list[Event]], path: Path
) -> None:
    data, events = pristine
    path.write_bytes(bytes(4096) + data[4096:])
    with pytest.raises(DamagedError, match="is damaged"):
        Progress.open(path)
    mend(path)
    assert events_in(path) == events
    path.write_bytes(bytes(4096) + b"x" * 5000)
    with pytest.raises(ProgressError, match="is not a progress file"):
        rebuild(path)


def test_pages_of_garbage_cost_no_more_than_the_events_in_them(
    pristine: tuple[bytes, list[Event]], path: Path
) -> None:
    data, events = pristine
    chance = random.Random(5)
    damaged = bytearray(data)
    for _ in range(30):
        start = chance.randrange(len(data) // 512) * 512
        damaged[start : start + 512] = chance.randbytes(512)
    kept = [event for event in events if event.sum in damaged]
    path.write_bytes(damaged)
    mend(path)
    saved = set(map(written, events_in(path)))
    assert saved <= set(map(written, events))
    assert len(saved) > 1800
    unsaved = [event for event in kept if written(event) not in saved]
    assert len(unsaved) <= 30 * 2  # those of which an other part was hit
    assert is_sound(path)


def test_a_file_held_by_another_program_is_not_mended_under_it(filled: Path) -> None:
    before = filled.read_bytes()
    with closing(sqlite3.connect(filled)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sco_quiz.progress.database.BUSY_SECONDS", 0.01)
            with pytest.raises(ProgressError, match="held by another program"):
                mend(filled)
    assert filled.read_bytes() == before
    assert list(filled.parent.iterdir()) == [filled]


def test_the_journal_of_a_damaged_file_is_set_aside_with_it(filled: Path) -> None:
    journal, new = filled.with_name("progress.db-journal"), filled.with_name("new.db")
    journal.write_bytes(b"of the old file")
    new.write_bytes(b"new")
    aside = put_in_place(new, filled, "damaged")
    assert aside is not None
    assert aside.with_name(f"{aside.name}-journal").read_bytes() == b"of the old file"
    assert {entry.name for entry in filled.parent.iterdir()} == {filled.name, "backups"}
    assert filled.read_bytes() == b"new"


def test_two_files_set_aside_in_the_same_second_get_different_names(filled: Path) -> None:
    asides = set()
    for number in range(3):
        new = filled.with_name("new.db")
        new.write_bytes(b"new" * number)
        asides.add(put_in_place(new, filled, "damaged"))
    assert len(asides) == 3


def test_a_damaged_file_is_kept_even_on_a_file_system_without_links(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("os.link", unsupported)
    before = filled.read_bytes()[:-5000]
    filled.write_bytes(before)
    mended = mend(filled)
    assert mended is not None
    assert mended.aside is not None
    assert mended.aside.read_bytes() == before
    assert is_sound(filled)


def test_a_disk_without_room_for_the_mended_file_leaves_the_damaged_one(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = filled.read_bytes()[:-5000]
    filled.write_bytes(before)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.link", full)
    monkeypatch.setattr("os.replace", full)
    monkeypatch.setattr("os.rename", full)
    with pytest.raises(ProgressError, match="No space left"):
        mend(filled)
    assert filled.read_bytes() == before
    assert not list(filled.parent.glob(".sco-quiz-*"))


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_cannot_be_replaced_stays_in_place_with_its_journal(
    filled: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    journal, new = filled.with_name("progress.db-journal"), filled.with_name("new.db")
    journal.write_bytes(b"of the old file")
    new.write_bytes(b"new")
    before = filled.read_bytes()
    real = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if self == new:
            raise OSError(5, "Input/output error")
        return real(self, target)

    def unsupported(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(Path, "replace", refuse)
    if not links:
        monkeypatch.setattr("os.link", unsupported)
    with pytest.raises(OSError, match="Input/output error"):
        put_in_place(new, filled, "damaged")
    assert filled.read_bytes() == before
    assert journal.read_bytes() == b"of the old file"
    assert [*(filled.parent / "backups").iterdir()] == []


@pytest.mark.parametrize("look", ["page_faults", "log_faults", "stale_views"])
def test_events_written_during_an_examination_are_not_faults(
    filled: Path, cards: list[Card], monkeypatch: pytest.MonkeyPatch, look: str
) -> None:
    real = getattr(doctor, look)

    def look_while_others_write(db: sqlite3.Connection) -> Iterator[str]:
        with Progress.open(filled) as other:
            other.append(*reviews(cards, 10))
        yield from real(db)

    monkeypatch.setattr(doctor, look, look_while_others_write)
    assert examine(filled) == (100, [], [], None)
    assert len(events_in(filled)) == 110


def test_an_error_while_another_program_writes_is_not_reported_as_damage(
    filled: Path, cards: list[Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = damage.log_faults

    def look_while_others_write(db: sqlite3.Connection) -> Iterator[str]:
        yield from real(db)
        with Progress.open(filled) as other:
            other.append(*reviews(cards, 10))

    monkeypatch.setattr(damage, "log_faults", look_while_others_write)
    assert damage.damage_behind(ValueError(), filled) is None


@pytest.mark.parametrize("step", ["nothing", "a failing one", "nothing beside something else"])
def test_a_step_without_events_leaves_no_trace(path: Path, step: str) -> None:
    def fail(_: object) -> None:
        raise ProgressError("no room")

    with Progress.open(path) as progress:
        if step == "nothing":
            assert progress.append() == []
        elif step == "a failing one":
            with pytest.raises(ProgressError):
                progress.append_with(fail, log.parameters(Moment(1, 0, TODAY), ()))
        else:
            assert progress.append_with(lambda events: None) == []
        assert progress.query("SELECT * FROM device") == []
    assert examine(path) == (0, [], [], None)


def _of_schema(text: str) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(text.encode(), text[::-1].encode(), 1)


@pytest.mark.parametrize(
    "damage",
    [
        _of_schema("CREATE TABLE event"),
        _of_schema("session TEXT"),
        lambda data: data.replace(b"SCOQ", b"SCOR", 1),
        lambda data: data[:60] + bytes(4) + data[64:],  # user_version
        lambda data: data.replace(b"CREATE INDEX event_card", b"CREATE INDEX event_car\xff"),
        lambda data: data.replace(b'"rating":', b'"ratinG":', 1),
    ],
)
def test_damage_of_every_sort_is_reported_and_mended(
    filled: Path, damage: Callable[[bytes], bytes], cards: list[Card]
) -> None:
    events = events_in(filled)
    data = damage(filled.read_bytes())
    assert data != filled.read_bytes()
    filled.write_bytes(data)
    drafts = [log.flag(Moment(5, 0, TODAY), card, 1) for card in cards]
    with pytest.raises(DamagedError), Progress.open(filled) as progress:
        progress.append(*drafts)
    mend(filled)
    assert set(events_in(filled)) <= set(events)
    assert len(events_in(filled)) >= 99
    assert is_sound(filled)


def test_a_text_that_a_flipped_bit_calls_a_blob_is_found_and_saved(
    filled: Path, cards: list[Card]
) -> None:
    events = events_in(filled)
    data = bytearray(filled.read_bytes())
    place = data.rindex(events[60].device.encode(), 0, data.index(events[60].sum))
    header = data.rindex(b"\x2c", 0, place)  # the last of the types: of the sum
    texts = [each for each in range(header - 10, header) if data[each] % 2 and data[each] > 12]
    assert len(texts) >= 3
    for each in texts:
        flipped = bytearray(data)
        flipped[each] ^= 1
        filled.write_bytes(flipped)
        assert not is_sound(filled)
        assert set(whole_events(bytes(flipped))) == set(events)


@pytest.mark.parametrize("name", ["stability", "card_state", "card_due", "title", "withdrawn"])
def test_a_name_in_the_file_that_is_not_text_is_damage_and_is_mended(
    filled: Path, name: str
) -> None:
    events = events_in(filled)
    data, found = filled.read_bytes(), name.encode()
    assert found in data
    filled.write_bytes(data.replace(found, b"\xec" + found[1:]))
    assert "SQLite finds damage: a name in it is no text." in examine(filled).damage
    rebuild(filled)
    assert is_sound(filled)
    assert events_in(filled) == events


def test_every_flipped_bit_is_found_or_harmless_and_costs_no_event_but_its_own(
    pristine: tuple[bytes, list[Event]], path: Path, rounds: Rounds
) -> None:
    data, events = pristine
    all_written = {written(event): event for event in events}
    count = rounds(60, 500, "bits flipped: each found by the doctor or harmless, the rest salvaged")
    chance = random.Random()
    for _ in range(count):
        place, bit = chance.randrange(len(data)), chance.randrange(8)
        flipped = bytearray(data)
        flipped[place] ^= 1 << bit
        path.write_bytes(flipped)
        try:
            found = not is_sound(path)
        except ProgressError:
            found = True
        assert found or events_in(path) == events, (place, bit)
        saved = set(map(written, whole_events(bytes(flipped))))
        assert saved <= all_written.keys(), (place, bit)
        lost = [all_written[key] for key in all_written.keys() - saved]
        assert len(lost) <= 1, (place, bit)
        for event in lost:
            end = data.index(event.sum) + len(event.sum)
            start = data.rindex(event.device.encode(), 0, end) - 18  # before it: the row's header
            assert start <= place < end or len(event.data) > 900, (place, bit)
