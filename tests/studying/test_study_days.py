"""Scheduling to the day, through the whole path: what is due when the clock does odd things."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from sco_quiz.insight.activity import Activity
from sco_quiz.insight.figures import Figures
from sco_quiz.learning.card_queue import Counts, Pick
from sco_quiz.learning.cards import CardState, Rating, State
from sco_quiz.learning.study_day import Moment, study_day
from sco_quiz.paths import Paths
from sco_quiz.plain import studying
from sco_quiz.progress.log import EventKind
from sco_quiz.studying.sessions import begin_study
from sco_quiz.studying.undo import undo
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from sco_quiz.learning.session import StudySession

DECK = "deck: Numbers\nid: numbers\ncards:\n" + "".join(
    f"  - {{question: How much is {n} + {n}?, answer: {2 * n}}}\n" for n in range(40)
)
AGAIN, HARD, GOOD, EASY = Rating
Open = Callable[..., Workspace]


class WallClock:
    """What the clock on the wall shows; it can be taken to another zone and set wrong."""

    def __init__(self) -> None:
        self.zone = ZoneInfo("UTC")
        self.rollover = 4
        self.at = 0

    def show(self, local: str, zone: str | None = None) -> None:
        """Let it be that time, there."""
        self.zone = ZoneInfo(zone) if zone else self.zone
        self.at = round(datetime.fromisoformat(local).replace(tzinfo=self.zone).timestamp() * 1000)

    def pass_by(self, **delta: float) -> None:
        """Let time pass, as it really does."""
        self.at += timedelta(**delta) // timedelta(milliseconds=1)

    def __call__(self) -> Moment:
        offset = datetime.fromtimestamp(self.at / 1000, self.zone).utcoffset()
        assert offset is not None
        tz = offset // timedelta(minutes=1)
        return Moment(self.at, tz, study_day(self.at, tz, self.rollover))


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def devices(tmp_path: Path, clock: WallClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens the workspace of a device, by name: again after a restart, too."""
    empty = tmp_path / "none"
    empty.mkdir()
    monkeypatch.setattr("sco_quiz.workspace.opening.shipped_decks", lambda: empty)
    with ExitStack() as stack:

        def open_device(name: str = "home", settings: str = "") -> Workspace:
            root = tmp_path / name
            paths = Paths(root / "config", root / "data", root / "cache")
            paths.decks_folder.mkdir(parents=True, exist_ok=True)
            paths.config.mkdir(exist_ok=True)
            (paths.decks_folder / "numbers.yaml").write_text(DECK)
            if settings:
                paths.config_file.write_text(settings)
            workspace = stack.enter_context(Workspace(paths=paths, clock=clock))
            workspace.progress.query("PRAGMA synchronous = OFF")  # these tests end no power
            workspace.refresh()
            return workspace

        yield open_device


def counts(workspace: Workspace) -> Counts:
    (deck,) = workspace.agenda.decks()
    return deck.counts


def answer(session: StudySession, rating: Rating) -> str:
    assert session.question is not None
    key = session.question.card.key
    session.answer()
    session.rate(rating)
    return key


def study(workspace: Workspace, rating: Rating = EASY, most: int | None = None) -> list[str]:
    """Answer what is there, each card the same way and then Good; the keys, each once."""
    session = begin_study(workspace, most=most)
    keys: dict[str, None] = {}
    while session.question is not None:
        known = session.question.card.key in keys
        keys[answer(session, GOOD if known else rating)] = None
    session.end()
    return list(keys)


def due_tomorrow(workspace: Workspace, clock: WallClock) -> str:
    """Answer a new card so that it comes back on the next study day."""
    session = begin_study(workspace, most=1)
    key = answer(session, AGAIN)
    while workspace.progress.state(key).state is not State.REVIEW:
        clock.pass_by(minutes=10)
        answer(session, GOOD)
    assert workspace.progress.state(key).due_day == clock().day + 1
    return key


# The rollover


def test_the_day_and_its_limits_end_at_four_in_the_morning(devices: Open, clock: WallClock) -> None:
    clock.show("2026-03-01 23:00")
    workspace = devices()
    assert len(study(workspace)) == 10
    for local, new in (
        ("2026-03-02 00:30", 0),
        ("2026-03-02 03:59:59.999", 0),
        ("2026-03-02 04:00", 10),
    ):
        clock.show(local)
        assert counts(workspace).new == new


