"""Folds the events of a card into the states it went through and a row for each answer."""

from __future__ import annotations

from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from sco_quiz.learning.cards import CardState, Rating, State
from sco_quiz.learning.kinds import KINDS
from sco_quiz.learning.memory import MemoryModel, Promise
from sco_quiz.progress.details import details_of
from sco_quiz.progress.log import Event, EventKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sco_quiz.progress.log import Order

# On Python 3.11 to name a member by its class takes as long as a call, for each event of a replay.
_REVIEW, _ANSWER = EventKind.REVIEW, EventKind.ANSWER
_IN_REVIEW = State.REVIEW
_STATES = {state.value: state for state in State}
_RATINGS = {rating.value: rating for rating in Rating}
_SINGLE = frozenset(kind for kind, spec in KINDS.items() if spec.can_be_mistaken)
"""The kinds that ask for one answer, which may be confused with that of another card."""


class CountingEvents(NamedTuple):
    """The events that count, by the card for which they count.

    Attributes:
        events: By card, the events that count for it, in order. A card without any is left out.
        undone: The ids of the events that don't count.
        may_change: True if some may have counted before, or may count again: they were undone,
            or the undo was.
    """

    events: dict[str, list[Event]]
    undone: set[tuple[str, int]]
    may_change: bool


def undone_of(events: Sequence[Event], withdrawn: Collection[str] = ()) -> set[tuple[str, int]]:
    """Return the ids of the events that don't count; an undo that is undone has no effect.

    Args:
        events: In order.
        withdrawn: Devices whose events don't count.
    """
    undone: set[tuple[str, int]] = set()
    for event in reversed(events):  # backwards, since an undo comes after its event
        if event.device in withdrawn:
            undone.add(event.id)
        elif event.kind == EventKind.UNDO and event.id not in undone:
            target = event.details
            undone.add((target["device"], target["seq"]))
    return undone & {event.id for event in events}


def _imported_twice(
    events: Sequence[Event], undone: Collection[tuple[str, int]]
) -> set[tuple[str, int]]:
    """Return the ids of foreign answers that two devices imported; one of each counts.

    Args:
        events: In order.
        undone: The ids of the events that don't count anyway.
    """
    first: dict[tuple[str | None, int], str] = {}
    return {
        event.id
        for event in events
        if event.kind == EventKind.REVIEW
        and event.session is None
        and event.id not in undone
        and first.setdefault((event.card, event.at), event.device) != event.device
    }


def settle(
    events: Sequence[Event],
    withdrawn: Collection[str] = (),
    starts: Mapping[str, Order] = MappingProxyType({}),
) -> CountingEvents:
    """Decide for each event if it counts, and for which card.

    A re-link moves the earlier events of the old key to the new key. It also moves later ones from
    a session that began before it, since that session did not know of the re-link. Events of the
    old key in a session that began after it belong to a card that the learner brought back, and
    stay with the old key.

    Args:
        events: All events of a family of cards, in order.
        withdrawn: Devices whose events don't count.
        starts: The places in the total order where sessions began, by their ids; events of other
            sessions are not moved.
    """
    kinds = {event.kind for event in events}
    devices = {event.device for event in events}
    may_change = EventKind.UNDO in kinds or not devices.isdisjoint(withdrawn)
    if not may_change and len(devices) == 1 and EventKind.RELINK not in kinds:
        return CountingEvents(_by_card(events), set(), may_change)
    undone = undone_of(events, withdrawn)
    undone |= _imported_twice(events, undone)
    cards: dict[str, list[Event]] = {}
    relinks: list[Relink] = []
    for event in events:
        if event.card is None or event.id in undone or event.kind == EventKind.UNDO:
            continue
        key = event.card
        if relinks and event.session is not None and event.session in starts:
            key = followed(key, relinks, since=starts[event.session])
        counting = cards.setdefault(key, [])
        if event.kind == EventKind.RELINK and (old := event.details["old"]) != key:
            counting += cards.pop(old, [])
            counting.sort(key=attrgetter("order"))
            relinks.append(Relink(event.order, old, key))
        counting.append(event)
    return CountingEvents(cards, undone, may_change or bool(undone))


def _by_card(events: Sequence[Event]) -> dict[str, list[Event]]:
    cards: dict[str, list[Event]] = {}
    for event in events:
        if event.card is not None:
            cards.setdefault(event.card, []).append(event)
    return cards


