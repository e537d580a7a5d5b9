"""Neighbours of a value have its form and its magnitude, and are not the value."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.learning.neighbours import neighbours, spread, year_of
from sco_quiz.learning.values import value_of

NOW = 2026


def near(text: str, latest: int = NOW, language: str = "en") -> list[str]:
    return list(neighbours(text, Random(1), latest, language))


@given(year=st.integers(1001, NOW).filter(lambda year: year % 500))
def test_the_neighbours_of_a_year_are_near_and_never_in_the_future(year: int) -> None:
    others = [int(other) for other in near(str(year))]
    assert len(set(others)) == len(others) >= 6
    assert year not in others
    assert all(abs(other - year) <= spread(year, NOW) and other <= NOW for other in others)


def test_the_further_back_a_year_the_wider_its_neighbours() -> None:
    assert spread(2001, NOW) == 6
    assert spread(1815, NOW) == 26
    assert spread(1066, NOW) == 60


def test_a_year_to_come_has_neighbours_on_both_sides() -> None:
    others = [int(other) for other in near("2035")]
    assert min(others) < 2035 < max(others)


@given(number=st.integers(1, 10**9))
def test_the_neighbours_of_a_number_are_of_like_size_and_as_round(number: int) -> None:
    text = f"{number:,}"
    others = near(text)
    assert len(others) >= 3
    for other in others:
        assert re.fullmatch(r"\d{1,3}(,\d{3})*" if "," in text else r"\d+", other)
        value = int(other.replace(",", ""))
        assert 0 < value <= 10 * number + 10
        assert value != number
        zeros = len(str(number)) - len(str(number).rstrip("0"))
        assert value % 10 ** max(zeros - 1, 0) == 0


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("16", r"\d\d?"),
        ("2.5", r"\d\.\d"),
        ("0.35", r"0\.\d\d"),
        ("40 %", r"\d\d %"),
        ("about 3,500 km", r"about \d,\d00 km"),
        ("3 500 km", r"\d 500 km|\d \d00 km"),
        ("21st", r"\d+(st|nd|rd|th)"),
        ("15 June 2001", r"\d+ June \d{4}"),
        ("2001-06-15", r"\d{4}-\d\d-\d\d"),
        ("June 2001", r"June \d{4}"),
        ("Eight", r"[A-Z][a-z]+"),
        ("three", r"[a-z]+"),
    ],
)
def test_the_neighbours_of_a_value_have_its_form(text: str, form: str) -> None:
    others = near(text)
    assert len(set(others)) >= 3
    assert all(re.fullmatch(form, other) for other in others), others
    assert text not in others
    if value_of(text) is not None:
        values = {value_of(other) for other in others}
        assert None not in values
        assert value_of(text) not in values


def test_a_share_is_never_more_than_all() -> None:
    assert all(int(other.split()[0]) <= 100 for other in near("90 per cent"))
    assert any(int(other.split()[0]) > 100 for other in near("90 km"))


def test_dates_of_the_present_year_get_only_earlier_days() -> None:
    for other in near("15 June 2026"):
        day, _, year = other.split()
        assert int(year) <= 2026
        assert int(day) <= 15


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tashkent",
        "XIV",
        "²",
        "from 1996 to 2001",
        "In 2001 the leaders of six states met",
        "0x1",
    ],
)
def test_a_text_without_a_value_has_no_neighbours(text: str) -> None:
    assert near(text) == []


@given(text=st.text("0123456789.,%- ABdJune", max_size=12), latest=st.integers(1, 9999))
def test_any_text_like_a_number_causes_no_error(text: str, latest: int) -> None:
    assert text not in near(text, latest)


@pytest.mark.parametrize(
    ("text", "year"),
    [("1977", 1977), ("June 2001", 2001), ("15 June", None), ("1977 km", None), ("12", None)],
)
def test_a_year_is_known_alone_or_in_a_date(text: str, year: int | None) -> None:
    assert year_of(text) == year
