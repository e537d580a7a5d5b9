from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import ConfigError, ProgressError
from sco_quiz.learning.cards import Card, CardState, Rating, State
from sco_quiz.learning.scheduling import Scheduler
from sco_quiz.learning.study_day import DAY_MS, EPOCH_DAY, Moment
from sco_quiz.progress import log
from sco_quiz.progress.appending import ForeignEvents
from sco_quiz.progress.database import log_in
from sco_quiz.progress.log import SessionKind
from sco_quiz.progress.store import Progress
from sco_quiz.progress.sums import sum_of, verify_sums

if TYPE_CHECKING:
    from pathlib import Path

    from sco_quiz.progress.log import EventDraft

TODAY = EPOCH_DAY + 20_000


def on(day: int, ms: int = 0) -> Moment:
    """Some milliseconds into a day, counted from today."""
    return Moment((TODAY + day - EPOCH_DAY) * DAY_MS + ms, 0, TODAY + day)


def answer(
    progress: Progress, card: Card, rating: Rating, now: Moment, session: str = "s"
) -> EventDraft:
    before = progress.state(card.key)
    after = Scheduler().next_states(card.key, before, now)[rating]
    return log.review(now, card, rating, before, after, session=session, milliseconds=1500)


def test_the_state_after_a_review_is_the_promise_of_its_button(
    progress: Progress, cards: list[Card]
) -> None:
    state = CardState()
    for day, rating in enumerate([Rating.GOOD, Rating.EASY, Rating.AGAIN, Rating.HARD]):
        promised = Scheduler().next_states(cards[0].key, state, on(day))[rating]
        progress.append(
            log.review(on(day), cards[0], rating, state, promised, session="s", answer="x")
        )
        state = progress.state(cards[0].key)
        assert state == promised
    assert progress.state(cards[1].key) == CardState()
    assert progress.states(card.key for card in cards) == {cards[0].key: state}


@pytest.mark.parametrize("fails", [False, True])
def test_an_import_leaves_the_log_with_the_indexes_it_had(
    progress: Progress, cards: list[Card], *, fails: bool
) -> None:
    def check(_: object) -> None:
        if fails:
            raise ProgressError("no room")

    before = log_in(progress.connection)
    reviews = [answer(progress, card, Rating.GOOD, on(-1)) for card in cards[:3]]
    brought = ForeignEvents("0" * 12, [each._replace(session=None) for each in reviews])
    with suppress(ProgressError):
        progress.append_with(check, log.imported(on(0), "f", {}, device="0" * 12), brought=brought)
    assert log_in(progress.connection) == before
    assert len(progress.query("SELECT * FROM event INDEXED BY event_card WHERE card > ''")) == (
        0 if fails else 3
    )


def test_appended_events_are_there_after_reopening(path: Path, cards: list[Card]) -> None:
    with Progress.open(path) as progress:
        appended = progress.append(
            answer(progress, cards[0], Rating.GOOD, on(0)), log.flag(on(0, 5), cards[1], 3)
        )
        states = progress.states(card.key for card in cards)
    with Progress.open(path) as progress:
        assert list(progress.events()) == appended
        assert progress.states(card.key for card in cards) == states


def test_a_typed_answer_may_hold_anything(progress: Progress, cards: list[Card]) -> None:
    given = 'quote " \x00 \n "face": 上海 \U0001f600'
    draft = log.review(
        on(0), cards[0], Rating.GOOD, CardState(), CardState(), session="s", answer=given
    )
    lone = draft._replace(data={**draft.data, "answer": "a\ud800b"})
    first, second = progress.append(draft, lone)
    assert first.details["answer"] == given
    assert second.details["answer"] == "a?b"
    assert verify_sums(progress.events()) == []
    progress.append(log.suspend(on(0, 1), cards[0]))
    assert progress.state(cards[0].key).suspended


