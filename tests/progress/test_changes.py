"""Changes of a log since a mark: told by its rows, or said to be unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz.learning.study_day import Moment
from sco_quiz.progress import log
from sco_quiz.progress.appending import ForeignEvents
from sco_quiz.progress.changes import changed_since, mark_of
from sco_quiz.progress.store import Progress

if TYPE_CHECKING:
    from pathlib import Path

    from sco_quiz.learning.cards import Card

NOW = Moment(1_000_000, 0, 1)


def test_the_cards_of_new_rows_are_told_up_to_a_number(
    progress: Progress, cards: list[Card]
) -> None:
    db = progress.connection
    empty = mark_of(db)
    progress.append(*(log.flag(NOW, card, 1) for card in cards[:2]))
    mark = mark_of(db)
    assert changed_since(db, mark, 0) == set()
    assert changed_since(db, empty, 2) == {card.key for card in cards[:2]}
    assert changed_since(db, empty, 1) is None
    progress.append(log.session_end(NOW, "a session"))
    assert changed_since(db, mark, 1) == set()


def test_nothing_is_told_of_rows_that_only_have_the_same_names(
    tmp_path: Path, cards: list[Card]
) -> None:
    def brought(name: str, flag: int) -> Progress:
        """A log that holds a row of a device with an id that others have too."""
        with Progress.open(tmp_path / f"{name}-source.db") as source:
            rows = ForeignEvents("elsewhere", [log.flag(NOW, cards[0], flag)])
            imported = log.imported(NOW, "a file", {}, device="elsewhere")
            source.append_with(lambda _: None, imported, brought=rows)
            events = [event for event in source.events() if event.device == "elsewhere"]
        progress = Progress.open(tmp_path / f"{name}.db")
        progress.merge(events)
        return progress

    with brought("one", 1) as one, brought("other", 2) as other, brought("same", 1) as same:
        mark = mark_of(one.connection)
        assert changed_since(same.connection, mark, 9) == set()
        assert changed_since(other.connection, mark, 9) is None
