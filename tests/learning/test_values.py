"""Numbers, years and dates are the same value however they are written, and never nearly."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sco_quiz.learning.values import LONGEST_VALUE, numerals, roman_value, value_of


@pytest.mark.parametrize(
    ("spellings", "value"),
    [
        (
            ["2500", "2,500", "2 500", "2\u00a0500", "2\u202f500", "2'500", "2’500", "2500.0"],
            "2500",
        ),
        (["1234567.5", "1,234,567.5", "1.234.567,5", "1 234 567,50"], "1234567.5"),
        (["150000", "1,50,000", "150,000"], "150000"),
        (["3.5", "3,5", "3.50", "+3.5", "３．５"], "3.5"),
        (["0.125", "0,125"], "0.125"),
        (["-5", "−5", "–5", "-5.0"], "-5"),
        (["0", "0.0", "-0", "00", "zero"], "0"),
        (["7", "007", "seven", "Seven", "7th", "seventh", "7."], "7"),
        (["80", "80%", "80 %", "80 percent", "80 per cent"], "80"),
        (["21", "21st", "XXI"], "21"),
        (["1977", "1977.", " 1977 ", "(1977)", "AD 1977", "1977 CE", "١٩٧٧", "१९७७"], "1977"),
        (["-44", "44 BC", "44 BCE"], "-44"),
    ],
)
def test_a_number_is_the_same_in_every_spelling(spellings: list[str], value: str) -> None:
    assert {spelling: value_of(spelling) for spelling in spellings} == dict.fromkeys(
        spellings, value
    )


@pytest.mark.parametrize(
    ("spellings", "value"),
    [
        (
            [
                *("15 June 2001", "June 15, 2001", "15th June 2001", "June 15th 2001"),
                *("15 Jun 2001", "Jun. 15, 2001", "the 15th of June, 2001", "15 JUNE 2001."),
                *("2001-06-15", "2001/06/15", "15.06.2001", "15.6.2001", "15-06-2001"),
                *("15/06/2001", "06/15/2001"),
            ],
            "2001-06-15",
        ),
        (["June 2001", "Jun 2001", "June, 2001", "2001-06"], "2001-06"),
        (["15 June", "June 15", "15th of June", "June 15th"], "--06-15"),
        (["3 September 1996", "Sept. 3, 1996", "3 Sep 1996"], "1996-09-03"),
        (["1 May 2004", "May 1, 2004", "2004-05-01"], "2004-05-01"),
    ],
)
def test_a_date_is_the_same_in_every_spelling(spellings: list[str], value: str) -> None:
    assert {spelling: value_of(spelling) for spelling in spellings} == dict.fromkeys(
        spellings, value
    )


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "'", "Tashkent", "May", "40 May", "0 June 2001", "2001-13-01", "1941-45"),
        *("1990s", "12 km", "1.2.3", "1:30", "2,50,0", "1e5", "½", "--5", "D"),
        *("twenty-one", "five million"),
    ],
)
def test_a_text_without_a_number_or_date_has_no_value(text: str) -> None:
    assert value_of(text) is None


def test_the_language_decides_if_a_comma_groups_digits_or_marks_decimals() -> None:
    assert (value_of("3.142", "en"), value_of("3,142", "en")) == ("3.142", "3142")
    assert (value_of("3.142", "de"), value_of("3,142", "de-AT")) == ("3142", "3.142")
    assert (value_of("3.14", "de"), value_of("3,14", "en")) == ("3.14", "3.14")


def test_the_day_comes_first_except_in_american_english() -> None:
    assert value_of("5/6/2001", "en") == "2001-06-05"
    assert value_of("5/6/2001", "en-US") == "2001-05-06"
    assert value_of("5.6.2001", "en-US") == "2001-06-05"


def test_number_words_are_english() -> None:
    assert value_of("six", "en-GB") == "6"
    assert value_of("six", "fr") is None


def test_a_part_of_a_date_is_not_the_date() -> None:
    assert len({value_of(text) for text in ["15 June 2001", "June 2001", "15 June", "2001"]}) == 4


@given(st.integers(-(10**15), 10**15))
def test_every_integer_is_itself_however_grouped(number: int) -> None:
    assert value_of(str(number)) == str(number)
    assert value_of(f"{number:,}") == str(number)
    assert value_of(f"{number:,}".replace(",", " ")) == str(number)
    assert value_of(f"{number:,}".replace(",", "."), "ru") == str(number)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_date_is_itself_in_words_and_figures(day: date) -> None:
    iso = day.isoformat()
    assert value_of(iso) == iso
    assert value_of(f"{day:%d %B %Y}") == iso
    assert value_of(f"{day:%B} {day.day}, {day:%Y}") == iso
    assert value_of(f"{day:%d.%m.%Y}") == iso


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_two_different_years_are_never_equal(one: int, other: int) -> None:
    assume(one != other)
    assert value_of(str(one)) != value_of(str(other))


@given(st.text(max_size=LONGEST_VALUE + 5) | st.text("0123456789.,-/ stMay%", max_size=20))
def test_any_text_can_be_searched_for_a_value(text: str) -> None:
    value = value_of(text)
    assert value is None or value_of(value) == value or value.startswith("--")


@pytest.mark.parametrize(
    ("word", "number"),
    [("I", "1"), ("iv", "4"), ("XIX", "19"), ("MCMXCI", "1991"), ("MMMCMXCIX", "3999")],
)
def test_roman_numerals_are_read(word: str, number: str) -> None:
    assert roman_value(word) == number


@pytest.mark.parametrize("word", ["", "IIII", "VX", "IC", "Iran", "MMMM", "LCD", "ⅹ" * 9])
def test_other_words_are_not_roman_numerals(word: str) -> None:
    assert roman_value(word) == ""


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("iPhone 12", "iPhone 12", ["12"]),
        ("elizabeth ii", "Elizabeth II", ["2"]),
        ("elizabeth i", "Elizabeth II", ["1"]),
        ("World War 2", "World War II", ["2"]),
        ("xi jinping", "Xi Jinping", []),
        ("dim sum mix", "dim sum mix", []),
        ("super bowl lv", "Super Bowl LV", ["55"]),
        ("vitamin d", "Vitamin C", []),
        ("2,500 men in 007 tanks", "", ["2500", "7"]),
    ],
)
def test_roman_numerals_are_not_confused_with_words(
    text: str, names: str, found: list[str]
) -> None:
    assert numerals(text, names) == found
