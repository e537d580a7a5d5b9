"""The cursor on the charts of the history: where it goes, what is told, what opens."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from rich.color import ColorSystem

from benchmarks.simulate import simulate
from sco_quiz.cli.history import answer_as_dict
from sco_quiz.cli.stats import as_dict
from sco_quiz.insight.figures import Figures
from sco_quiz.insight.history import SessionHistory
from sco_quiz.insight.workload import workloads
from sco_quiz.learning.study_day import DAY_MS, EPOCH_DAY, HOUR_MS, Moment
from sco_quiz.numbers_and_times import many, on_chart, percent, span, spent
from sco_quiz.progress import log
from sco_quiz.reports.lines import Point
from sco_quiz.reports.scores import ROWS
from sco_quiz.tui.theme import OURS
from sco_quiz.tui.widgets.report_view import ReportView
from sco_quiz.tui.widgets.row_list import RowList
from sco_quiz.tui.widgets.score_list import ScoreList
from sco_quiz.workspace.cards import cards_of_deck
from tests.tui.conftest import EVERY_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sco_quiz.learning.cards import Card
    from tests.tui.conftest import AssertFrames, Open, Opened, Size

DAYS = 364
DECKS = ("sco-timeline", "sco-essentials", "sco-security")


def learn(app: Opened, days: int = DAYS) -> None:
    """Have a learner study for some days, and take quizzes: of all, and of single decks."""
    workspace = app.workspace
    today = workspace.now().day
    cards = {deck: cards_of_deck(workspace.progress.connection, deck) for deck in DECKS}
    simulate(workspace.progress, [*chain(*cards.values())], today, days=days, new=1)
    dice = random.Random(1)
    for number, day in enumerate(range(today - days + 10, today, 9)):
        deck = DECKS[number % 3]
        asked = dice.sample(cards[deck], dice.choice((3, 8, 12)))
        share = 0.4 + 0.5 * number / (days / 9)
        workspace.progress.append(
            *quiz(day, f"of-{day}", asked, [dice.random() < share for _ in asked])
        )


def quiz(
    day: int, name: str, cards: Sequence[Card], right: Sequence[bool]
) -> Iterator[log.EventDraft]:
    """A quiz of a deck, in the evening."""
    deck = cards[0].deck
    at = (day - EPOCH_DAY) * DAY_MS + 15 * HOUR_MS
    kind, asked = log.SessionKind.QUIZ, {"number": len(cards)}
    yield log.session_start(Moment(at, 300, day), name, kind, [deck], {deck: deck}, asked)
    for card, is_right in zip(cards, right, strict=True):
        at += 7_000
        yield log.answer(
            Moment(at, 300, day), card, session=name, correct=is_right, answer="",
            milliseconds=6_500, verdict="correct" if is_right else "wrong", late=False,
        )  # fmt: skip
    yield log.session_end(Moment(at, 300, day), name, finished=True)


def told(app: Opened) -> str:
    """The line that tells the point under the cursor."""
    name = "#told" if at_scores(app) else "#point"
    widget = app.app.screen.query_one(name)
    region = widget.region
    return app.frame.splitlines()[region.y][region.x :].strip()


def at_scores(app: Opened) -> bool:
    return bool(app.app.screen.query_one("#scores").display)


def charts(app: Opened) -> ReportView:
    return app.app.screen.query_one("#charts" if at_scores(app) else "#lines", ReportView)


async def go_to(app: Opened, chart: str) -> None:
    """Bring the cursor to a chart: down one column of figures, and up the other."""
    for by in ("down", "up"):
        for _ in range(60):
            spot = charts(app).in_view
            if spot is not None and isinstance(spot.pick, Point) and spot.pick.chart == chart:
                return
            await app.press(by)
        await app.press("right")
    pytest.fail(f"the cursor does not come to {chart}")


def point(app: Opened) -> Point:
    spot = charts(app).in_view
    assert spot is not None
    assert isinstance(spot.pick, Point)
    return spot.pick


async def test_the_history_of_a_year_looks_as_kept(
    opened: Open, assert_frames: AssertFrames
) -> None:
    frames = {}
    async with opened() as app:
        learn(app)
        await app.press("h")
        frames["scores"] = await app.shots()
        await app.press("right", "left", "left")
        frames["a point of a deck's scores"] = await app.shots()
        await app.press("enter")
        frames["one deck"] = await app.shots()
        await app.press("escape", "tab")
        frames["reviews"] = await app.shots()
        await go_to(app, "True retention")
        await app.press("left", "left", "left")
        frames["a week of retention"] = await app.shots()
        await app.press("tab")
        frames["cards"] = await app.shots()
        await go_to(app, "Calibration")
        frames["a bar of calibration"] = await app.shots()
    assert_frames("history-year", frames)


def told_by_the_json(app: Opened) -> dict[str, set[str]]:
    """What the points of each chart are to tell, from what `stats --json` prints."""
    found = as_dict(Figures(app.workspace))
    today = date.fromisoformat(found["day"])
    days = {date.fromisoformat(each["day"]): each for each in found["days"]}

    def name(day: date, *, weekday: bool = True) -> str:
        return on_chart(day, today, weekday=weekday)

    def of_day(day: date, off: float) -> str:
        if day not in days:
            return f"{name(day)}: no answers"
        answers, right, new, minutes = (
            days[day][key] for key in ("answers", "correct", "new", "minutes")
        )
        time = spent(round((minutes + off) * 60_000))
        return f"{name(day)}: {many(answers, 'answer')}, {right} right, {new} new, {time}"

    def share(part: dict[str, Any]) -> str:
        return f"{percent(part['share'])} of {part['recalls']:,}"

    def of_week(week: dict[str, Any]) -> str:
        parts = ", ".join(
            f"{age} {share(week[age])}" for age in ("young", "mature") if week[age]["recalls"]
        )
        start = name(date.fromisoformat(week["start"]), weekday=False)
        return f"week of {start}: {share(week['all'])} ({parts})"

    def of_hour(hour: dict[str, Any]) -> str:
        when = f"from {hour['hour']} to {hour['hour'] + 1} o'clock"
        if not (answers := hour["answers"]):
            return f"{when}: no answers"
        right = f"{hour['correct']:,} right, {percent(hour['correct'] / answers)}"
        return f"{when}: {many(answers, 'answer')}, {right}"

    def of_bins(key: str, unit: Callable[[float], str]) -> set[str]:
        cards = found[key]["cards"]
        return {
            f"{unit(each['low'])} – {unit(each['high'])}: {each['cards']:,} of"
            f" {many(cards, 'card')}, {percent(each['cards'] / cards)}"
            for each in found[key]["bins"]
        }

    of_days = {
        of_day(today - timedelta(number), off)
        for number in range(DAYS + 14)
        for off in (-0.005, 0.005)  # the JSON rounds minutes to two digits
    }
    return {
        "Calendar": of_days,
        "Answers a day": of_days,
        "Minutes a day": of_days,
        "Due in the next 30 days": {
            f"{name(date.fromisoformat(each['day']))}: {many(each['cards'], 'card')} due"
            for each in found["forecast"]
        },
        "True retention": {of_week(week) for week in found["retention"]["weeks"]},
        "Answers by hour": {of_hour(hour) for hour in found["hours"]},
        "Intervals": of_bins("intervals", span),
        "Stability": of_bins("stability", span),
        "Difficulty": of_bins("difficulty", lambda value: f"{value:.3g}"),
        "Retrievability": of_bins("retrievability", percent),
        "Calibration": {
            f"{percent(each['low'])} – {percent(each['high'])}: {percent(each['recalled'])} of"
            f" {many(each['recalls'], 'review')} recalled, {percent(each['predicted'])} predicted"
            for each in found["calibration"]["bins"]
        },
        "Workload and retention": {
            f"{100 * each.retention:.4g} %: {each.answers:,.1f} answers and {each.minutes:.1f} min"
            f" a day; {each.remembered:,.0f} of {many(each.seen, 'card')} remembered"
            for each in workloads(app.workspace, [])
        },
    }


async def test_each_point_of_every_chart_shows_the_figures_of_the_json(opened: Open) -> None:
    async with opened((118, 46)) as app:
        learn(app)
        wanted = told_by_the_json(app)
        await app.press("h")
        charts_seen = set()
        for _ in range(2):
            await app.press("tab")
            points = defaultdict(set)
            for spot in charts(app)._spots:
                if isinstance(spot.pick, Point):
                    points[spot.pick.chart].add(spot.pick.told)
            for chart, told_there in points.items():
                assert told_there <= wanted[chart]
                await go_to(app, chart)
                for _ in range(3):
                    assert told(app) == f"{chart} · {point(app).told}"
                    await app.press("left")
            charts_seen |= set(points)
        assert charts_seen == set(wanted)


async def test_each_score_of_a_deck_shows_the_figures_of_the_json(opened: Open) -> None:
    async with opened((160, 45)) as app:
        learn(app, 90)
        history = SessionHistory(app.workspace)
        await app.press("h")
        await app.press("right", "enter")
        deck = point(app).deck
        scores = history.scores("quiz")[deck]
        shown = len({span.pick for span in charts(app)._spots})
        assert shown == min(len(scores), 160 - 5 - 7 - 32)
        for score in scores[: -shown - 1 : -1]:
            answers = [answer_as_dict(each) for each in history.answers(score.session)]
            of_deck = [answer for answer in answers if answer["deck"] == deck]
            right = sum(bool(answer["correct"]) for answer in of_deck)
            assert f": {right} of {len(of_deck)} right, " in told(app)
            await app.press("left")


async def test_the_cursor_goes_from_the_sessions_to_the_charts_and_back(opened: Open) -> None:
    async with opened() as app:
        learn(app, 90)
        await app.press("h")
        sessions = app.app.screen.query_one(RowList)
        assert sessions.has_focus
        assert "enter Open" in app.frame
        await app.press("up")
        assert charts(app).has_focus
        first = point(app)
        assert "enter One deck" in app.frame
        await app.press("down")
        second = point(app)
        assert second.deck != first.deck
        await app.press("down")
        assert point(app).deck not in (first.deck, second.deck)
        assert "3 decks, 2 in view" in app.frame
        await app.press("down")
        assert sessions.has_focus
        await app.press("right")
        assert point(app).deck not in (first.deck, second.deck)
        await app.press("up", "up", "up")
        assert point(app) == first


async def test_a_deck_opens_large_its_scores_open_their_sessions_and_escape_goes_back(
    opened: Open,
) -> None:
    async with opened() as app:
        learn(app, 90)
        await app.press("h")
        await app.press("right", "down", "left")
        one = point(app)
        await app.press("enter")
        assert point(app) == one
        assert charts(app).has_focus
        assert "enter Answers" in app.frame
        assert "esc All decks" in app.frame
        await app.press("enter")
        assert app.frame.startswith("  Quiz · ")
        await app.press("escape")
        assert point(app) == one
        await app.press("escape")
        assert "Quiz scores by deck" in app.frame
        assert point(app) == one
        await app.press("escape")
        assert "h History" in app.frame


async def test_what_was_clicked_keeps_the_keys_though_counting_ends_meanwhile(opened: Open) -> None:
    async with opened() as app:
        learn(app, 90)
        await app.press("h")
        scores = app.app.screen.query_one(ScoreList)
        for name in ("#charts", "#sessions"):
            app.app.screen.set_focus(app.app.screen.query_one(name))  # as a click does
            scores.take_keys()
            await app.settle()
            assert app.app.screen.query_one(name).has_focus


async def test_a_mouse_points_at_a_bar_and_opens_its_deck(opened: Open) -> None:
    async with opened() as app:
        learn(app, 90)
        await app.press("h")
        view = charts(app)
        spot = view._spots[2]
        await app.pilot.click("#charts", offset=(spot.left, spot.bottom - 1))
        await app.settle()
        assert view.picked is not None
        assert view.picked.pick == spot.pick
        assert told(app).startswith(point(app).told[:40])
        await app.pilot.click("#charts", offset=(spot.left, spot.bottom - 1))
        await app.settle()
        assert "esc All decks" in app.frame


@EVERY_SIZE
async def test_the_columns_of_sessions_stand_below_their_headings(opened: Open, size: Size) -> None:
    async with opened(size) as app:
        learn(app, 60)
        await app.press("h")
        for _ in range(4):
            lines = app.frame.splitlines()
            assert lines[0].startswith("  Scores   Reviews   Cards  ")
            (number,) = (n for n, line in enumerate(lines) if line.split()[:1] == ["started"])
            heads = lines[number]
            rows = [line for line in lines[number:] if " %" in line]
            assert len(rows) > 1
            for row in rows:
                kind = heads.index("kind")
                assert row[kind : kind + 5] in ("quiz ", "study")
                assert row[heads.index("decks") - 1 :][:1] == " "
                assert row[heads.index("right") + len("right") - 1].isdigit()
                assert row[heads.index("score") + len("score") - 1] == "%"
                if "time" in heads:
                    assert row[heads.index("time") + len("time") - 1] in "sn"
            await app.press("s")


@pytest.mark.parametrize("theme", OURS)
@pytest.mark.parametrize("system", [ColorSystem.EIGHT_BIT, ColorSystem.STANDARD])
async def test_bars_of_the_charts_differ_in_256_and_in_16_colours(
    opened: Open, theme: str, system: ColorSystem
) -> None:
    async with opened() as app:
        app.app.preferences.show_theme(theme)
        learn(app, 300)
        await app.press("h")
        await app.press("right", "left", "left")
        view = charts(app)
        deck = point(app).deck
        scores = SessionHistory(app.workspace).scores("quiz")[deck]
        best = max((score for score in scores if score.is_weighty), key=lambda score: score.share)
        row = app.app.screen._compositor.render_strips()[view.region.y + ROWS]
        colours: dict[str, set[object]] = defaultdict(set)
        spots = [
            spot for spot in view._spots if isinstance(spot.pick, Point) and spot.pick.deck == deck
        ]
        for score, spot in zip(scores, spots, strict=True):
            x = view.region.x + spot.left
            (segment,) = row.crop(x, x + 1)
            assert segment.style is not None
            assert segment.style.color is not None
            assert segment.style.bgcolor is not None
            ink, ground = (
                colour.downgrade(system).number
                for colour in (segment.style.color, segment.style.bgcolor)
            )
            assert ink != ground
            role = (
                "cursor"
                if spot == view.picked
                else "best"
                if score == best
                else "usual"
                if score.is_weighty
                else "faint"
            )
            colours[role].add(ink)
        assert not colours["usual"] & colours["faint"]
        assert not colours["cursor"] & (colours["usual"] | colours["faint"])
        assert not colours["best"] & colours["faint"]


async def test_the_point_under_the_cursor_is_seen_without_colour(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened() as app:
        learn(app, 120)
        await app.press("h")
        await app.press("right")
        view = charts(app)
        spot = view.picked
        assert spot is not None
        row = app.app.screen._compositor.render_strips()[view.region.y + ROWS]
        chart = row.crop(0, view.region.right - 1)
        turned = [segment.text for segment in chart if segment.style and segment.style.reverse]
        assert [len(text) for text in turned] == [spot.right - spot.left]
