from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.progress.log import Event
from sco_quiz.progress.sums import Fault, hash_of, is_whole, sum_of, verify_sums

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBER = st.integers(-(2**63), 2**63 - 1)


def chain(device: str, texts: list[str]) -> list[Event]:
    events: list[Event] = []
    before = b""
    for seq, text in enumerate(texts, 1):
        event = Event(device, seq, seq, 5, 0, 7, "accept", "card", None, text, b"")
        before = sum_of(event, before)
        events.append(event._replace(sum=before))
    return events


LOG = chain("a", ["1", "2", "3", "4"]) + chain("b", ["5", "6"])


def test_a_log_as_it_was_written_has_no_faults() -> None:
    assert verify_sums(LOG) == []
    assert verify_sums([]) == []


@given(
    index=st.integers(0, len(LOG) - 1),
    field=st.sampled_from(Event._fields[2:-1]),
    number=NUMBER,
    text=TEXT,
)
def test_a_row_with_anything_changed_is_named_and_no_other(
    index: int, field: str, number: int, text: str
) -> None:
    old = getattr(LOG[index], field)
    new = number if isinstance(old, int) else text
    if new == old:
        return
    log = list(LOG)
    log[index] = Event._make({**log[index]._asdict(), field: new}.values())
    assert verify_sums(log) == [(*LOG[index].id, Fault.CHANGED)]
    assert not is_whole(log[index])


@given(device=TEXT, number=NUMBER, name=TEXT | st.none(), data=TEXT)
def test_a_sum_begins_with_a_hash_of_the_row_as_json(
    device: str, number: int, name: str | None, data: str
) -> None:
    event = Event(device, number, number, 5, 0, 7, "flag", name, name, data, b"")
    own = hash_of(json.dumps(event[:-1]).encode())
    assert sum_of(event, b"")[:8] == own


@given(index=st.integers(0, len(LOG) - 1), byte=st.integers(0, 15), bit=st.integers(0, 7))
def test_a_flipped_bit_in_a_sum_is_noticed(index: int, byte: int, bit: int) -> None:
    damaged = bytearray(LOG[index].sum)
    damaged[byte] ^= 1 << bit
    log = list(LOG)
    log[index] = log[index]._replace(sum=bytes(damaged))
    assert LOG[index].id in [fault[:2] for fault in verify_sums(log)]


@pytest.mark.parametrize("field", Event._fields)
@pytest.mark.parametrize("value", [b"4", 4.5])
def test_a_value_of_another_type_is_noticed_at_its_row(field: str, value: object) -> None:
    log = list(LOG)
    log[1] = Event._make({**log[1]._asdict(), field: value}.values())
    assert ("a", 2) in [fault[:2] for fault in verify_sums(log)]


def test_the_first_missing_row_is_named_and_the_rest_is_still_checked() -> None:
    assert verify_sums(LOG[:1] + LOG[3:]) == [("a", 2, Fault.MISSING)]
    assert verify_sums(LOG[1:]) == [("a", 1, Fault.MISSING)]
    assert all(map(is_whole, LOG))


def test_a_replaced_row_is_noticed_by_the_row_after_it() -> None:
    other = chain("a", ["1", "something else", "3"])
    assert verify_sums([LOG[0], other[1], LOG[2]]) == [("a", 3, Fault.UNCHAINED)]
