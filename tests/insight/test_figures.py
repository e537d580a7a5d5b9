"""A year of study: every figure is what plain Python makes of the raw log."""

from __future__ import annotations

import json
import math
import re
import sqlite3
import statistics
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS as W

from benchmarks.simulate import simulate
from sco_quiz.cli.stats import as_dict
from sco_quiz.insight.figures import Figures
from sco_quiz.insight.history import SessionHistory
from sco_quiz.learning.cards import Card
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.study_day import (
    DAY_MS,
    EPOCH_DAY,
    HOUR_MS,
    MINUTE_MS,
    Moment,
    local_time,
)
from sco_quiz.library.decks import read_deck
from sco_quiz.paths import Paths
from sco_quiz.reports.cards import cards
from sco_quiz.reports.lines import Point
from sco_quiz.reports.reviews import reviews
from sco_quiz.reports.scores import of_deck, of_decks
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sco_quiz.insight.history import Session
    from sco_quiz.reports.lines import Line

SHIPPED = Path(__file__).parents[2] / "decks"
LAST_DAY = date(2026, 3, 29).toordinal()
NOW = Moment((LAST_DAY - EPOCH_DAY) * DAY_MS + 20 * HOUR_MS, 120, LAST_DAY)
GONE = [
    Card(f"gone {n}", f"gone {n}", "gone", Kind.TYPED, f"Of old, {n}?", (f"{n}",), category="old")
    for n in range(8)
]
DAYS = (0, 1, 2, 4, 7, 14, 21, 30, 60, 90, 180, 365, 730, 1825, 36501)
SCALE = tuple(range(1, 11))
TWENTIETHS = tuple(step / 20 for step in range(21))