def test_the_face_of_a_card_is_logged_only_when_it_changed(
    progress: Progress, cards: list[Card]
) -> None:
    card = cards[0]
    edited = card._replace(prompt="Edited?", answers=("one", "two"))
    events = progress.append(
        log.suspend(on(0), card), log.unsuspend(on(1), card), log.flag(on(2), edited, 1)
    )
    events += progress.append(log.flag(on(3), edited, 2), log.flag(on(4), card, 3))
    assert ["face" in event.details for event in events] == [True, False, True, False, True]
    assert events[2].details["face"] == {
        "deck": "asia", "kind": "typed", "prompt": "Edited?", "answer": "one\ntwo",
    }  # fmt: skip
    assert progress.query("SELECT * FROM face") == [
        (card.key, "asia", "typed", "Question 0?", "Answer 0")
    ]


def test_undo_steps_back_one_by_one_after_a_restart_too(path: Path, cards: list[Card]) -> None:
    key = cards[0].key
    with Progress.open(path) as progress:
        states = [progress.state(key)]
        drafts = [
            answer(progress, cards[0], Rating.GOOD, on(0)),
            log.bury(on(0, 1), cards[0], TODAY + 1),
            log.flag(on(0, 2), cards[0], 4),
            log.suspend(on(0, 3), cards[0]),
            log.unsuspend(on(0, 4), cards[0]),
            log.accept(on(0, 5), cards[0], "also right"),
            log.reset(on(0, 6), cards[0]),
        ]
        for draft in drafts:
            progress.append(draft)
            states.append(progress.state(key))
        progress.append(log.session_end(on(0, 7), "s"))
    for step, (draft, state) in enumerate(reversed(list(zip(drafts, states, strict=False)))):
        with Progress.open(path) as progress:
            event = progress.last_undoable()
            assert event is not None
            assert event.kind == draft.kind
            progress.undo(event, on(1, step))
            assert progress.state(key) == state
    with Progress.open(path) as progress:
        assert progress.last_undoable() is None
        assert list(progress.events(key)) == []
        assert len(list(progress.events())) == 2 * len(drafts) + 1


def test_an_undo_can_be_undone(progress: Progress, cards: list[Card]) -> None:
    (event,) = progress.append(log.flag(on(0), cards[0], 7))
    undo = progress.undo(event, on(0, 1))
    assert progress.state(cards[0].key) == CardState()
    redo = progress.undo(undo, on(0, 2))
    assert progress.state(cards[0].key).flag == 7
    progress.undo(redo, on(0, 3))
    assert progress.state(cards[0].key) == CardState()
    assert progress.query("SELECT * FROM card_state") == []


def test_events_of_other_devices_are_not_undone_here(
    progress: Progress, tmp_path: Path, cards: list[Card]
) -> None:
    with Progress.open(tmp_path / "phone" / "progress.db") as phone:
        phone.append(log.flag(on(5), cards[0], 1))
        progress.append(log.flag(on(0), cards[1], 1))
        progress.merge(phone.events())
    event = progress.last_undoable()
    assert event is not None
    assert event.card == cards[1].key


def test_the_last_answer_counts_last_even_when_the_clock_was_set_back(
    progress: Progress, cards: list[Card]
) -> None:
    progress.append(answer(progress, cards[0], Rating.GOOD, on(2000)))
    draft = answer(progress, cards[0], Rating.EASY, on(3))
    progress.append(draft)
    state = progress.state(cards[0].key)
    assert (state.state, state.due_day) == (State.REVIEW, draft.data["due_day"])
    assert [event.day for event in progress.events(cards[0].key)] == [TODAY + 2000, TODAY + 3]
    event = progress.last_undoable()
    assert event is not None
    assert event.day == TODAY + 3


