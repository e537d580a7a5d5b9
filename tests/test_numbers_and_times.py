"""How numbers, times, dates and steps are said."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from sco_quiz import numbers_and_times

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 cards"), (1, "1 card"), (1.0, "1 card"), (2.5, "2.5 cards"), (1200, "1,200 cards")],
)
def test_a_number_has_its_word_in_the_right_form(count: float, said: str) -> None:
    assert numbers_and_times.many(count, "card") == said


def test_an_irregular_word_has_the_form_that_is_given() -> None:
    assert numbers_and_times.many(1, "card is", "cards are") == "1 card is"
    assert numbers_and_times.many(0, "card is", "cards are") == "0 cards are"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        *[(0.5, "0.5 d"), (1, "1 d"), (3.46, "3.5 d"), (9.96, "10 d"), (45.3, "45 d")],
        *[(200, "200 d"), (364.4, "364 d"), (365, "1 y"), (500, "1.4 y"), (1825, "5 y")],
    ],
)
def test_a_stretch_of_days_has_one_unit_and_no_needless_digit(days: float, said: str) -> None:
    assert numbers_and_times.span(days) == said


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [
        (0, "0 s"), (59.4 * SECOND, "59 s"), (59.6 * SECOND, "1 min"), (10 * MINUTE, "10 min"),
        (59.6 * MINUTE, "1 h"), (90 * MINUTE, "1.5 h"), (23.96 * HOUR, "1 d"), (36 * HOUR, "1.5 d"),
    ],
)  # fmt: skip
def test_a_wait_is_written_in_its_largest_unit(milliseconds: float, said: str) -> None:
    assert numbers_and_times.wait(milliseconds) == said


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [(400, "0 s"), (59_400, "59 s"), (200_000, "3 min 20 s"), (65 * MINUTE, "1 h 5 min")],
)
def test_a_time_that_was_spent_has_up_to_two_units(milliseconds: int, said: str) -> None:
    assert numbers_and_times.spent(milliseconds) == said


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [
        (1, "1 minute"), (61 * SECOND, "2 minutes"), (99 * MINUTE, "99 minutes"),
        (100 * MINUTE, "2 hours"), (DAY - 1, "24 hours"),
    ],
)  # fmt: skip
def test_a_wait_in_a_sentence_is_never_too_short(milliseconds: int, said: str) -> None:
    assert numbers_and_times.wait_in_words(milliseconds) == said


@pytest.mark.parametrize(
    ("days", "said"), [(1, "1 day"), (10, "10 days"), (11, "2 weeks"), (74, "11 weeks"),
                       (75, "2 months"), (360, "12 months")]
)  # fmt: skip
def test_days_in_a_sentence_are_rounded_to_weeks_and_months(days: int, said: str) -> None:
    assert numbers_and_times.span_in_words(days) == said


def test_dates_are_iso_in_tables_and_full_in_sentences() -> None:
    day = date(2026, 6, 13)
    assert numbers_and_times.iso_date(day.toordinal()) == "2026-06-13"
    assert numbers_and_times.iso_minute(datetime(2026, 6, 3, 9, 5)) == "2026-06-03 09:05"  # noqa: DTZ001
    assert numbers_and_times.in_full(day) == "13 June 2026"
    assert numbers_and_times.in_full(day, weekday=True, year=False) == "Saturday, 13 June"


def test_a_share_is_a_percentage_and_a_number_of_times_is_in_words() -> None:
    assert [numbers_and_times.percent(0.874), numbers_and_times.percent(0.0451, 1)] == [
        "87 %",
        "4.5 %",
    ]
    assert [numbers_and_times.times(n) for n in (0, 1, 2, 3)] == [
        "never",
        "once",
        "twice",
        "3 times",
    ]


def test_a_reported_step_names_the_key_that_undoes_it() -> None:
    assert numbers_and_times.undoable("3 cards reset", "u") == "3 cards reset; u takes it back."
    assert numbers_and_times.undoable("3 cards reset", "") == "3 cards reset."


def test_an_undo_names_the_step_it_took_back() -> None:
    assert numbers_and_times.taken_back(None) == "There is nothing to undo."
    assert numbers_and_times.taken_back("") == "Taken back."
    assert numbers_and_times.taken_back("a flag", "Capital?") == "Taken back: a flag."
    assert numbers_and_times.taken_back("", "Capital?") == "Taken back, of this card: Capital?"


def test_a_date_on_a_chart_omits_the_present_year() -> None:
    day, today = date(2026, 11, 3), date(2026, 12, 31)
    assert numbers_and_times.on_chart(day, today) == "3 Nov"
    assert numbers_and_times.on_chart(day, today, weekday=True) == "Tue 3 Nov"
    assert numbers_and_times.on_chart(day, date(2027, 1, 1)) == "3 Nov 2026"
    assert numbers_and_times.on_chart(day) == "3 Nov 2026"
