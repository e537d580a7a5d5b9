"""Folds the events of cards into rows of the views: here, or in a process beside this one.

To fold takes as long as to read the events and to write the rows, which needs the connection.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import msgpack

from sco_quiz.collector import collector_paused
from sco_quiz.learning.memory import MemoryModel
from sco_quiz.own_process import GoneError, messages, reply, started
from sco_quiz.progress.details import details_of
from sco_quiz.progress.fold import fold, settle
from sco_quiz.progress.log import Event, Face, Order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Family(NamedTuple):
    """A card, or several that re-links join.

    Attributes:
        keys: Their keys.
        events: Their events, in order.
        starts: The places in that order at which their sessions began, by their ids; none are
            needed without a re-link.
    """

    keys: list[str]
    events: list[Event]
    starts: dict[str, Order]


class Outcomes(NamedTuple):
    """The rows that follow from the events of families.

    Attributes:
        states: Rows of `card_state`.
        stateless: The keys of the cards without a state, a tuple each.
        faces: Rows of `face`.
        reviews: Rows of `review`.
        answers: Rows of `answer`.
        settled_anew: The ids of events that may have counted before, or may count again.
        undone: Those of them that don't count.
    """

    states: list[tuple[Any, ...]]
    stateless: list[tuple[str]]
    faces: list[tuple[Any, ...]]
    reviews: list[tuple[Any, ...]]
    answers: list[tuple[Any, ...]]
    settled_anew: list[tuple[str, int]]
    undone: list[tuple[str, int]]


class FoldingRules(NamedTuple):
    """The values that decide what events come to.

    Attributes:
        parameters: Those of FSRS, as JSON.
        withdrawn: The devices whose events don't count.
    """

    parameters: str
    withdrawn: frozenset[str]


_encode = msgpack.Encoder().encode
_read_families = msgpack.Decoder(list[Family]).decode
_read_rules = msgpack.Decoder(FoldingRules).decode
_read_outcomes = msgpack.Decoder(Outcomes).decode


@lru_cache(maxsize=1)
def model_of(parameters: str) -> MemoryModel:
    """Return the model of memory with parameters, given as JSON."""
    return MemoryModel(tuple(json.loads(parameters)))


def fold_families(families: Iterable[Family], rules: FoldingRules) -> Outcomes:
    """Fold all events of families."""
    memory = model_of(rules.parameters)
    outcomes = Outcomes([], [], [], [], [], [], [])
    for family in families:
        settled = settle(family.events, rules.withdrawn, family.starts)
        for key in family.keys:
            state, rows = fold(key, settled.events.get(key, ()), memory)
            outcomes.reviews.extend(rows.reviews)
            outcomes.answers.extend(rows.answers)
            if state is None:
                outcomes.stateless.append((key,))
            else:
                outcomes.states.append((key, *state))
        outcomes.faces.extend((card, *face) for card, face in _faces(family.events).items())
        if settled.may_change:
            outcomes.settled_anew.extend(event.id for event in family.events)
            outcomes.undone.extend(settled.undone)
    return outcomes


def _faces(events: Iterable[Event]) -> dict[str, Face]:
    """Return the face last logged for each card; undone and moved events count too."""
    return {
        event.card: Face(**details_of(event)["face"])
        for event in events
        if event.card and '"face":' in event.data  # in a text the quotes are escaped
    }


def fold_in_order(
    batches: Iterable[Sequence[Family]], rules: FoldingRules, *, many: bool
) -> Iterator[Outcomes]:
    """Yield the outcomes of each batch of families.

    Args:
        batches: The families; with `many` one batch is taken while that before it is folded.
        rules: The rules for all of them.
        many: True if they are worth a process, which takes 0.2 s to start.
    """
    model_of(rules.parameters)  # which refuses what FSRS cannot use, though no card may need it
    batches = iter(batches)
    waiting: list[Sequence[Family]] = []
    if many and (os.cpu_count() or 1) > 1:
        yield from _fold_in_process(batches, rules, waiting)
    for batch in chain(waiting, batches):
        yield fold_families(batch, rules)


def _fold_in_process(
    batches: Iterator[Sequence[Family]], rules: FoldingRules, waiting: list[Sequence[Family]]
) -> Iterator[Outcomes]:
    """Fold batches in another process; where that ends, `waiting` holds those taken in vain."""
    with suppress(GoneError), started(__name__) as helper:
        helper.send(_encode(rules))
        for batch in batches:
            waiting.append(batch)
            request = _encode(batch)
            before = helper.receive() if waiting[1:] else None
            helper.send(request)
            if before is not None:
                del waiting[0]
                yield _read_outcomes(before)
        if waiting:
            last = helper.receive()
            waiting.clear()
            yield _read_outcomes(last)


def _serve() -> None:
    """Fold the batches that another process sends."""
    with collector_paused():
        requests = messages()
        rules = _read_rules(next(requests))
        for request in requests:
            reply(_encode(fold_families(_read_families(request), rules)))


if __name__ == "__main__":
    _serve()