def test_an_edited_card_keeps_its_history(progress: Progress, cards: list[Card]) -> None:
    old, new, newest = cards[:3]
    progress.append(answer(progress, old, Rating.GOOD, on(0)))
    state = progress.state(old.key)
    (first,) = progress.append(log.relink(on(1), old.key, new))
    assert progress.states(card.key for card in cards) == {new.key: state}
    progress.append(log.relink(on(2), new.key, newest))
    assert progress.states(card.key for card in cards) == {newest.key: state}
    assert progress.query("SELECT card FROM review") == [(newest.key,)]
    shown = progress.query("SELECT prompt FROM card_state JOIN face USING (key)")
    assert shown == [(newest.prompt,)]

    back = progress.append(log.relink(on(3), newest.key, old))[0]
    assert progress.states(card.key for card in cards) == {old.key: state}
    progress.undo(back, on(4))
    progress.undo(first, on(5))
    assert progress.state(old.key) == state
    assert progress.state(newest.key) == CardState()
    assert progress.query("SELECT card FROM review") == [(old.key,)]


def test_a_card_that_reappears_after_its_relink_has_a_history_of_its_own(
    progress: Progress, cards: list[Card]
) -> None:
    old, new = cards[:2]
    progress.append(answer(progress, old, Rating.GOOD, on(0)), log.relink(on(1), old.key, new))
    progress.append(answer(progress, old, Rating.AGAIN, on(2)))
    assert progress.state(old.key).reps == 1
    assert progress.state(new.key).reps == 1
    progress.append(answer(progress, new, Rating.GOOD, on(3)), log.relink(on(4), old.key, new))
    assert progress.state(old.key) == CardState()
    assert progress.state(new.key).reps == 3
    days = [event.day - TODAY for event in progress.events(new.key)]
    assert days == [0, 1, 2, 3, 4]


def test_an_answer_given_before_an_edit_counts_for_the_edited_card(
    progress: Progress, cards: list[Card]
) -> None:
    old, new, newest = cards[:3]
    (first,) = progress.append(answer(progress, old, Rating.GOOD, on(0)))
    progress.append(log.relink(on(1), old.key, new), log.relink(on(1), new.key, newest))
    (second,) = progress.append(answer(progress, old, Rating.GOOD, on(2)))
    assert (progress.card_of(first), progress.card_of(second)) == (newest.key, old.key)
    progress.undo(first, on(3))
    assert progress.card_of(first) == newest.key
    (back,) = progress.append(log.relink(on(4), newest.key, old))
    assert progress.card_of(first) == old.key
    progress.undo(back, on(5))
    assert progress.card_of(first) == newest.key


def test_a_reset_card_is_new_but_keeps_its_flag_and_its_events(
    progress: Progress, cards: list[Card]
) -> None:
    card = cards[0]
    progress.append(
        answer(progress, card, Rating.EASY, on(0)),
        log.flag(on(1), card, 2),
        log.suspend(on(2), card),
        log.reset(on(3), card),
    )
    assert progress.state(card.key) == CardState(suspended=True, flag=2)
    assert len(list(progress.events(card.key))) == 4
    assert progress.query("SELECT count(*) FROM review") == [(1,)]


def test_a_session_counts_its_reviews_that_were_not_undone(
    progress: Progress, cards: list[Card]
) -> None:
    progress.append(log.session_start(on(0), "s", SessionKind.STUDY, ["asia", "sco"]))
    events = [
        progress.append(answer(progress, card, rating, on(0, ms)))[0]
        for ms, (card, rating) in enumerate(
            zip(cards, [Rating.GOOD, Rating.AGAIN, Rating.HARD, Rating.GOOD], strict=False)
        )
    ]
    progress.append(answer(progress, cards[4], Rating.GOOD, on(0, 9), session="other"))
    query = "SELECT id, kind, decks, day, asked, correct, milliseconds, ended FROM session"
    decks = json.dumps(["asia", "sco"], separators=(",", ":"))
    assert progress.query(query) == [("s", "study", decks, TODAY, 4, 3, 6000, None)]
    progress.undo(events[0], on(0, 10))
    progress.append(log.session_end(on(0, 20), "s"))
    assert progress.query(query) == [("s", "study", decks, TODAY, 3, 2, 4500, on(0, 20).at)]