def test_a_card_promised_for_tomorrow_comes_at_the_rollover(
    devices: Open, clock: WallClock
) -> None:
    clock.show("2026-03-02 02:00")  # still the first of March
    workspace = devices(settings="new_per_day = 1\n")
    due_tomorrow(workspace, clock)
    clock.show("2026-03-02 03:59:59.999")
    assert counts(workspace).review == 0
    clock.show("2026-03-02 04:00")
    assert counts(workspace).review == 1


def test_a_changed_rollover_rewrites_no_day(devices: Open, clock: WallClock) -> None:
    clock.show("2026-03-02 02:00")
    workspace = devices()
    study(workspace)
    before = [tuple(event) for event in workspace.progress.events()]
    clock.rollover = 0
    again = devices(settings="rollover = 0\n")
    assert counts(again).new == 10  # by midnight it is the second of March
    again.progress.rebuild()
    assert [tuple(event) for event in again.progress.events()] == before
    assert {event.day for event in again.progress.events()} == {clock().day - 1}


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process cannot be set here")
@pytest.mark.parametrize(
    ("utc", "tz", "date"),
    [
        ("2026-03-29T00:59:59", 60, "2026-03-28"),  # 01:59, the clock jumps a second later
        ("2026-03-29T01:59:59", 120, "2026-03-28"),  # 03:59
        ("2026-03-29T02:00:00", 120, "2026-03-29"),  # 04:00
        ("2026-10-25T00:59:59", 120, "2026-10-24"),  # 02:59, and again 02:00 a second later
        ("2026-10-25T02:59:59", 60, "2026-10-24"),  # 03:59
        ("2026-10-25T03:00:00", 60, "2026-10-25"),  # 04:00
    ],
)
def test_the_systems_clock_knows_the_nights_of_daylight_saving(
    devices: Open, utc: str, tz: int, date: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = devices().paths
    at = round(datetime.fromisoformat(utc + "+00:00").timestamp() * 1000)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        monkeypatch.setattr(time, "time_ns", lambda: at * 1_000_000)
        with Workspace(paths=paths) as workspace:
            assert workspace.now() == (at, tz, datetime.fromisoformat(date).toordinal())
    finally:
        monkeypatch.undo()
        time.tzset()


# Nights of daylight saving


@pytest.mark.parametrize(
    ("evening", "hours"),
    [("2026-03-28 20:00", 23), ("2026-10-24 20:00", 25), ("2026-06-20 20:00", 24)],
)
def test_a_night_of_daylight_saving_is_one_day(
    devices: Open, clock: WallClock, evening: str, hours: int
) -> None:
    clock.show(evening, "Europe/Berlin")
    workspace = devices(settings="new_per_day = 1\n")
    key = due_tomorrow(workspace, clock)
    clock.show(evening)
    start = clock()
    clock.pass_by(hours=hours - 16, milliseconds=-1)  # 03:59:59.999 by the wall
    assert counts(workspace).review == 0
    clock.pass_by(milliseconds=1)
    assert counts(workspace).review == 1
    clock.pass_by(hours=16)
    assert clock().day == start.day + 1
    before = workspace.progress.state(key)
    session = begin_study(workspace)
    while session.question is not None and session.question.card.key != key:
        answer(session, EASY)
    answer(session, GOOD)
    after = workspace.progress.state(key)
    assert after.last_day - before.last_day == 1
    assert after.stability > before.stability + 0.1  # as after a day, not as on the same one


# Travel


def test_a_flight_that_repeats_a_date_asks_no_card_twice(devices: Open, clock: WallClock) -> None:
    clock.show("2026-03-02 20:00", "Asia/Tokyo")
    workspace = devices()
    first = study(workspace)
    day = clock().day
    clock.show("2026-03-02 13:00", "America/Los_Angeles")  # ten hours later, the same date
    assert clock().day == day
    assert counts(workspace) == Counts()
    clock.show("2026-03-03 09:00")
    assert not set(study(workspace)) & set(first)
    reviews = [event for event in workspace.progress.events() if event.kind == EventKind.REVIEW]
    assert [(event.tz, event.day - day) for event in reviews] == [(540, 0)] * 10 + [(-480, 1)] * 10


def test_a_flight_across_the_date_line_backwards_makes_nothing_due_before_its_day(
    devices: Open, clock: WallClock
) -> None:
    clock.show("2026-03-02 09:00", "Pacific/Kiritimati")
    workspace = devices(settings="new_per_day = 1\n")
    key = due_tomorrow(workspace, clock)
    promised = workspace.progress.state(key).due_day
    clock.show("2026-03-01 12:00", "Pacific/Pago_Pago")  # a day earlier on the wall
    assert clock().day == promised - 2
    assert counts(workspace).review == 0
    session = begin_study(workspace, pick=Pick.AHEAD)
    assert session.question is None
    for local, review in (("2026-03-02 12:00", 0), ("2026-03-03 12:00", 1)):
        clock.show(local)
        assert counts(workspace).review == review


def test_a_flight_that_skips_a_date_makes_the_cards_of_that_date_due(
    devices: Open, clock: WallClock
) -> None:
    clock.show("2026-03-01 20:00", "Pacific/Pago_Pago")
    workspace = devices(settings="new_per_day = 1\n")
    key = due_tomorrow(workspace, clock)
    clock.show("2026-03-03 12:00", "Pacific/Kiritimati")
    assert counts(workspace).review == 1
    assert key in study(workspace)
    assert workspace.progress.state(key).lapses == 0


# A clock that is wrong


def test_a_clock_set_back_never_makes_days_negative_or_cards_due_before_today(
    devices: Open, clock: WallClock
) -> None:
    clock.show("2026-06-01 12:00")
    workspace = devices()
    keys = study(workspace)
    promised = {key: workspace.progress.state(key) for key in keys}
    clock.show("2026-03-01 12:00")
    today = clock().day
    assert counts(workspace) == Counts(new=10)
    others = study(workspace)
    assert not set(others) & set(keys)
    for key in others:
        state = workspace.progress.state(key)
        assert state.due_day > today
        assert state.stability == promised[keys[0]].stability
    assert {key: workspace.progress.state(key) for key in keys} == promised
    session = begin_study(workspace, pick=Pick.AHEAD)  # reviewed again before they were answered
    while session.question is not None:
        answer(session, GOOD)
    for key in keys:
        state = workspace.progress.state(key)
        assert state.stability >= 0.001
        assert state.due_day >= promised[key].due_day or state.due_day > today
    workspace.progress.rebuild()
    assert all(workspace.progress.state(key).last_day <= today for key in others)


def test_a_step_that_was_begun_before_the_clock_was_set_back_can_be_finished(
    devices: Open, clock: WallClock
) -> None:
    clock.show("2026-03-01 12:00")
    workspace = devices()
    session = begin_study(workspace, most=1)
    key = answer(session, GOOD)
    clock.show("2026-03-01 11:55")
    assert counts(workspace).learning == 1
    (asked,) = set(study(devices(), GOOD, most=1))
    assert asked == key
    assert workspace.progress.state(key).state is State.REVIEW


def test_a_step_begun_under_a_clock_years_ahead_does_not_take_years(
    devices: Open, clock: WallClock
) -> None:
    clock.show("2036-03-01 12:00")
    workspace = devices(settings="new_per_day = 1\n")
    key = answer(begin_study(workspace), AGAIN)
    clock.show("2026-03-01 12:00")
    assert counts(workspace).learning == 1
    assert study(workspace, GOOD, most=1) == [key]
    state = workspace.progress.state(key)
    assert state.state is State.REVIEW
    assert 0 < state.due_day - clock().day < 9


def test_after_years_with_a_wrong_clock_everything_is_due_and_nothing_breaks(
    devices: Open, clock: WallClock
) -> None:
    clock.show("2026-03-01 12:00")
    workspace = devices(settings="new_per_day = 20\nnew_in_all = 0\n")
    keys = study(workspace)
    clock.show("9998-12-31 12:00")
    assert counts(workspace) == Counts(new=20, review=20)
    assert set(keys) < set(study(workspace, GOOD))
    assert workspace.agenda.next_in_words()
    assert counts(workspace).review == 0


# The calendar


def test_a_leap_day_is_a_day(devices: Open, clock: WallClock) -> None:
    clock.show("2028-02-28 12:00")
    workspace = devices(settings="new_per_day = 1\n")
    due_tomorrow(workspace, clock)
    clock.show("2028-02-29 03:00")
    assert counts(workspace).review == 0
    clock.show("2028-02-29 12:00")
    assert counts(workspace).review == 1
    key = due_tomorrow(workspace, clock)
    assert workspace.progress.state(key).due_day == datetime(2028, 3, 1).toordinal()  # noqa: DTZ001


def test_a_leap_day_is_written_out(devices: Open, clock: WallClock) -> None:
    clock.show("2028-02-27 12:00")
    workspace = devices(settings="new_per_day = 0\n")
    assert workspace.agenda.next_in_words() == "No card is scheduled."
    session = begin_study(workspace, most_new=1)
    key = answer(session, GOOD)
    clock.pass_by(minutes=10)
    answer(session, GOOD)
    days = workspace.progress.state(key).due_day - clock().day
    clock.show(f"{datetime(2028, 2, 29) - timedelta(days=days):%Y-%m-%d} 12:00")  # noqa: DTZ001
    session.undo()
    clock.pass_by(minutes=10)
    answer(session, GOOD)
    assert workspace.agenda.next_in_words().endswith(", 29 February.")


# Learning steps


def test_a_learning_step_across_midnight_belongs_to_the_same_day(
    devices: Open, clock: WallClock
) -> None:
    clock.show("2026-03-01 23:55")
    workspace = devices(settings="new_per_day = 1\n")
    key = answer(begin_study(workspace), GOOD)
    assert counts(workspace) == Counts(learning=1)
    clock.show("2026-03-02 00:06")
    again = devices()
    assert counts(again) == Counts(learning=1)
    assert study(again, GOOD) == [key]
    state = again.progress.state(key)
    assert (state.state, state.first_day) == (State.REVIEW, state.last_day)


def test_a_learning_step_across_the_rollover_is_asked_after_it_beyond_the_limits(
    devices: Open, clock: WallClock
) -> None:
    clock.show("2026-03-02 03:45")
    workspace = devices(settings="new_per_day = 2\nlearning_steps = [1, 30]\n")
    key = answer(begin_study(workspace, most=1), GOOD)
    clock.show("2026-03-02 03:59")
    assert counts(workspace) == Counts(new=1)  # the step ends tomorrow
    clock.show("2026-03-02 04:01")
    again = devices()
    assert counts(again) == Counts(new=2, learning=1)
    clock.show("2026-03-02 08:00")
    session = begin_study(again)
    assert answer(session, GOOD) == key
    state = again.progress.state(key)
    assert state.state is State.REVIEW
    assert state.last_day == state.first_day + 1
    assert counts(again) == Counts(new=2)


def test_a_learning_step_left_for_a_week_is_asked_first_and_counts_the_days(
    devices: Open, clock: WallClock
) -> None:
    clock.show("2026-03-01 12:00")
    workspace = devices(settings="new_per_day = 1\n")
    key = answer(begin_study(workspace), AGAIN)
    same_day = begin_study(workspace)
    clock.show("2026-03-08 12:00")
    session = begin_study(devices())
    assert session.question is not None
    assert session.question.card.key == key
    answer(session, GOOD)
    after_a_week = workspace.progress.state(key).stability
    assert session.undo()
    clock.show("2026-03-01 12:01")
    answer(same_day, GOOD)
    assert workspace.progress.state(key).stability < after_a_week


def test_undo_after_midnight_and_a_restart_restores_the_card(
    devices: Open, clock: WallClock
) -> None:
    clock.show("2026-03-01 23:59")
    key = answer(begin_study(devices(), most=1), EASY)
    clock.show("2026-03-02 09:00")
    again = devices()
    session = begin_study(again)
    assert session.undo()
    assert session.question is not None
    assert session.question.card.key == key
    assert again.progress.state(key) == CardState()


# Two devices


def merge(one: Workspace, other: Workspace) -> None:
    for here, there in ((one, other), (other, one)):
        here.progress.merge(list(there.progress.events()))


def test_new_cards_of_all_devices_count_towards_the_limit(devices: Open, clock: WallClock) -> None:
    clock.show("2026-03-01 12:00")
    desk, phone = devices("desk", "new_per_day = 5\n"), devices("phone", "new_per_day = 5\n")
    shared = study(desk, most=2)
    assert study(phone, most=3)[:2] == shared
    merge(desk, phone)
    assert counts(desk) == counts(phone) == Counts(new=2)
    study(desk)
    merge(desk, phone)
    assert counts(desk) == counts(phone) == Counts()


def test_reviews_of_all_devices_count_towards_the_limit_each_card_once(
    devices: Open, clock: WallClock
) -> None:
    settings = "new_per_day = 20\nnew_in_all = 0\nreviews_per_day = 5\n"
    clock.show("2026-03-01 12:00")
    desk, phone = devices("desk", settings), devices("phone", settings)
    study(desk)
    merge(desk, phone)
    clock.show("2026-06-01 12:00")
    for device in (desk, phone):
        assert counts(device) == Counts(new=20, review=5)
    on_desk = [answer(begin_study(desk, most_new=0), GOOD) for _ in range(2)]
    on_phone = [answer(begin_study(phone, most_new=0), GOOD) for _ in range(3)]
    assert on_phone[:2] == on_desk
    merge(desk, phone)
    for device in (desk, phone):
        assert counts(device).review == 2
        assert not set(on_phone) & {card.key for card in device.agenda.today().reviews}


def test_devices_in_two_zones_agree_on_every_card(devices: Open, clock: WallClock) -> None:
    clock.show("2026-03-01 12:00", "Asia/Karachi")
    desk, phone = devices("desk"), devices("phone")
    study(desk, GOOD, most=4)
    clock.show("2026-02-28 23:30", "America/Los_Angeles")  # half an hour later, the day before
    study(phone, AGAIN, most=1)
    merge(desk, phone)
    clock.pass_by(minutes=30)
    study(phone, GOOD)
    clock.show("2026-03-03 12:00", "Asia/Karachi")
    study(desk, HARD)
    merge(desk, phone)
    keys = [card.key for card in desk.agenda.today().new] + study(desk, EASY)
    merge(desk, phone)
    assert desk.progress.states(keys) == phone.progress.states(keys)
    assert counts(desk) == counts(phone)


# Leeches


def test_line_mode_reports_a_leech(devices: Open, clock: WallClock) -> None:
    clock.show("2026-03-01 12:00")
    workspace = devices(settings="new_per_day = 1\nleech_lapses = 2\n")
    told = []
    for _ in range(30):
        output = StringIO()
        studying.study(
            begin_study(workspace, most=1), workspace, source=StringIO("\n1\n:q\n"), target=output
        )
        told += [line for line in output.getvalue().splitlines() if "was forgotten" in line]
        if told:
            break
        studying.study(
            begin_study(workspace, most=1), workspace, source=StringIO("\n4\n"), target=StringIO()
        )
        clock.pass_by(days=30)
    (line,) = told
    assert line.startswith("“How much is 0 + 0?” was forgotten twice: reword it, or")
    assert ":s" in line


# Days in a row


def in_a_row(workspace: Workspace) -> int:
    return Activity(workspace).daily().streak.current


def test_a_streak_goes_by_the_study_day_not_by_midnight(devices: Open, clock: WallClock) -> None:
    clock.show("2026-03-01 23:00")
    workspace = devices()
    answer(begin_study(workspace), EASY)
    clock.show("2026-03-03 03:30")  # still the second of March
    answer(begin_study(workspace), EASY)
    assert in_a_row(workspace) == 2
    clock.show("2026-03-03 04:30")
    assert in_a_row(workspace) == 2
    answer(begin_study(workspace), EASY)
    assert in_a_row(workspace) == 3
    clock.rollover = 0  # changed later, it moves nothing that was
    assert in_a_row(workspace) == 3


def test_a_streak_survives_a_flight_over_the_date_line(devices: Open, clock: WallClock) -> None:
    clock.show("2026-03-01 20:00", "America/Los_Angeles")
    workspace = devices()
    answer(begin_study(workspace), EASY)
    clock.show("2026-03-03 08:00", "Asia/Tokyo")  # 19 hours later; there was no second of March
    assert in_a_row(workspace) == 1
    answer(begin_study(workspace), EASY)
    assert in_a_row(workspace) == Figures(workspace).totals.streak.current == 2
    clock.show("2026-03-05 08:00")
    assert in_a_row(workspace) == 0


def test_a_streak_does_not_count_a_repeated_date_twice(devices: Open, clock: WallClock) -> None:
    clock.show("2026-03-02 20:00", "Asia/Tokyo")
    workspace = devices()
    answer(begin_study(workspace), EASY)
    clock.show("2026-03-02 15:00", "America/Los_Angeles")
    answer(begin_study(workspace), EASY)
    assert in_a_row(workspace) == 1
    clock.show("2026-03-03 15:00")
    answer(begin_study(workspace), EASY)
    assert in_a_row(workspace) == 2


def test_a_day_whose_only_answer_was_undone_does_not_count_for_the_streak(
    devices: Open, clock: WallClock
) -> None:
    workspace = devices()
    for day in (1, 2, 3):
        clock.show(f"2026-03-0{day} 12:00")
        answer(begin_study(workspace), EASY)
    assert in_a_row(workspace) == 3
    undo(workspace)
    assert (in_a_row(workspace), Activity(workspace).daily().answers) == (2, 0)
    clock.show("2026-03-04 12:00")
    assert in_a_row(workspace) == 0
    undo(workspace)  # of the second
    assert Activity(workspace).daily().streak.longest == 1


def test_rest_days_count_only_if_the_learner_allows_them(devices: Open, clock: WallClock) -> None:
    workspace = devices(settings="rest_days = 1\ngoal_answers = 2\n")
    for day in (2, 4, 5):
        clock.show(f"2026-03-0{day} 12:00")
        answer(begin_study(workspace), EASY)
    assert in_a_row(workspace) == 3
    assert Activity(workspace).daily().goal_in_words() == "Goal: 1 of 2 answers"
