"""What Anki exports becomes our notes, with what was done with their cards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from sco_quiz.interchange.anki.reading import read
from sco_quiz.interchange.material import ForeignHistory
from tests.interchange.oracle import Answer, NewNote, Type

if TYPE_CHECKING:
    from sco_quiz.interchange.material import ForeignNote, Material
    from tests.interchange.oracle import Oracle

PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 100
GIVEN = [(-30, 3), (-28, 3), (-15, 1), (-15, 3), (-10, 4)]
NOTES = [
    NewNote(
        "Basic", ["What is <b>Osh</b>?", "A&nbsp;city<br>in the south"], "Asia::Cities", ["a::b"]
    ),
    NewNote("Basic (and reversed card)", ["Bishkek", 'Kyrgyzstan<img src="map.png">']),
    NewNote("Basic (optional reversed card)", ["Astana", "Kazakhstan", ""]),
    NewNote("Basic (optional reversed card)", ["Dushanbe", "Tajikistan", "y"]),
    NewNote("Basic (type in the answer)", ["Capital of Iran?", "Tehran"]),
    NewNote("Cloze", ["{{c2::Naryn::a river}} and {{c1::Chu}}, {{c1::Talas}}", "They rise there."]),
    NewNote("Cloze", ["{{c1::The {{c2::Aral}} Sea}} is {{c3::small}}", ""]),
    NewNote("Two", ["x", "[sound:say.mp3] y", "z"]),
]
TWO = Type(
    "Two",
    ["P", "Q", "R"],
    [
        ("one", "{{P}}?", "{{FrontSide}}<hr id=answer>{{Q}}{{#R}}<br>({{R}}){{/R}}"),
        ("two", "{{#Q}}Who is {{P}}?{{/Q}}", "{{R}}"),
    ],
)  # fmt: skip


EXPECTED: list[dict[str, object]] = [
    {"front": "What is **Osh**?", "back": "A city\nin the south", "tags": ["a::b"]},
    {"front": "Bishkek", "back": "Kyrgyzstan", "answer_image": "map.png", "reverse": "true"},
    {"front": "Astana", "back": "Kazakhstan"},
    {"front": "Dushanbe", "back": "Tajikistan", "reverse": "true"},
    {"question": "Capital of Iran?", "answer": "Tehran"},
    {
        "text": "{{c2::Naryn::a river}} and {{c1::Chu}}, {{c1::Talas}}",
        "explain": "They rise there.",
    },
    {"text": "{{c1::The Aral Sea}} is {{c3::small}}"},
    {"front": "The […] Sea is small", "back": "Aral"},
    {"front": "x?", "back": "y\n(z)", "answer_audio": "say.mp3"},
    {"front": "Who is x?", "back": "z"},
]


@pytest.fixture(scope="module")
def written(anki: Oracle, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Material]:
    """What is read of all forms in which Anki writes the same collection."""
    media = {"map.png": PNG, "say.mp3": b"ID3 said"}
    made = anki.make(NOTES, types=[TWO], media=media)
    answers = [Answer(day, 0, 0, rating, 3_000 + day) for day, rating in GIVEN]
    answers += [Answer(0, 5, 1, 3)]
    made.study(answers, [(1, 1)], [(7, 1, 4)])
    folder = tmp_path_factory.mktemp("written")
    forms = {}
    for ending in ("apkg", "colpkg"):
        for legacy in (True, False):
            name = f"{ending}-{'old' if legacy else 'new'}"
            forms[name] = read(made.export(folder / f"{name}.{ending}", legacy=legacy))
    bare = made.export(folder / "bare.apkg", scheduling=False)
    return {**forms, "bare": read(bare)}


PROMPTS = ("front", "question", "text")
FORMS = ["apkg-old", "apkg-new", "colpkg-old", "colpkg-new"]


def by_prompt(material: Material) -> dict[str, ForeignNote]:
    notes = [note for deck in material.decks for note in deck.notes]
    return {
        str(next(note.fields[key] for key in PROMPTS if key in note.fields)): note for note in notes
    }


@pytest.mark.parametrize("form", [*FORMS, "bare"])
def test_every_version_of_the_package_format_gives_the_same_notes(
    written: dict[str, Material], form: str
) -> None:
    material = written[form]
    assert [deck.title for deck in material.decks] == ["Asia::Cities", "Default"]
    assert material.skipped == []
    assert material.lossy == []
    notes = by_prompt(material)
    assert [note.fields for note in notes.values()] == EXPECTED
    assert len({note.key for note in notes.values()}) == len(notes)
    named = {media.name: media.open().read() for media in material.media}
    assert named == {"map.png": PNG, "say.mp3": b"ID3 said"}


@pytest.mark.parametrize("form", FORMS)
def test_every_version_of_the_package_format_gives_the_same_histories(
    written: dict[str, Material], form: str, anki: Oracle
) -> None:
    notes = by_prompt(written[form])
    (card,) = notes["What is **Osh**?"].cards
    last = card.reviews[-1]
    now = datetime.now(UTC) - timedelta(hours=4)
    days = [round((review.at - last.at) / 86_400_000) - 10 for review in card.reviews]
    ratings = [int(review.rating) for review in card.reviews]
    assert list(zip(days, ratings, strict=True)) == GIVEN
    assert [review.milliseconds for review in card.reviews] == [3000 + day for day, _ in GIVEN]
    assert [review.interval > 0 for review in card.reviews] == [False, True, False, True, True]
    assert card.due == now.date().toordinal() - 10 + last.interval
    assert notes["Bishkek"].cards == (ForeignHistory(), ForeignHistory(suspended=True))
    assert notes["Who is x?"].cards == (ForeignHistory(flag=4),)
    cloze = notes["{{c2::Naryn::a river}} and {{c1::Chu}}, {{c1::Talas}}"].cards
    assert [len(each.reviews) for each in cloze] == [1, 0]
    assert cloze[0].due in {date.today().toordinal() + day for day in (-1, 0, 1)}  # noqa: DTZ011


def test_an_export_without_scheduling_has_new_cards(written: dict[str, Material]) -> None:
    histories = [card for note in by_prompt(written["bare"]).values() for card in note.cards]
    assert [history for history in histories if history.reviews or history.due] == []