def test_a_session_with_two_starts_begins_at_the_first(progress: Progress, tmp_path: Path) -> None:
    with Progress.open(tmp_path / "other.db") as other:
        later = other.append(log.session_start(on(2), "s", SessionKind.STUDY, []))
    progress.append(log.session_start(on(1), "s", SessionKind.QUIZ, []))
    progress.merge(later)
    assert progress.query("SELECT kind, started FROM session") == [("quiz", on(1).at)]
    progress.rebuild()
    assert progress.query("SELECT kind, started FROM session") == [("quiz", on(1).at)]


def test_parameters_in_the_log_change_every_memory_and_can_be_taken_back(
    progress: Progress, cards: list[Card]
) -> None:
    defaults = Scheduler().memory
    for day in (0, 3, 9):
        progress.append(answer(progress, cards[0], Rating.GOOD, on(day)))
    before = progress.state(cards[0].key)
    values = (1.0, 2.0, 5.0, 20.0, *map(float, _default_parameters()[4:]))
    (event,) = progress.append(log.parameters(on(10), values))
    after = progress.state(cards[0].key)
    assert progress.parameters == values
    assert after.stability > before.stability
    assert after == before._replace(stability=after.stability, difficulty=after.difficulty)
    progress.undo(event, on(11))
    assert progress.parameters == ()
    assert progress.state(cards[0].key) == before
    assert defaults.next(None, 0, Rating.GOOD).stability == pytest.approx(2.3065)


def test_parameters_out_of_bounds_are_refused_and_leave_no_trace(progress: Progress) -> None:
    with pytest.raises(ConfigError):
        progress.append(log.parameters(on(0), [1.0, 2.0]))
    assert list(progress.events()) == []
    assert progress.parameters == ()


def test_todays_counts_leave_out_undone_reviews(progress: Progress, cards: list[Card]) -> None:
    progress.append(answer(progress, cards[0], Rating.EASY, on(-1)))
    for card in cards[:3]:
        progress.append(answer(progress, card, Rating.GOOD, on(0)))
    event = progress.last_undoable()
    assert event is not None
    progress.undo(event, on(0))
    counts = "SELECT was, count(*) FROM review WHERE day = ? GROUP BY was ORDER BY was"
    assert progress.query(counts, (TODAY,)) == [(State.NEW, 1), (State.REVIEW, 1)]


def test_one_bad_draft_keeps_all_of_its_batch_from_being_written(
    progress: Progress, cards: list[Card]
) -> None:
    progress.append(log.flag(on(0), cards[0], 1))
    before = progress.path.read_bytes()
    bad = log.flag(on(2), cards[1], 1)
    with pytest.raises(KeyError):
        progress.append(log.flag(on(1), cards[0], 2), bad._replace(data={}))
    assert progress.path.read_bytes() == before
    assert progress.state(cards[0].key).flag == 1
    assert progress.append(log.flag(on(3), cards[0], 3))[0].seq == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET at = 0",
        "DELETE FROM event",
        "INSERT OR REPLACE INTO event SELECT * FROM event",
        "REPLACE INTO event SELECT device, seq, 0, 0, 0, 0, '', '', '', '', x'' FROM event",
    ],
)
def test_the_log_can_be_neither_changed_nor_deleted(
    progress: Progress, cards: list[Card], statement: str
) -> None:
    events = progress.append(log.flag(on(0), cards[0], 1))
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        progress.connection.execute(statement)
    assert list(progress.events()) == events


def test_a_copy_of_the_file_writes_under_another_device_id(
    progress: Progress, tmp_path: Path, cards: list[Card]
) -> None:
    (shared,) = progress.append(log.flag(on(0), cards[0], 1))
    copy = tmp_path / "copy.db"
    shutil.copy2(progress.path, copy)
    with Progress.open(copy) as other:
        (theirs,) = other.append(log.flag(on(1), cards[0], 2))
        (ours,) = progress.append(log.flag(on(2), cards[0], 3))
        assert shared.device == ours.device != theirs.device
        assert progress.merge(other.events()) == 1
        assert other.merge(progress.events()) == 1
        assert list(progress.events()) == list(other.events()) == [shared, theirs, ours]


