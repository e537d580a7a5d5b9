"""What was done elsewhere, written into the log as the events of another device."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.progress.log import INSERT_EVENT, Event, as_json
from sco_quiz.progress.store import face_of
from sco_quiz.progress.sums import sum_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator

    from sco_quiz.progress.log import Draft


class Brought(NamedTuple):
    """What was done elsewhere.

    Attributes:
        device: The id under which it is written; of no other device.
        drafts: The events, card by card; of no session.
        told: Called now and then while they are put into the views, with how many cards of how many
            are done.
    """

    device: str
    drafts: Iterable[Draft]
    told: Callable[[int, int], None] | None = None


_DRAWS = 16


def new_device() -> str:
    """An id that no other device has, and that will stand behind those that are there.

    Rows before others, in the order of the log's key, take five times as long to write.
    """
    return max(os.urandom(6).hex() for _ in range(_DRAWS))


def bring(db: sqlite3.Connection, brought: Brought, along: Event) -> set[str]:
    """Write events of another device.

    Args:
        db: Holds log and views; the views are not brought up to date.
        brought: The events.
        along: The event that they come with. What happened before it stands in the total order
            where it happened, everything else right after it.

    Returns:
        The cards that they are about.
    """
    cards: set[str] = set()

    def events() -> Iterator[Event]:
        before = b""
        for seq, draft in enumerate(brought.drafts, 1):
            data = draft.data
            if draft.card and draft.card not in cards:
                cards.add(draft.card)
                if draft.face and draft.face != face_of(db, draft.card):
                    data = {**data, "face": draft.face._asdict()}
            at, tz, day = draft.moment
            stamp = at if at < along.at else along.stamp
            event = Event(
                brought.device, seq, stamp, at, tz, day, str(draft.kind), draft.card, draft.session,
                as_json(data), sum=b"",
            )  # fmt: skip
            before = sum_of(event, before)
            yield event._replace(sum=before)

    db.executemany(INSERT_EVENT, events())
    return cards
