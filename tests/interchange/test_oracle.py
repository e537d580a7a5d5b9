"""The judge itself: it keeps what it is told, and what it writes it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.interchange.oracle import Answer, NewNote, Type

if TYPE_CHECKING:
    from pathlib import Path

    from tests.interchange.oracle import Note, Oracle


def _same(note: Note) -> Note:
    """Less what Anki counts in each collection by itself: days, and types of the same name."""
    cards = [card._replace(due=0) for card in note.cards]
    return note._replace(type=note.type.rstrip("+"), cards=cards)


@pytest.mark.parametrize("legacy", [True, False], ids=["legacy", "new"])
@pytest.mark.parametrize("ending", ["apkg", "colpkg"])
def test_anki_reads_back_all_that_it_wrote(
    anki: Oracle, tmp_path: Path, ending: str, legacy: bool
) -> None:
    made = anki.make(
        [
            NewNote("Basic", ["Bishkek", "Kyrgyzstan"], "Asia::Capitals", ["a", "b::c"]),
            NewNote("Cloze", ["{{c1::Osh}} and {{c2::Naryn::a river}}", ""]),
            NewNote("Mine", ["1", '2 <img src="map.png">']),
        ],
        types=[Type("Mine", ["P", "Q"], [("one", "{{P}}?", "{{FrontSide}} is {{Q}}")])],
        media={"map.png": b"a map"},
    )
    given = [(-30, 3), (-28, 3), (-15, 1), (-15, 3), (-10, 4)]
    made.study([Answer(day, 0, 0, rating) for day, rating in given], [(1, 1)], [(2, 0, 3)])
    first, second, third = made.notes()
    card = first.cards[0]
    assert (first.tags, card.deck) == (["a", "b::c"], "Asia::Capitals")
    days = [round((each.at - card.reviews[-1].at) / 86_400_000) - 10 for each in card.reviews]
    assert list(zip(days, (each.rating for each in card.reviews), strict=True)) == given
    assert (card.type, card.reps, card.due_in) == (2, 5, card.interval - 10)
    assert card.stability
    assert card.stability > 5
    assert [each.queue for each in second.cards] == [0, -1]
    assert [each.question for each in third.cards] == ["1?"]
    assert third.cards[0].flag == 3
    package = made.export(tmp_path / f"all.{ending}", legacy=legacy)
    taken = anki.collection().take(package)
    assert [_same(note) for note in taken.notes()] == [_same(note) for note in made.notes()]
    assert taken.media() == {"map.png": b"a map"}
