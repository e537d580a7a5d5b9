from __future__ import annotations

import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz import own_process
from sco_quiz.learning.cards import Card, CardState, Rating, State
from sco_quiz.learning.scheduling import Scheduler
from sco_quiz.learning.study_day import DAY_MS, Moment, study_day
from sco_quiz.learning.wrong_clock import Shift
from sco_quiz.progress import appending, log, outcomes, replay, store
from sco_quiz.progress.appending import ForeignEvents
from sco_quiz.progress.database import log_in
from sco_quiz.progress.log import Event, EventDraft, EventKind, SessionKind
from sco_quiz.progress.store import Progress
from sco_quiz.progress.sums import verify_sums
from tests.processes import Dying, no_room

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

START = 20_000 * DAY_MS
SCHEDULER = Scheduler()
VIEWS = (
    "card_state", "face", "review", "study_day", "answer", "session", "deck_title", "undone", "kin",
    "meta",
)  # fmt: skip


class Step(NamedTuple):
    """One random act on one of three devices; what the numbers mean depends on it."""

    device: int
    act: str
    card: int
    number: int
    passed: int  # ms by which the device's clock moves first, backwards too


CARD_ACTS = ("answer", "today", "suspend", "unsuspend", "bury", "flag", "reset", "accept", "relink")
OTHER_ACTS = ("start", "end", "parameters", "sync", "import", "import", "import")
CLOCK_ACTS = ("clock",) * 2
ACTS = ("review",) * 6 + CARD_ACTS + ("undo",) * 4 + OTHER_ACTS + CLOCK_ACTS
STEPS = st.lists(
    st.builds(
        Step,
        device=st.integers(0, 2),
        act=st.sampled_from(ACTS),
        card=st.integers(0, 3),
        number=st.integers(0, 50),
        passed=st.sampled_from((0, 1, 60_000, DAY_MS, 9 * DAY_MS, -1, -7_200_000, -DAY_MS * 30)),
    ),
    max_size=30,
)


def moment(at: int) -> Moment:
    return Moment(at, 300, study_day(at, 300, 4))


def draft_of(
    step: Step, now: Moment, cards: list[Card], state: Callable[[str], CardState]
) -> EventDraft:
    card, number = cards[step.card], step.number
    session = f"session {number % 3}"
    match step.act:
        case "review":
            rating = Rating(number % 4 + 1)
            before = state(card.key)
            after = SCHEDULER.next_states(card.key, before, now)[rating]
            return log.review(
                now, card, rating, before, after, session=session, milliseconds=number,
                answer=f"answer {number}", verdict="wrong" if rating == 1 else None,
            )  # fmt: skip
        case "answer":
            return log.answer(
                now, card, session=session, correct=number % 2 == 0, answer=f"answer {number}",
                verdict="wrong" if number % 2 else "correct", milliseconds=number,
            )  # fmt: skip
        case "today":
            return log.today(now, card, session)
        case "suspend":
            return log.suspend(now, card)
        case "unsuspend":
            return log.unsuspend(now, card)
        case "bury":
            return log.bury(now, card, now.day + number)
        case "flag":
            return log.flag(now, card, number % 8)
        case "reset":
            return log.reset(now, card)
        case "accept":
            return log.accept(now, card, str(number))
        case "relink":
            return log.relink(now, cards[number % 4].key, card)
        case "start":
            titles = {card.deck: f"Title {number}"} if number % 2 else {}
            return log.session_start(now, session, SessionKind.STUDY, [card.deck], titles)
        case "end":
            return log.session_end(now, session, finished=number % 2 == 0)
    return log.parameters(now, () if number % 2 else (1.0, *_tail_of_default_parameters()))


def act(
    progress: Progress,
    number: int,
    step: Step,
    now: Moment,
    cards: list[Card],
    state: Callable[[str], CardState] = lambda _: CardState(),
) -> Event:
    if step.act == "import":
        return bring(progress, f"import {number}", step, now, cards)
    return progress.append(draft_of(step, now, cards, state))[0]