class Relink(NamedTuple):
    """A card that got another key.

    Attributes:
        order: The place of the event in the total order.
        old: The key until then.
        new: The key from then on.
    """

    order: Order
    old: str
    new: str


def followed(key: str, relinks: Iterable[Relink], *, since: Order) -> str:
    """Return the key of a card after the re-links that came after a given moment.

    Args:
        key: The key that the card had at that moment.
        relinks: In order.
        since: The moment, as a place in the total order.
    """
    for relink in relinks:
        if relink.old == key and relink.order > since:
            key = relink.new
    return key


class Transition(NamedTuple):
    """An event of a card, and the states of the card before and after it.

    Attributes:
        event: The event.
        details: Its `data`, parsed.
        before: The state until then.
        after: The state from then on; a review's promised due date is in it.
    """

    event: Event
    details: dict[str, Any]
    before: CardState
    after: CardState


def transitions_of(events: Iterable[Event], memory: MemoryModel) -> Iterator[Transition]:
    """Go through the counting events of a card, in order."""
    state = CardState()
    for event in events:
        before, data = state, details_of(event)
        state = _state_after(before, event, data, memory)
        yield Transition(event, data, before, state)


def _state_after(
    state: CardState, event: Event, data: dict[str, Any], memory: MemoryModel
) -> CardState:
    """Return the state of a card after an event of it. States are made nowhere else."""
    if event.kind == _REVIEW:
        promise = Promise(_STATES[data["state"]], data["step"], data["due_day"], data["due_at"])
        return memory.after(state, _RATINGS[data["rating"]], event.day, promise)
    match event.kind:
        case EventKind.SUSPEND:
            return state._replace(suspended=True)
        case EventKind.UNSUSPEND:
            return state._replace(suspended=False)
        case EventKind.BURY:
            return state._replace(buried_until=data["until"])
        case EventKind.TODAY:
            return state._replace(brought=event.day, buried_until=0)
        case EventKind.FLAG:
            return state._replace(flag=data["flag"])
        case EventKind.RESET:
            return CardState(suspended=state.suspended, flag=state.flag)
    return state


class ViewRows(NamedTuple):
    """Rows of the tables `review` and `answer`, each beginning with the id of its event."""

    reviews: list[tuple[Any, ...]]
    answers: list[tuple[Any, ...]]


class FoldedCard(NamedTuple):
    """The state and the rows that follow from the events of a card.

    Attributes:
        state: The card's state; None for a card that was asked in quizzes only.
        rows: Its rows.
    """

    state: CardState | None
    rows: ViewRows


def fold(key: str, events: Iterable[Event], memory: MemoryModel) -> FoldedCard:
    """Fold the counting events of a card, given in order."""
    state, rows, has_state = CardState(), ViewRows([], []), False
    for event in events:
        data, before = details_of(event), state
        if event.kind == _ANSWER:
            rows.answers.append(_answer_row(key, event, data))
            continue
        state, has_state = _state_after(before, event, data, memory), True
        if event.kind == _REVIEW:
            rows.reviews.append(_review_row(key, event, data, before, memory))
    return FoldedCard(state if has_state else None, rows)


def _review_row(
    key: str, event: Event, data: dict[str, Any], before: CardState, memory: MemoryModel
) -> tuple[Any, ...]:
    device, seq, _, at, tz, day, _, _, session, _, _ = event
    interval, predicted = 0, None
    if before.state == _IN_REVIEW:
        interval = before.due_day - before.last_day
        if day > before.last_day:
            predicted = memory.retrievability(before.stability, day - before.last_day)
    return (
        device, seq, key, session, at, tz, day,
        data["rating"], data["verdict"], data["asked"], data["was"], data["ms"],
        interval, predicted, _mistake(data),
    )  # fmt: skip


def _answer_row(key: str, event: Event, data: dict[str, Any]) -> tuple[Any, ...]:
    return (
        *event.id, key, event.session, event.at, event.tz, event.day,
        int(data["correct"]), data["verdict"], data["asked"], int(data["late"]), data["ms"],
        _mistake(data),
    )  # fmt: skip


def _mistake(data: dict[str, Any]) -> str | None:
    given = data["answer"]
    wrong = data["verdict"] == "wrong" and data["asked"] in _SINGLE
    return given or None if wrong and isinstance(given, str) else None
