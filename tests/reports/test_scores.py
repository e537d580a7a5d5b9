"""Charts of scores: what counts as the best, where they lead, and what a bar's width says."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.insight.history import DeckScore, Session
from sco_quiz.learning.review_statistics import Share, trend
from sco_quiz.reports.lines import Role, text_of
from sco_quiz.reports.scores import of_deck, of_decks
from sco_quiz.reports.words import about, cells

if TYPE_CHECKING:
    from sco_quiz.reports.lines import Line

DAY = 86_400_000
MONDAY = date(2026, 3, 2).toordinal()
NOON = 1_772_452_800_000  # 2 March 2026, 12:00 UTC


def scores(*right: tuple[int, int]) -> list[DeckScore]:
    """Scores a day apart, each of so many right of so many."""
    return [
        DeckScore(f"s{number}", NOON + number * DAY, 0, MONDAY + number, 60_000, Share(*each))
        for number, each in enumerate(right)
    ]


def chart(found: list[DeckScore], width: int = 95, rows: int = 3) -> list[Line]:
    return list(of_deck("quiz", "asia", found, {"asia": "Asia"}, width, rows=rows))


def text(lines: list[Line]) -> str:
    return "\n".join(map(text_of, lines))


def widths(lines: list[Line], role: Role) -> list[int]:
    """Cells of the bars of a role, in the lowest row."""
    return [len(span.text) for span in lines[3] if span.role is role]


def test_a_quiz_of_few_questions_is_faint_narrow_and_never_the_best() -> None:
    found = scores((1, 1), (12, 20), (7, 10), (4, 6), (4, 4), (5, 10))
    lines = chart(found)
    assert "best 70 % of 10, 4 Mar 2026" in text(lines)
    faint, best = widths(lines, Role.FAINT), widths(lines, Role.BEST)
    assert len(faint) == 2
    assert len(best) == 1
    assert set(faint) < {1, 2}
    assert best[0] == 3 * faint[0]


def test_a_quiz_after_midnight_bears_the_date_of_its_study_day() -> None:
    found = [score._replace(started=score.started + DAY // 2) for score in scores((7, 10), (6, 10))]
    told = text(chart(found))
    assert "best 70 % of 10, 2 Mar 2026" in told
    assert told.rstrip().endswith("3 Mar 2026")


def test_where_every_quiz_is_short_there_is_no_best_and_no_trend() -> None:
    lines = chart(scores(*[(1, 1)] * 9))
    assert "best" not in text(lines)
    assert text_of(lines[0]).endswith("last 100 % of 1")
    (row,) = list(of_decks("quiz", {"asia": scores((1, 1))}, {}, 95))[1:]
    assert text_of(row).split()[-2:] == ["·", "1"]


@pytest.mark.parametrize(
    ("right", "told"),
    [
        ([(5, 10), (5, 10)], "last 50 % of 10"),
        ([(5, 10), (9, 10), (6, 10)], "last 60 % of 10, up 10 points in three quizzes"),
        ([(8, 10)] * 4, "last 80 % of 10, level in four quizzes"),
        (
            [(0, 10), (5, 10), (5, 10), (1, 1), (0, 10), (7, 10), (6, 10)],
            "last 60 % of 10, up 15 points in five quizzes",
        ),
        ([(18, 20), (5, 10), (5, 10), (4, 10), (6, 10)],
         "last 60 % of 10, down 27 points in five quizzes"),
    ],
)  # fmt: skip
def test_the_trend_is_given_in_points(right: list[tuple[int, int]], told: str) -> None:
    assert text_of(chart(scores(*right))[0]).endswith(told)


SHARES = st.integers(5, 40).flatmap(
    lambda whole: st.integers(0, whole).map(lambda part: Share(part, whole))
)


@given(st.lists(SHARES, max_size=12))
def test_a_trend_is_within_a_hundred_points_and_turns_with_the_order(found: list[Share]) -> None:
    rise = trend(found)
    assert (rise is None) == (len(found) < 3)
    if rise is not None:
        assert -1 <= rise <= 1
        assert trend(found[-5:][::-1]) == pytest.approx(-rise)


@given(
    st.lists(
        st.integers(1, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        min_size=1,
        max_size=140,
    ),
    st.integers(40, 200),
    st.sampled_from([3, 5, 9]),
)
def test_a_chart_fits_its_width_and_shows_as_many_quizzes_as_there_is_room_for(
    right: list[tuple[int, int]], width: int, rows: int
) -> None:
    lines = chart(scores(*right), width, rows)
    assert max(cells(text_of(line)) for line in lines) <= max(width, 50)
    points = {span.pick: None for line in lines for span in line if span.pick is not None}
    room = max(width, 50) - 7 - (32 if width >= 70 else 0)
    assert len(points) == min(len(right), room)


@pytest.mark.parametrize("width", [55, 75, 95])
def test_first_and_last_date_stand_below_their_bars_and_the_best_is_marked(width: int) -> None:
    found = scores((5, 10), (6, 10), (5, 10), (5, 10), (9, 10), (5, 10), (4, 10), (5, 10))
    lines = chart(found, width)
    dates, bars = text_of(lines[4]), text_of(lines[3])[:65]
    assert "2 Mar 2026" in dates
    assert "9 Mar 2026" in dates
    assert bars[dates.index("▲")] == "█"
    assert [text_of(line)[:7].strip() for line in lines[1:4]] == ["100", "50", "0"]


def session(*decks: str, part: str | None = None) -> Session:
    return Session(
        "s", "quiz", decks, NOON, 0, None, 0, 739_000, 1, 1, 9, finished=True, tag=None,
        retry_of=None, pair=None, part=part,
    )  # fmt: skip


def test_a_session_of_every_deck_is_labelled_all_decks() -> None:
    titles = {name: name.capitalize() for name in "abcd"}
    in_use = frozenset("abc")
    assert about(session("a", "b", "c", part=""), titles, in_use) == "all decks"
    assert about(session("a", "b", part="d"), titles, in_use) == "D"
    assert about(session("a", "b", part="unknown"), titles, in_use) == "A, B"
    assert about(session("a"), titles, frozenset("a")) == "A"
    assert about(session("a", "b"), titles, in_use) == "A, B"
    assert about(session("a", "b", "c"), titles, frozenset("abcd")) == "3 of 4 decks"
    assert about(session("a", "b", "c"), titles, frozenset("abcd"), room=20) == "A, B, C"
    assert about(session("a", "x", "y"), titles, in_use) == "3 decks"
    titles["a"] = "Clouds::Azure::Compute"
    assert about(session("a"), titles, in_use, room=22) == "Clouds::Azure::Compute"
    assert about(session("a"), titles, in_use, room=21) == "…Azure::Compute"
    assert about(session("a"), titles, in_use, room=5) == "…Compute"