def test_a_restart_writes_under_the_same_device_id(path: Path, cards: list[Card]) -> None:
    ids = []
    for number in range(3):
        with Progress.open(path) as progress:
            ids.append(progress.append(log.flag(on(number), cards[0], number))[0].id)
    assert len({device for device, _ in ids}) == 1
    assert [seq for _, seq in ids] == [1, 2, 3]


def test_damaged_and_contradicting_events_are_not_merged(
    progress: Progress, tmp_path: Path, cards: list[Card]
) -> None:
    with Progress.open(tmp_path / "other.db") as other:
        good, bad = other.append(log.flag(on(0), cards[0], 1), log.flag(on(1), cards[0], 2))
    before = progress.path.read_bytes()
    with pytest.raises(ProgressError, match=r"event 2 .* is damaged"):
        progress.merge([good, bad._replace(day=1)])
    assert progress.path.read_bytes() == before

    progress.merge([good, bad])
    forged = bad._replace(day=1)
    forged = forged._replace(sum=sum_of(forged, good.sum))
    with pytest.raises(ProgressError, match=r"event 2 .* not the same"):
        progress.merge([forged])
    assert list(progress.events()) == [good, bad]


def test_two_processes_append_to_one_file(path: Path, cards: list[Card]) -> None:
    with Progress.open(path) as progress:
        progress.append(log.session_start(on(0), "s", SessionKind.STUDY, []))
    script = """
import sys
from pathlib import Path
from sco_quiz.learning.cards import Card, CardState, Rating, State
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.study_day import Moment
from sco_quiz.progress import log
from sco_quiz.progress.store import Progress

own = Card("own" + sys.argv[2], "n", "d", Kind.BASIC, "?", ("!",))
shared = Card("shared", "n", "d", Kind.BASIC, "?", ("!",))
with Progress.open(Path(sys.argv[1])) as progress:
    for number in range(15):
        for card in (own, shared):
            progress.append(log.review(
                Moment(number, 0, 1), card, Rating.GOOD, CardState(), CardState(State.REVIEW),
                session="s",
            ))
"""
    writers = [
        subprocess.Popen([sys.executable, "-c", script, str(path), name]) for name in ("1", "2")
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    with Progress.open(path) as progress:
        assert len(list(progress.events())) == 61
        states = progress.states(["own1", "own2", "shared"])
        assert {key: state.reps for key, state in states.items()} == {
            "own1": 15, "own2": 15, "shared": 30,
        }  # fmt: skip
        assert progress.query("SELECT asked FROM session") == [(60,)]
        events = progress.query("SELECT * FROM event ORDER BY device, seq")
        assert verify_sums(map(log.Event._make, events)) == []


def test_reading_progress_does_not_load_fsrs(path: Path, cards: list[Card]) -> None:
    with Progress.open(path) as progress:
        progress.append(log.flag(on(0), cards[0], 1))
    script = """
import sys
from pathlib import Path
from sco_quiz.progress.store import Progress

for name in sys.argv[1:]:
    with Progress.open(Path(name), read_only=True) as progress:
        print(progress.states([]), progress.last_undoable(), len(list(progress.events())))
print(*[name for name in ("fsrs", "msgspec", "yaml", "textual") if name in sys.modules])
"""
    missing = path.with_name("missing.db")
    command = [sys.executable, "-c", script, str(path), str(missing)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert output.splitlines()[-1] == ""
    assert not missing.exists()


def _default_parameters() -> tuple[float, ...]:
    from fsrs.scheduler import DEFAULT_PARAMETERS

    return tuple(DEFAULT_PARAMETERS)
