from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sco_quiz import charts


def test_a_bar_grows_by_eighths_of_a_cell() -> None:
    assert [charts.bar(value, 16, 2) for value in range(17)] == [
        "", "▏", "▎", "▍", "▌", "▋", "▊", "▉",
        "█", "█▏", "█▎", "█▍", "█▌", "█▋", "█▊", "█▉", "██",
    ]  # fmt: skip


def test_every_value_above_zero_is_visible() -> None:
    assert charts.bar(1, 1_000_000, 10) == "▏"
    assert charts.sparkline([0, 1, 1_000_000]) == " ▁█"


def test_a_slim_bar_grows_by_halves_of_a_cell_and_is_full_only_for_the_most() -> None:
    assert [charts.slim_bar(value, 40, 2) for value in (1, 10, 20, 39, 40)] == [
        "╸", "╸", "━", "━╸", "━━"
    ]  # fmt: skip


def test_a_bar_of_zero_is_empty() -> None:
    assert charts.bar(0, 0, 10) == charts.slim_bar(0, 0, 10) == ""


def test_columns_are_drawn_in_one_line() -> None:
    assert charts.columns([0, 1, 5, 3, 20, 7, 8], 3) == [
        "    █  ",
        "    █ ▂",
        " ▁▆▄███",
    ]


def test_columns_of_zero_are_blank() -> None:
    assert charts.columns([0, 0, 0], 2) == ["   ", "   "]
    assert charts.columns([], 2) == ["", ""]


def test_a_scale_can_be_given() -> None:
    assert charts.sparkline([50, 100], most=100) == "▄█"
    assert charts.sparkline([200], most=100) == "█"


def test_a_line_climbs_and_falls_without_holes() -> None:
    assert charts.line([0, 1, 0], 6, 2, 0, 1) == [
        " ⢀⠔⠢⡀ ",
        "⡠⠃  ⠈⢆",
    ]
    assert charts.line([0, 0, 9, 9], 4, 2, 0, 9) == ["  ⡜⠉", "⣀⡰⠁ "]


def test_a_line_has_a_gap_where_there_is_no_value() -> None:
    assert charts.line([1, 1, None, None, 1, 1], 5, 1, 0, 1) == ["⠉⠁ ⠈⠉"]


def test_a_line_of_one_value_is_a_dot_and_of_none_is_blank() -> None:
    assert charts.line([1], 3, 1, 0, 1) == ["⠁  "]
    assert charts.line([], 3, 2, 0, 1) == ["   ", "   "]
    assert charts.line([None, None], 3, 1, 0, 1) == ["   "]


@given(st.floats(0, 1), st.integers(1, 9), st.floats(0, 0.9))
def test_a_rule_is_drawn_at_its_height_within_half_a_dot(
    value: float, height: int, low: float
) -> None:
    row, dotted = charts.rule(value, height, low, 1)
    level = charts.line([value, value], 1, height, low, 1)
    assert [number for number, signs in enumerate(level) if signs != " "] == [row]
    assert ord(level[row]) & ord(dotted) == ord(dotted)
    dot = 4 * row + "⠁⠂⠄⡀".index(dotted)
    drawn = 1 - dot / (4 * height - 1) * (1 - low)
    assert abs(drawn - max(value, low)) <= 0.5 / (4 * height - 1) * (1 - low) + 1e-9


def test_values_beyond_the_scale_are_drawn_at_its_edge() -> None:
    assert charts.line([-5, -5], 2, 1, 0, 1) == ["⣀⣀"]
    assert charts.line([5, 5], 2, 1, 0, 1) == ["⠉⠉"]


@given(
    st.lists(st.none() | st.floats(0, 1), max_size=70),
    st.integers(1, 40),
    st.integers(1, 5),
)
def test_a_line_fills_exactly_its_room(values: list[float | None], width: int, height: int) -> None:
    lines = charts.line(values, width, height, 0, 1)
    assert [len(each) for each in lines] == [width] * height


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=70), st.integers(1, 5))
def test_columns_fill_exactly_their_room(values: list[float], height: int) -> None:
    lines = charts.columns(values, height)
    assert [len(each) for each in lines] == [len(values)] * height
    shown = [any(line[x] != " " for line in lines) for x in range(len(values))]
    assert shown == [value > 0 for value in values]


def test_a_calendar_ends_with_today() -> None:
    wednesday = date(2026, 3, 4).toordinal()
    days = {wednesday: 1, wednesday - 1: 10, wednesday - 2: 20, wednesday - 7: 45}
    assert charts.calendar_of(days, wednesday, 2) == charts.HeatCalendar(
        months=" Mar",
        levels=[[0, 3], [0, 2], [4, 1], [0, None], [0, None], [0, None], [0, None]],
    )


def test_a_month_stands_above_the_week_it_begins_in_if_there_is_room() -> None:
    months = charts.calendar_of({}, date(2026, 11, 23).toordinal(), 26).months
    assert months == "Jun  Jul Aug  Sep Oct Nov"
    assert charts.calendar_of({}, date(2026, 11, 23).toordinal(), 1).months == ""