def correction_of(progress: Progress, number: int, now: Moment) -> EventDraft:
    """Other times for some events of a device: earlier or later, closer together or as they are."""
    events = list(progress.events())
    first = events[number % len(events)]
    last = max(first.seq + number % 7 - 1, first.seq)  # maybe of events that are not here yet
    days, length = 400 * (number % 3 - 1), number % 4 * DAY_MS
    low, start = first.at, first.at + days * DAY_MS + number * 3_600_000
    shift = Shift(low, low + length, start, start + length // (number % 2 + 1), 60, 4)
    return log.correct_clock(now, first.device, first.seq, last, shift)


def bring(progress: Progress, device: str, step: Step, now: Moment, cards: list[Card]) -> Event:
    """Import what was done elsewhere with two cards at most, in the past and at present."""
    past = moment(now.at - step.number * DAY_MS - step.number)
    drafts = []
    for card in sorted({step.card, step.number % 4}):
        for kind in ("review", "suspend", "flag")[: step.number % 4]:
            when = past if kind == "review" else now
            own = step._replace(act=kind, card=card)
            drafts.append(draft_of(own, when, cards, lambda _: CardState())._replace(session=None))
    draft = log.imported(now, "a file", {}, device=device if drafts else None)
    keys = [each.card or "" for each in drafts]
    brought = ForeignEvents(device, drafts, keys)
    return progress.append_with(lambda _: None, draft, brought=brought)[0]


def play(
    devices: list[Progress],
    steps: list[Step],
    cards: list[Card],
    look: Callable[[Moment], None] = lambda _: None,
) -> None:
    """Take the steps, with a look after each at its time."""
    clocks = [START] * len(devices)
    for number, step in enumerate(steps):
        progress = devices[step.device]
        clocks[step.device] += step.passed
        now = moment(clocks[step.device])
        if step.act == "sync":
            progress.merge(devices[step.number % len(devices)].events())
        elif step.act == "clock":
            if progress.query("SELECT 1 FROM event LIMIT 1"):
                progress.append(correction_of(progress, step.number, now))
        elif step.act == "undo":
            if events := list(progress.events()):
                progress.undo(events[-1 - step.number % len(events)], now)
        else:
            act(progress, number, step, now, cards, progress.state)
        look(now)


@contextmanager
def new_files(count: int) -> Iterator[list[Progress]]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        files = [
            stack.enter_context(Progress.open(Path(folder) / f"{number}.db"))
            for number in range(count)
        ]
        for file in files:
            file.query("PRAGMA synchronous = OFF")
        yield files


def contents(progress: Progress) -> dict[str, list[Any]]:
    tables = ("event", *VIEWS)
    return {table: progress.query(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}


@pytest.mark.proof("random histories on three devices: the views kept are those of a replay")
@given(steps=STEPS)
def test_views_updated_event_by_event_equal_a_replay(cards: list[Card], steps: list[Step]) -> None:
    with new_files(3) as devices:
        play(devices, steps, cards)
        for progress in devices:
            kept = contents(progress)
            progress.rebuild()
            assert contents(progress) == kept
            events = progress.query("SELECT * FROM event ORDER BY device, seq")
            assert verify_sums(map(log.Event._make, events)) == []


@pytest.mark.proof("random histories: another process folds them into the same views")
@given(steps=STEPS)
def test_a_replay_in_another_process_leaves_the_same_views(
    cards: list[Card], steps: list[Step]
) -> None:
    with new_files(1) as (progress,):
        play([progress], [step._replace(device=0) for step in steps], cards)
        progress.append(draft_of(Step(0, "review", 0, 0, 0), moment(START), cards, progress.state))
        kept = contents(progress)
        with pytest.MonkeyPatch.context() as patch:
            fold_in_another_process(patch)
            patch.setattr(outcomes, "fold_families", None)  # nothing is left for this process
            progress.rebuild()
        assert contents(progress) == kept


@pytest.mark.parametrize("process", [subprocess.Popen, no_room, Dying])
def test_a_replay_by_another_process_is_whole_even_if_that_cannot_be_started(
    process: object, cards: list[Card], progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, card in enumerate(cards):
        step = Step(0, "review", 0, number, 0)
        progress.append(draft_of(step, moment(START + number), [card], progress.state))
    kept = contents(progress)
    fold_in_another_process(monkeypatch)
    monkeypatch.setattr(own_process, "Popen", process)
    progress.rebuild()
    assert contents(progress) == kept


@pytest.mark.parametrize("process", [subprocess.Popen, no_room, Dying])
def test_cards_folded_while_an_import_writes_them_have_the_views_of_a_replay(
    process: object, cards: list[Card], progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, old, new, *others = cards
    now = moment(START)
    progress.append(
        *(review_of(card, START) for card in (known, new)), log.relink(now, old.key, new)
    )
    drafts = [
        review_of(card, START + passed)._replace(session=None)
        for card in (known, *others, old, new, others[0])  # the last comes twice, out of order
        for passed in (-DAY_MS, DAY_MS, -2 * DAY_MS)
    ]
    drafts.append(log.flag(now, others[0], 3))
    schema = sorted(progress.query("SELECT type, name, sql FROM sqlite_schema WHERE sql <> ''"))
    fold_in_another_process(monkeypatch)
    monkeypatch.setattr(own_process, "Popen", process)
    brought = ForeignEvents("elsewhere", drafts, [card.key for card in cards])
    imported = log.imported(now, "a file", {}, device="elsewhere")
    progress.append_with(lambda _: None, imported, brought=brought)
    kept = contents(progress)
    assert [row[7] for row in kept["event"] if row[0] == "elsewhere"] == [
        draft.card for draft in drafts
    ]
    assert {row[0] for row in kept["card_state"]} >= {card.key for card in (known, new, *others)}
    after = sorted(progress.query("SELECT type, name, sql FROM sqlite_schema WHERE sql <> ''"))
    assert after == schema
    progress.rebuild()
    assert contents(progress) == kept


def review_of(card: Card, at: int) -> EventDraft:
    return draft_of(Step(0, "review", 0, 2, 0), moment(at), [card], lambda _: CardState())


def fold_in_another_process(patch: pytest.MonkeyPatch) -> None:
    """Have another process fold cards, however few, and few at once."""
    patch.setattr("os.cpu_count", lambda: 2)
    patch.setattr(replay, "_MANY_CARDS", 0)
    patch.setattr(replay, "_MOST_EVENTS", 2)


def test_the_newest_of_several_corrections_of_a_clock_decides_for_an_answer(
    cards: list[Card],
) -> None:
    numbers = (12, 0, 12)  # the second is about the first answer alone
    steps = [*[Step(0, "review", 0, 0, 0)] * 4, *(Step(0, "clock", 0, each, 0) for each in numbers)]
    with new_files(1) as (progress,):
        play([progress], steps, cards)
        kept = contents(progress)
        progress.rebuild()
        assert contents(progress) == kept


@pytest.mark.proof("random histories on three devices: merged in any order, the same state")
@given(steps=STEPS, chance=st.randoms(use_true_random=False), many=st.sampled_from((1, 9, 5_000)))
def test_logs_merged_in_any_order_and_repeatedly_give_the_same_views(
    cards: list[Card], steps: list[Step], chance: random.Random, many: int
) -> None:
    with new_files(5) as (*devices, one_by_one, twice), pytest.MonkeyPatch.context() as patch:
        patch.setattr(appending, "_MANY", many)
        patch.setattr(store, "_MERGED_AT_ONCE", max(many // 2, 1))
        play(devices, steps, cards)
        events = sorted({event for progress in devices for event in progress.events()})
        chance.shuffle(events)
        for event in events:
            assert one_by_one.merge([event]) == 1
        for progress in (*devices, twice):
            progress.merge(events)
            assert log_in(progress.connection) == log_in(one_by_one.connection)
        expected = contents(one_by_one)
        assert [event.id for event in one_by_one.events()] == [
            event.id for event in sorted(events, key=lambda event: event.order)
        ]
        chance.shuffle(events)
        assert twice.merge(events) == 0
        assert all(contents(progress) == expected for progress in (*devices, twice))
        one_by_one.rebuild()
        assert contents(one_by_one) == expected


@pytest.mark.proof("random histories with undo: what was taken back leaves no trace")
@given(
    steps=STEPS.map(
        lambda steps: [s for s in steps if s.act not in ("undo", "sync", "parameters", "clock")]
    ),
    taken_back=st.sets(st.integers(0, 30)),
    chance=st.randoms(use_true_random=False),
)
def test_undone_events_leave_no_trace_in_the_views(
    cards: list[Card], steps: list[Step], taken_back: set[int], chance: random.Random
) -> None:
    with new_files(2) as (progress, straight):
        at = START
        undone = []
        for index, step in enumerate(steps):
            at += step.passed
            now = moment(at)
            event = act(progress, index, step, now, cards)
            if index in taken_back and (event.card or event.kind == EventKind.IMPORT):
                undone.append(event)
            else:
                act(straight, index, step, now, cards)
        chance.shuffle(undone)
        for event in undone:
            undo = progress.undo(event, moment(at))
            if chance.random() < 0.5:
                progress.undo(progress.undo(undo, moment(at)), moment(at))
        for columns in (
            "* FROM card_state",
            "* FROM session",
            "card, session, at, tz, day, rating, was, milliseconds FROM review ORDER BY 1, 2, 3, 8",
            "card, session, at, tz, day, correct, milliseconds FROM answer ORDER BY 1, 2, 3, 7",
        ):
            query = f"SELECT {columns}"
            assert progress.query(query) == straight.query(query)


@given(steps=STEPS)
def test_the_answers_of_quizzes_leave_every_card_as_it_was(
    cards: list[Card], steps: list[Step]
) -> None:
    with new_files(2) as (with_quizzes, without):
        at = START
        for step in steps:
            at += step.passed
            if step.act in ("undo", "sync", "import", "clock"):
                continue
            draft = draft_of(step, moment(at), cards, with_quizzes.state)
            with_quizzes.append(draft)
            if step.act != "answer":
                without.append(draft)
        for query in ("SELECT * FROM card_state", "SELECT card, day, predicted FROM review"):
            assert with_quizzes.query(query) == without.query(query)


@given(steps=STEPS)
def test_each_event_counts_for_the_card_that_its_card_became(
    cards: list[Card], steps: list[Step]
) -> None:
    with new_files(3) as devices:
        play(devices, steps, cards)
        for progress in devices:
            undone = set(progress.query("SELECT * FROM undone"))
            for event in progress.events():
                if event.card and event.kind != EventKind.UNDO:
                    counting = {each.id for each in progress.events(progress.card_of(event))}
                    assert (event.id in counting) == (event.id not in undone)


@given(steps=STEPS)
def test_the_transitions_of_a_card_lead_to_its_state(cards: list[Card], steps: list[Step]) -> None:
    with new_files(3) as devices:
        play(devices, steps, cards)
        for progress in devices:
            for card in cards:
                state = CardState()
                for transition in progress.transitions([card.key]).get(card.key, ()):
                    assert transition.before == state
                    assert transition.details == transition.event.details
                    state = transition.after
                assert state == progress.state(card.key)


@given(steps=STEPS)
def test_the_face_of_every_card_in_the_log_is_known(cards: list[Card], steps: list[Step]) -> None:
    with new_files(3) as devices:
        play(devices, steps, cards)
        for progress in devices:
            named = "SELECT DISTINCT card FROM event WHERE card IS NOT NULL ORDER BY card"
            assert progress.query("SELECT key FROM face ORDER BY key") == progress.query(named)
            unknown = "SELECT key FROM card_state WHERE key NOT IN (SELECT key FROM face)"
            assert progress.query(unknown) == []


@given(steps=STEPS, number=st.integers(0, 50))
def test_undoing_a_clock_correction_leaves_everything_as_it_was(
    cards: list[Card], steps: list[Step], number: int
) -> None:
    with new_files(3) as devices:
        play(devices, [Step(0, "review", 0, 2, 0), *steps], cards)
        progress, now = devices[0], moment(START)
        before = contents(progress)
        (event,) = progress.append(correction_of(progress, number, now))
        stood = {event.id: event for event in progress.events()}
        counting = contents(progress)
        undo = progress.undo(event, now)
        after = contents(progress)
        for table in VIEWS:
            if table != "undone":
                assert after[table] == before[table]
        assert {*after["undone"]} - {*before["undone"]} <= {event.id}
        progress.undo(undo, now)
        again = contents(progress)
        assert all(again[table] == counting[table] for table in VIEWS if table != "undone")
        assert stood.items() <= {event.id: event for event in progress.events()}.items()


@given(steps=STEPS, number=st.integers(0, 50))
def test_a_clock_correction_keeps_intervals_in_days_and_learning_steps(
    cards: list[Card], steps: list[Step], number: int
) -> None:
    def waits(progress: Progress) -> dict[tuple[str, int], tuple[int, int]]:
        keys = [card.key for card in cards]
        return {
            event.id: (
                after.due_day and after.due_day - event.day,
                after.due_at and after.due_at - event.at,
            )
            for transitions in progress.transitions(keys).values()
            for event, _, _, after in transitions
            if event.kind == EventKind.REVIEW
        }

    with new_files(3) as devices:
        play(devices, [Step(0, "review", 0, 2, 0), *steps], cards)
        progress = devices[0]
        before = waits(progress)
        progress.append(correction_of(progress, number, moment(START)))
        assert waits(progress) == before


def test_a_clock_correction_moves_schedules_sessions_answers_and_buried_cards(
    progress: Progress, cards: list[Card]
) -> None:
    ahead, true = moment(START + 400 * DAY_MS), moment(START)
    card, other, missed = cards[:3]
    after = SCHEDULER.next_states(card.key, CardState(), ahead)[Rating.EASY]
    step = SCHEDULER.next_states(missed.key, CardState(), ahead)[Rating.AGAIN]
    events = progress.append(
        log.session_start(ahead, "s", SessionKind.STUDY, [card.deck]),
        log.review(ahead, card, Rating.EASY, CardState(), after, session="s"),
        log.review(ahead, missed, Rating.AGAIN, CardState(), step, session="s"),
        log.answer(ahead, other, session="s", correct=True),
        log.bury(ahead, other, ahead.day + 1),
        log.today(ahead, missed, "s"),
        log.session_end(ahead, "s"),
    )
    shift = Shift(ahead.at, ahead.at, true.at, true.at, 300, 4)
    progress.append(log.correct_clock(true, events[0].device, 1, len(events), shift))
    state = progress.state(card.key)
    assert state == after._replace(
        due_day=after.due_day - 400,
        first_day=true.day,
        last_day=true.day,
    )
    learning = progress.state(missed.key)
    assert (learning.due_at - true.at, learning.brought) == (step.due_at - ahead.at, true.day)
    assert progress.state(other.key).buried_until == true.day + 1
    for table in ("review", "answer"):
        assert {*progress.query(f"SELECT at, tz, day FROM {table}")} == {true}
    columns = "started, tz, day, ended, ended_tz"
    assert progress.query(f"SELECT {columns} FROM session") == [(*true, true.at, 300)]


def test_the_last_of_two_clock_corrections_of_an_event_holds(
    progress: Progress, cards: list[Card]
) -> None:
    now = moment(START)
    (event,) = progress.append(log.today(now, cards[0], "s"))
    corrections = [
        log.correct_clock(now, event.device, 1, 1, Shift(START, START, at, at, 300, 4))
        for at in (START - 9 * DAY_MS, START - 5 * DAY_MS)
    ]
    first, second = progress.append(*corrections)
    assert progress.state(cards[0].key).brought == now.day - 5
    undo = progress.undo(second, now)
    assert progress.state(cards[0].key).brought == now.day - 9
    progress.undo(undo, now)
    progress.undo(first, now)
    assert progress.state(cards[0].key).brought == now.day - 5


def test_a_relink_that_arrives_before_the_events_it_moves_still_moves_them(
    cards: list[Card],
) -> None:
    old, new = cards[:2]
    with new_files(2) as (first, second):
        now = moment(START)
        after = SCHEDULER.next_states(old.key, CardState(), now)[Rating.EASY]
        review = log.review(now, old, Rating.EASY, CardState(), after, session="s")
        events = first.append(review, log.relink(now, old.key, new))
        undo = first.undo(events[0], now)
        redo = first.undo(undo, now)
        for event in (redo, undo, events[1]):
            second.merge([event])
            assert second.state(new.key) == CardState()
        second.merge([events[0]])
        assert second.state(new.key) == first.state(new.key) == after
        assert second.query("SELECT * FROM undone") == [undo.id]


def test_an_event_of_an_unknown_kind_is_ignored(progress: Progress, cards: list[Card]) -> None:
    key = cards[0].key
    progress.append(log.flag(moment(START), cards[0], 2))
    (event,) = progress.append(EventDraft(EventKind.ACCEPT, moment(START), key))
    with new_files(1) as (other,):
        other.append(log.flag(moment(START), cards[0], 2))
        other.connection.execute(
            "INSERT INTO event SELECT device, 2, stamp + 1, at, tz, day, 'brighten', card, session,"
            " '{}', sum FROM event"
        )
        other.rebuild()
        assert other.state(key) == progress.state(key)
        assert [entry.kind for entry in other.events(key)] == ["flag", "brighten"]
    assert event.details == {}


def test_the_table_of_card_states_has_the_fields_of_a_card_state(progress: Progress) -> None:
    columns = [row[1] for row in progress.query("PRAGMA table_info(card_state)")]
    assert columns == ["key", *CardState._fields]
    columns = [row[1] for row in progress.query("PRAGMA table_info(event)")]
    assert columns == list(log.Event._fields)


def test_a_card_state_read_back_has_its_types(progress: Progress, cards: list[Card]) -> None:
    progress.append(log.suspend(moment(START), cards[0]))
    state = progress.state(cards[0].key)
    assert isinstance(state.state, State)
    assert state.suspended is True


def _tail_of_default_parameters() -> tuple[float, ...]:
    from fsrs.scheduler import DEFAULT_PARAMETERS

    return tuple(map(float, DEFAULT_PARAMETERS[1:]))