def cards_of_shipped_decks() -> list[Card]:
    decks = (read_deck(path, path.read_bytes()).deck for path in sorted(SHIPPED.glob("*.yaml")))
    return [card for deck in decks if deck for card in deck.cards]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A year of study of the shipped decks, and of a deck that is gone by now."""
    home = tmp_path_factory.mktemp("year")
    cards = cards_of_shipped_decks()
    paths = Paths(home / "config", home / "data", home / "cache")
    with Workspace(paths=paths, clock=lambda: NOW) as opened:
        opened.refresh()
        simulate(opened.progress, [*cards[:20], *GONE, *cards[20:]], LAST_DAY)
        yield opened


class Review(NamedTuple):
    card: str
    at: int
    tz: int
    day: int
    data: dict[str, Any]
    interval: int | None  # before; None if the card was not in review
    chance: float | None  # as predicted; None if the card was not in review or seen that day


class Known:
    """A card as the events so far leave it."""

    def __init__(self) -> None:
        self.state = self.due_day = self.due_at = self.last_day = self.lapses = self.answers = 0
        self.stability = self.difficulty = 0.0

    def review(self, day: int, data: dict[str, Any]) -> None:
        rating = data["rating"]
        self.answers += 1
        self.lapses += self.state == 2 and rating == 1
        self.stability, self.difficulty = memory_after(
            self.stability, self.difficulty, max(day - self.last_day, 0), rating
        )
        self.state, self.due_day, self.due_at = data["state"], data["due_day"], data["due_at"]
        self.last_day = day


def chance_of_recall(stability: float, elapsed: int) -> float:
    factor = 0.9 ** (-1 / W[20]) - 1
    return math.pow(1 + factor * elapsed / stability, -W[20])


def memory_after(s: float, d: float, elapsed: int, g: int) -> tuple[float, float]:
    """FSRS-6, as its authors publish it."""
    if s == 0:
        return W[g - 1], within_scale(W[4] - math.exp(W[5] * (g - 1)) + 1)
    r = chance_of_recall(s, elapsed)
    if elapsed == 0:
        growth = math.exp(W[17] * (g - 3 + W[18])) * s ** -W[19]
        after = s * (growth if g == 1 else max(growth, 1))
    elif g == 1:
        after = min(
            W[11] * d ** -W[12] * ((s + 1) ** W[13] - 1) * math.exp(W[14] * (1 - r)),
            s / math.exp(W[17] * W[18]),
        )
    else:
        bonus = {2: W[15], 3: 1, 4: W[16]}[g]
        gain = math.exp(W[8]) * (11 - d) * s ** -W[9] * (math.exp(W[10] * (1 - r)) - 1)
        after = s * (1 + gain * bonus)
    easy = W[4] - math.exp(W[5] * 3) + 1
    harder = d + (10 - d) * -W[6] * (g - 3) / 9
    return max(after, 0.001), within_scale(W[7] * easy + (1 - W[7]) * harder)


def within_scale(difficulty: float) -> float:
    return min(max(difficulty, 1), 10)


class RawLog:
    """The log, read without any code of the product."""

    def __init__(self, path: Path, decks: list[str]) -> None:
        db = sqlite3.connect(path)
        rows = db.execute(
            "SELECT device, seq, at, tz, day, kind, card, session, data FROM event"
            " ORDER BY stamp, device, seq"
        ).fetchall()
        db.close()
        events = [(*row[:8], json.loads(row[8])) for row in rows]
        undone = {(e[8]["device"], e[8]["seq"]) for e in events if e[5] == "undo"}
        assert len(undone) == 5
        self.faces: dict[str, dict[str, str]] = {}
        for event in events:
            if "face" in event[8]:
                self.faces[event[6]] = event[8]["face"]
        wanted = {card for card, face in self.faces.items() if not decks or face["deck"] in decks}
        self.known: dict[str, Known] = defaultdict(Known)
        self.suspended: set[str] = set()
        self.buried: dict[str, int] = {}
        self.reviews: list[Review] = []
        self.answers: list[tuple[str, dict[str, Any]]] = []
        self.sessions: list[str] = []  # of the answers
        for device, seq, at, tz, day, kind, card, session, data in events:
            if (device, seq) in undone or card not in wanted:
                continue
            if kind in ("review", "answer"):
                self.answers.append((card, data))
                self.sessions.append(session)
            if kind == "review":
                before = self.known[card]
                interval = chance = None
                if before.state == 2:
                    interval = before.due_day - before.last_day
                    if day > before.last_day:
                        chance = chance_of_recall(before.stability, day - before.last_day)
                self.reviews.append(Review(card, at, tz, day, data, interval, chance))
                before.review(day, data)
                self.buried.pop(card, None)
            elif kind == "suspend":
                self.suspended.add(card)
            elif kind == "bury":
                self.buried[card] = data["until"]
            elif kind == "reset":
                del self.known[card]
        self.recalls = [review for review in self.reviews if review.chance is not None]
        # Those whose deck is still there and that were not reset.
        self.in_use = {
            card: known
            for card, known in self.known.items()
            if self.faces[card]["deck"] != "gone" and known.answers
        }


def figures_of(log: RawLog, today: int) -> dict[str, Any]:
    by_day: dict[int, list[Review]] = defaultdict(list)
    for review in log.reviews:
        by_day[review.day].append(review)
    days = sorted(by_day)
    known = log.in_use
    chances = {c: chance_of_recall(k.stability, today - k.last_day) for c, k in known.items()}
    return {
        "totals": {
            "answers": len(log.reviews),
            "correct": count_correct(log.reviews),
            "new": sum(review.data["was"] == 0 for review in log.reviews),
            "days": len(days),
            "minutes": minutes(log.reviews),
            "first_day": date.fromordinal(days[0]).isoformat(),
            "streak": length_up_to(days, today) or length_up_to(days, today - 1),
            "longest_streak": max(length_up_to(days, day) for day in days),
        },
        "days": [
            {
                "day": date.fromordinal(day).isoformat(),
                "answers": len(by_day[day]),
                "new": sum(review.data["was"] == 0 for review in by_day[day]),
                "correct": count_correct(by_day[day]),
                "minutes": minutes(by_day[day]),
            }
            for day in days
        ],
        "forecast": forecast(log, today),
        "retention": {
            "target": 0.9,
            "ever": retention(log.recalls),
            "weeks": periods(log.recalls, lambda day: day - timedelta(days=day.weekday())),
            "months": periods(log.recalls, lambda day: day.replace(day=1)),
        },
        "hours": [
            {"hour": hour, "answers": len(found), "correct": count_correct(found)}
            for hour in range(24)
            for found in [[r for r in log.reviews if local_hour(r) == hour]]
        ],
        "intervals": distribution(
            [each.due_day - each.last_day for each in known.values() if each.state == 2], DAYS
        ),
        "stability": distribution([each.stability for each in known.values()], DAYS),
        "difficulty": distribution([each.difficulty for each in known.values()], SCALE),
        "retrievability": {
            **distribution(list(chances.values()), TWENTIETHS),
            "remembered": sum(chances.values()),
        },
        "calibration": calibration(log.recalls),
        "leeches": [
            listed(log, card)
            for card in sorted(known, key=lambda c: (-known[c].lapses, -known[c].difficulty, c))
            if known[card].lapses >= 8
        ],
        "hardest": [
            listed(log, card)
            for card in sorted(
                known,
                key=lambda c: (-known[c].difficulty, -known[c].lapses, known[c].stability, c),
            )[:20]
        ],
        "confusions": confusions(log),
    }


def count_correct(reviews: Iterable[Review]) -> int:
    return sum(review.data["rating"] > 1 for review in reviews)


def minutes(reviews: Iterable[Review]) -> float:
    total: int = sum(min(review.data["ms"], 60_000) for review in reviews)
    return round(total / 60_000, 2)


def length_up_to(days: list[int], day: int) -> int:
    length = 0
    while day - length in days:
        length += 1
    return length


def forecast(log: RawLog, today: int) -> list[dict[str, Any]]:
    due: Counter[int] = Counter()
    for card, known in log.in_use.items():
        if card in log.suspended:
            continue
        day = known.due_day
        if known.state != 2:
            day = EPOCH_DAY + (known.due_at + 120 * MINUTE_MS - 4 * HOUR_MS) // DAY_MS
        due[max(day, log.buried.get(card, 0), today)] += 1
    return [
        {"day": date.fromordinal(day).isoformat(), "cards": due[day]}
        for day in range(today, today + 30)
    ]


def retention(recalls: Iterable[Review]) -> dict[str, Any]:
    every = list(recalls)
    mature = [each for each in every if (each.interval or 0) >= 21]
    young = [each for each in every if (each.interval or 0) < 21]
    return {"young": share(young), "mature": share(mature), "all": share(every)}


def share(recalls: list[Review]) -> dict[str, Any]:
    right = count_correct(recalls)
    whole = len(recalls)
    return {"recalled": right, "recalls": whole, "share": right / whole if whole else None}


def periods(recalls: Iterable[Review], start_of: Any) -> list[dict[str, Any]]:
    found: dict[date, list[Review]] = defaultdict(list)
    for review in recalls:
        found[start_of(date.fromordinal(review.day))].append(review)
    return [{"start": str(start), **retention(found[start])} for start in sorted(found)]


def local_hour(review: Review) -> int:
    return int((review.at + review.tz * MINUTE_MS) % DAY_MS // HOUR_MS)


def distribution(values: list[float], edges: tuple[float, ...]) -> dict[str, Any]:
    bins = [
        {"low": low, "high": high, "cards": sum(low <= value < high for value in values)}
        for low, high in pairwise(edges)
    ]
    bins[-1]["cards"] += values.count(edges[-1])
    filled = [number for number, each in enumerate(bins) if each["cards"]]
    return {
        "cards": len(values),
        "mean": statistics.mean(values),
        "median": statistics.median(values),
        "bins": bins[filled[0] : filled[-1] + 1],
    }


def calibration(recalls: list[Review]) -> dict[str, Any]:
    found: dict[int, list[Review]] = defaultdict(list)
    for review in recalls:
        found[math.floor((review.chance or 0) * 20)].append(review)
    bins = [
        {
            "low": number / 20,
            "high": (number + 1) / 20,
            "recalls": len(found[number]),
            "predicted": statistics.mean(each.chance or 0 for each in found[number]),
            "recalled": count_correct(found[number]) / len(found[number]),
        }
        for number in sorted(found)
    ]
    squares = sum(b["recalls"] * (b["predicted"] - b["recalled"]) ** 2 for b in bins)
    return {"error": math.sqrt(squares / len(recalls)), "bins": bins}


def listed(log: RawLog, card: str) -> dict[str, Any]:
    known, face = log.known[card], log.faces[card]
    return {
        "card": card,
        "deck": face["deck"],
        "question": face["prompt"],
        "right": face["answer"].split("\n"),
        "answers": known.answers,
        "lapses": known.lapses,
        "difficulty": known.difficulty,
        "stability": known.stability,
        "suspended": card in log.suspended,
    }


def confusions(log: RawLog) -> list[dict[str, Any]]:
    right = {
        card: face["answer"]
        for card, face in sorted(log.faces.items())
        if face["kind"] in ("basic", "typed", "cloze", "choice") and "\n" not in face["answer"]
    }
    times: Counter[tuple[str, str]] = Counter()
    for card, data in log.answers:
        if data["verdict"] != "wrong" or data["asked"] not in ("typed", "cloze", "choice"):
            continue
        given = data["answer"]
        meant = isinstance(given, str) and given and card in right
        if not meant or given.casefold() == right[card].casefold():
            continue
        alike = [answer for answer in right.values() if answer.casefold() == given.casefold()]
        if alike or data["asked"] == "choice":
            times[alike[0] if alike else given, right[card]] += 1
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for given, wanted in times:
        there, back = times[given, wanted], times.get((wanted, given), 0)
        pair = (given, wanted) if (there, wanted) > (back, given) else (wanted, given)
        found[pair] = {
            "answers": list(pair),
            "times": [times.get(pair, 0), times.get((pair[1], pair[0]), 0)],
            "total": there + back,
            "cards": sorted(key for key, answer in right.items() if answer in pair),
        }
    return sorted(found.values(), key=lambda each: (-each["total"], each["answers"]))


def assert_same(found: object, expected: object, where: str = "") -> None:
    if isinstance(expected, dict):
        assert isinstance(found, dict)
        assert found.keys() == expected.keys(), where
        for key, value in expected.items():
            assert_same(found[key], value, f"{where}.{key}")
    elif isinstance(expected, list):
        assert isinstance(found, list)
        assert len(found) == len(expected), where
        for number, (one, other) in enumerate(zip(found, expected, strict=True)):
            assert_same(one, other, f"{where}[{number}]")
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, abs=1.01e-4), where
    else:
        assert found == expected, where


@pytest.mark.parametrize("decks", [[], ["sco-timeline"], ["gone", "sco-beyond"]])
def test_every_figure_agrees_with_the_raw_log(workspace: Workspace, decks: list[str]) -> None:
    log = RawLog(workspace.progress.path, decks)
    assert len(log.reviews) > 100
    found = as_dict(Figures(workspace, decks))
    assert (found.pop("day"), found.pop("decks")) == ("2026-03-29", decks)
    assert_same(found, figures_of(log, LAST_DAY))


def test_the_year_of_the_test_has_every_case_that_makes_counting_hard(workspace: Workspace) -> None:
    log = RawLog(workspace.progress.path, [])
    days = [review.day for review in log.reviews]
    assert days != sorted(days), "the clock was set back"
    assert len({review.tz for review in log.reviews}) == 2
    assert any(local_hour(review) < 4 for review in log.reviews)
    assert any((review.interval or 0) >= 21 for review in log.recalls)
    assert log.suspended
    assert log.buried
    assert any(card.startswith("gone") for card in log.known)
    assert len(log.answers) > len(log.reviews)
    found = as_dict(Figures(workspace))
    assert found["leeches"]
    assert any(all(each["times"]) for each in found["confusions"])


def test_every_session_agrees_with_the_raw_log(workspace: Workspace) -> None:
    log = RawLog(workspace.progress.path, [])
    found = {each.id: each for each in SessionHistory(workspace).sessions()}
    assert {each.kind for each in found.values()} == {"study", "quiz"}
    assert {each.finished for each in found.values()} == {True, False}
    given: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for answer, name in zip(log.answers, log.sessions, strict=True):
        given[name].append(answer)
    assert found.keys() == given.keys()
    for name, answers in given.items():
        session = found[name]
        assert session.asked == len(answers)
        assert session.correct == sum(is_right(data) for _, data in answers)
        assert session.milliseconds == sum(data["ms"] for _, data in answers)
        told = SessionHistory(workspace).answers(name)
        assert [(each.card, each.correct) for each in told] == [
            (card, is_right(data)) for card, data in answers
        ]


def is_right(data: dict[str, Any]) -> bool:
    return bool(data["correct"] if "correct" in data else data["rating"] > 1)


# What is told of each point of a chart


def points_of(lines: Iterable[Line]) -> dict[str, list[Point]]:
    """The points of each chart, in the order in which they first appear."""
    found: dict[Point, None] = {}
    for line in lines:
        found |= dict.fromkeys(span.pick for span in line if isinstance(span.pick, Point))
    by_chart: dict[str, list[Point]] = defaultdict(list)
    for point in found:
        by_chart[point.chart].append(point)
    return by_chart


def day_and_words(point: Point) -> tuple[str, str]:
    """The ISO date that a point names, in the present year if it names none; and what follows."""
    name, words = point.told.split(": ")
    day, month, *year = re.sub(r"^(week of|[A-Z][a-z]{2}) ", "", name).split()
    written = f"{day} {month} {year[0] if year else date.fromordinal(LAST_DAY).year}"
    return datetime.strptime(written, "%d %b %Y").date().isoformat(), words  # noqa: DTZ007


def numbers(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


@pytest.fixture(params=[[], ["sco-timeline"]], ids=["all", "one deck"])
def figures(workspace: Workspace, request: pytest.FixtureRequest) -> Figures:
    return Figures(workspace, request.param)


WIDTHS = pytest.mark.parametrize("width", [55, 95, 155])


@WIDTHS
@pytest.mark.parametrize("chart", ["Calendar", "Answers a day", "Minutes a day"])
def test_a_day_of_the_chart_shows_the_answers_of_the_json(
    figures: Figures, chart: str, width: int
) -> None:
    days = {day["day"]: day for day in as_dict(figures)["days"]}
    points = points_of(reviews(figures, width))[chart]
    assert len(points) >= 42
    for point in points:
        day, words = day_and_words(point)
        if day not in days:
            assert words == "no answers"
            continue
        answers, right, new, *time = numbers(words)
        known = days[day]
        assert [answers, right, new] == [known["answers"], known["correct"], known["new"]]
        minutes, seconds = time if len(time) > 1 else (0, *time)
        assert 60 * minutes + seconds == pytest.approx(60 * known["minutes"], abs=1)


@WIDTHS
def test_a_week_of_the_chart_shows_the_retention_of_the_json(figures: Figures, width: int) -> None:
    weeks = {week["start"]: week for week in as_dict(figures)["retention"]["weeks"]}
    points = points_of(reviews(figures, width))["True retention"]
    starts = [day_and_words(point)[0] for point in points]
    assert starts == sorted(starts)
    assert starts[-1] == max(weeks)
    assert len(starts) >= min(43, len(weeks))
    for start, point in zip(starts, points, strict=True):
        week = weeks.get(start)
        told = numbers(point.told.split(": ")[1])
        expected = []
        for part in (week["all"], week["young"], week["mature"]) if week else ():
            if part["recalls"]:
                expected += [round(100 * part["share"]), part["recalls"]]
        assert told == expected


@WIDTHS
def test_days_to_come_and_hours_show_the_figures_of_the_json(figures: Figures, width: int) -> None:
    whole, points = as_dict(figures), points_of(reviews(figures, width))
    due = [day_and_words(point) for point in points["Due in the next 30 days"]]
    assert [(day, numbers(words)[0]) for day, words in due] == [
        (each["day"], each["cards"]) for each in whole["forecast"]
    ]
    for point, hour in zip(points["Answers by hour"], whole["hours"], strict=True):
        name, words = point.told.split(": ")
        assert numbers(name) == [hour["hour"], hour["hour"] + 1]
        if hour["answers"]:
            share = round(100 * hour["correct"] / hour["answers"])
            assert numbers(words) == [hour["answers"], hour["correct"], share]
        else:
            assert words == "no answers"


@WIDTHS
def test_the_bars_of_cards_show_the_figures_of_the_json(figures: Figures, width: int) -> None:
    whole, points = as_dict(figures), points_of(cards(figures, width, 10))
    for chart in ("Intervals", "Stability", "Difficulty", "Retrievability"):
        found = whole[chart.casefold()]
        told = [numbers(point.told.split(": ")[1])[:2] for point in points[chart]]
        assert told == [[each["cards"], found["cards"]] for each in found["bins"]]
    told = [numbers(point.told) for point in points["Calibration"]]
    assert told == [
        [round(100 * number) for number in (each["low"], each["high"], each["recalled"])]
        + [each["recalls"], round(100 * each["predicted"])]
        for each in whole["calibration"]["bins"]
    ]


@pytest.mark.parametrize("kind", ["quiz", "study"])
def test_a_score_shows_the_answers_of_its_deck_in_its_session(
    workspace: Workspace, kind: str
) -> None:
    history = SessionHistory(workspace)
    sessions = {session.id: session for session in history.sessions(kind=kind)}
    for deck, scores in history.scores(kind).items():
        charts = (
            of_deck(kind, deck, scores, {}, 95),
            of_deck(kind, deck, scores, {}, 55, rows=3),
            of_decks(kind, {deck: scores}, {}, 80),
        )
        for points in (points for lines in charts for points in points_of(lines).values()):
            shown = scores[-len(points) :]
            assert [point.session for point in points] == [score.session for score in shown]
        for point in points_of(of_deck(kind, deck, scores, {}, 95))[deck]:
            answers = [each for each in history.answers(point.session) if each.deck == deck]
            right = sum(each.correct for each in answers)
            share = round(100 * right / len(answers))
            started = time_of(sessions[point.session])
            assert point.told.startswith(f"{started}: {right} of {len(answers)} right, {share} %")


def time_of(session: Session) -> str:
    started = local_time(session.started, session.tz)
    return f"{started:%a} {started.day} {started:%b %Y, %H:%M}"
