"""What is easily misread in Anki's files: forms, days, ratings, cards of no usual type."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from sco_quiz.interchange.anki.reading import read
from sco_quiz.interchange.anki.templates import AnkiTemplate, TemplateError
from sco_quiz.interchange.material import ForeignHistory
from sco_quiz.interchange.material import ForeignReview as Given
from sco_quiz.learning.cards import Rating
from tests.interchange.anki_files import (
    BASIC,
    CREATED,
    Card,
    Note,
    Review,
    collection,
    field,
    note_type,
    package,
    packed,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sco_quiz.interchange.material import Material

AT = 1_600_000_000_000
DAY = date(2020, 1, 1).toordinal()
REVIEW = Card(type=2, queue=2, due=100)


def fronts(material: Material) -> list[object]:
    return [note.fields.get("front") for deck in material.decks for note in deck.notes]


def history(
    folder: Path, card: Card, reviews: Sequence[Review] = (), **conf: object
) -> ForeignHistory:
    """What is read of a card."""
    data = collection(folder / "c.db", cards=[card], reviews=reviews, conf=conf)
    (deck,) = read(packed(folder / "x.apkg", data)).decks
    return deck.notes[0].cards[0] if deck.notes[0].cards else ForeignHistory()


def test_the_newest_collection_that_counts_is_read(tmp_path: Path) -> None:
    old, new, newest = (
        collection(tmp_path / "c.db", [Note([name, "b"])]) for name in ("old", "new", "newest")
    )
    with_stub = packed(tmp_path / "a.apkg", newest)
    members = {"collection.anki2": old, "collection.anki21": new, "media": b"{}"}
    assert fronts(read(with_stub)) == ["newest"]
    assert fronts(read(package(tmp_path / "b.apkg", members))) == ["new"]
    assert fronts(read(package(tmp_path / "c.apkg", {"meta": b"\x08\x01", **members}))) == ["old"]
    assert fronts(read(package(tmp_path / "d.apkg", {"collection.anki2": old}))) == ["old"]


def test_the_stub_that_asks_to_update_anki_is_not_imported(tmp_path: Path) -> None:
    stub = collection(tmp_path / "c.db", [Note(["Please update", ""])])
    real = packed(tmp_path / "a.apkg", collection(tmp_path / "c.db", [Note(["real", "b"])]))

    with zipfile.ZipFile(real, "a") as more:
        more.writestr("collection.anki2", stub)
    assert fronts(read(real)) == ["real"]


def test_a_collection_that_had_a_write_ahead_log_is_read(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    collection(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
    data = path.read_bytes()
    assert data[18:20] == b"\2\2"
    assert fronts(read(packed(tmp_path / "x.apkg", data))) == ["f"]


def test_tables_of_schema_18_are_read_with_names_in_any_case(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    collection(path, [Note(["a", "b"]), Note(["c", "d"], 2, mid=9)], [Card(did=5), Card(2, 2)])
    with closing(sqlite3.connect(path)) as db:
        db.create_collation("unicase", lambda a, b: (a > b) - (a < b))
        db.executescript("""
            UPDATE col SET conf = '', models = '', decks = '';
            CREATE TABLE config (KEY text PRIMARY KEY, usn, mtime_secs, val blob) WITHOUT ROWID;
            CREATE TABLE decks (id integer PRIMARY KEY, name text COLLATE unicase, kind blob);
            CREATE TABLE notetypes (id integer PRIMARY KEY, name text COLLATE unicase, config blob);
            CREATE UNIQUE INDEX idx_names ON notetypes (name);
            CREATE TABLE fields (ntid, ord, name text COLLATE unicase, config blob,
                PRIMARY KEY (ntid, ord)) WITHOUT ROWID;
            CREATE TABLE templates (ntid, ord, name text COLLATE unicase, config blob,
                PRIMARY KEY (ntid, ord)) WITHOUT ROWID;
        """)
        db.execute("INSERT INTO config VALUES ('schedVer', 0, 0, ?)", (b"2",))
        kind = field(1, field(4, b"About <b>it</b>"))
        db.execute("INSERT INTO decks VALUES (5, 'Asia\x1fCities', ?)", (kind,))
        db.execute("INSERT INTO notetypes VALUES (1, 'Basic', x'')")
        for order, name in enumerate(BASIC):
            db.execute("INSERT INTO fields VALUES (1, ?, ?, x'')", (order, name))
        config = field(1, BASIC["Front"].encode()) + field(2, BASIC["Back"].encode())
        for kind_of_note in (1, 9):  # there is no ninth
            db.execute("INSERT INTO templates VALUES (?, 0, 'Card', ?)", (kind_of_note, config))
        db.commit()
    material = read(packed(tmp_path / "x.apkg", path.read_bytes()))
    (deck,) = material.decks
    assert (deck.title, deck.description) == ("Asia::Cities", "About **it**")
    assert fronts(material) == ["a"]
    assert material.skipped == [("“c d”", "its note type is not there")]


def test_due_days_are_counted_in_the_time_zone_of_the_collections_creation(tmp_path: Path) -> None:
    assert history(tmp_path, REVIEW, creationOffset=0).due == DAY + 100
    assert history(tmp_path, REVIEW, creationOffset=-600).due == DAY + 100
    # 4:00 in UTC was the evening before where it was five hours earlier.
    assert history(tmp_path, REVIEW, creationOffset=300).due == DAY + 99
    here = datetime.fromtimestamp(CREATED, UTC).astimezone().date().toordinal()
    assert history(tmp_path, REVIEW).due == here + 100


def test_cards_in_filtered_decks_have_their_own_deck_and_day(tmp_path: Path) -> None:
    card = REVIEW._replace(did=7, due=-100_000, odid=1, odue=50)
    data = collection(
        tmp_path / "c.db", cards=[card], decks={1: "Home", 7: "Cram"}, conf={"creationOffset": 0}
    )
    (deck,) = read(packed(tmp_path / "x.apkg", data)).decks
    assert deck.title == "Home"
    assert deck.notes[0].cards[0].due == DAY + 50


def test_a_card_in_learning_is_due_on_the_day_of_its_step(tmp_path: Path) -> None:
    noon = int(datetime(2020, 5, 5, 12).timestamp())  # noqa: DTZ001 -- where this runs
    day = date(2020, 5, 5).toordinal()
    for queue in (1, -1, -2):
        card = REVIEW._replace(type=1, queue=queue, due=noon)
        assert history(tmp_path, card).due == day
    night = REVIEW._replace(type=3, queue=1, due=noon + 15 * 3600)
    assert history(tmp_path, night).due == day
    assert history(tmp_path, night, rollover=2).due == day + 1
    assert (
        history(tmp_path, REVIEW._replace(type=3, queue=3, due=9), creationOffset=0).due == DAY + 9
    )


def test_marks_are_kept_and_buried_cards_are_not_set_aside(tmp_path: Path) -> None:
    assert history(tmp_path, REVIEW._replace(queue=-1)).suspended
    assert not history(tmp_path, REVIEW._replace(queue=-2)).suspended
    assert not history(tmp_path, REVIEW._replace(queue=-3)).suspended
    assert history(tmp_path, REVIEW._replace(flags=0b1011)).flag == 3


@pytest.mark.parametrize(
    ("version", "kind", "ease", "rating"),
    [
        (1, 0, 1, 1), (1, 0, 2, 3), (1, 0, 3, 4), (1, 2, 2, 3), (1, 2, 3, 4),
        (1, 1, 2, 2), (1, 1, 3, 3), (1, 1, 4, 4), (2, 0, 2, 2), (2, 2, 3, 3), (2, 0, 4, 4),
    ],
)  # fmt: skip
def test_learning_had_no_hard_with_the_old_scheduler(
    version: int, kind: int, ease: int, rating: int, tmp_path: Path
) -> None:
    reviews = [Review(AT, ease, kind)]
    assert history(tmp_path, REVIEW, reviews, schedVer=version).reviews[0].rating == Rating(rating)


def test_an_easy_in_learning_proves_the_new_scheduler(tmp_path: Path) -> None:
    reviews = [Review(AT, 3, 0), Review(AT + 1, 4, 0)]
    ratings = [each.rating for each in history(tmp_path, REVIEW, reviews, schedVer=1).reviews]
    assert ratings == [Rating.GOOD, Rating.EASY]


def test_entries_of_the_log_that_are_not_answers_are_skipped(tmp_path: Path) -> None:
    reviews = [
        Review(AT + 5, 3, 1, 9, time=2_000), Review(AT, 3, 0, -600), Review(AT + 1, 0),
        Review(AT + 2, 3, 4), Review(AT + 3, 3, 5), Review(AT + 4, 3, 3, factor=0),
        Review(AT + 6, 7), Review(-AT, 3), Review(AT + 7, 3, cid=99),
    ]  # fmt: skip
    data = collection(tmp_path / "c.db", cards=[REVIEW], reviews=reviews)
    material = read(packed(tmp_path / "x.apkg", data))
    assert material.decks[0].notes[0].cards[0].reviews == (
        Given(AT, Rating.GOOD, 1_000, 0),
        Given(AT + 5, Rating.GOOD, 2_000, 9),
    )
    assert [reason for _, reason in material.lossy] == [
        "2 answers with an impossible time or rating: not kept",
        "1 answer in filtered decks that changed no due date: not kept",
        "1 answer of cards that are gone or left behind: not kept",
    ]


def test_reviews_before_a_reset_are_not_imported(tmp_path: Path) -> None:
    reviews = [Review(AT, 3), Review(AT + 5, 0, 4, factor=0), Review(AT + 9, 2)]
    assert [each.at for each in history(tmp_path, REVIEW, reviews).reviews] == [AT + 9]
    assert history(tmp_path, Card(), reviews) == ForeignHistory()
    moved = [Review(AT, 3), Review(AT + 5, 0, 4, factor=2500)]  # given another date
    assert [each.at for each in history(tmp_path, REVIEW, moved).reviews] == [AT]


def test_an_export_without_scheduling_brings_no_memory(tmp_path: Path) -> None:
    data = json.dumps({"pos": 3, "s": 12.5, "d": 5.0, "dr": 0.9})
    assert history(tmp_path, Card(data=data, due=3)) == ForeignHistory()


def made(folder: Path, values: dict[str, str], *templates: tuple[str, str], cloze: bool = False,
         orders: Sequence[int] = (0,)) -> Material:  # fmt: skip
    kind = note_type(list(values), templates, cloze=cloze)
    cards = [Card(number, ord=order) for number, order in enumerate(orders, 1)]
    notes = [Note(list(values.values()), tags=" x  y x ")]
    return read(
        packed(folder / "x.apkg", collection(folder / "c.db", notes, cards, types={1: kind}))
    )


def test_cards_are_rendered_by_their_templates(tmp_path: Path) -> None:
    values = {"A": "a <b>1</b>", "B": "", "C": "<br> ", "D": "漢字[かんじ]"}
    question = (
        "<style>{{A}}</style><!-- {{A}} -->{{#A}}{{^B}}{{text:A}}{{#B}}never{{/B}}{{/B}}{{/A}}"
        "{{#C}}nor this{{/C}} {{furigana:D}} {{kana:D}} {{Tags}} {{Subdeck}} {{{A}}} {{hint:A}}"
    )
    material = made(tmp_path, values, (question, "{{A}}<hr id=answer>{{kanji:D}} {{Card}}{{Nope}}"))
    (note,) = material.decks[0].notes
    assert note.fields == {
        "front": "a 1 漢字(かんじ) かんじ x  y x Default a **1**".replace("  ", " "),
        "back": "a **1**\n\n漢字 Card 1",
        "hint": "a **1**",
        "tags": ["x", "y"],
    }
    assert material.lossy == [
        ("“a 1 漢字[かんじ]”", "a field that the note type does not have is not kept")
    ]


def test_cards_without_a_question_or_an_answer_are_reported(tmp_path: Path) -> None:
    material = made(tmp_path, {"A": "a", "B": ""}, ("{{A}}", "{{B}}"), ("{{B}}", "{{A}}!"),
                    orders=(0, 1, 2))  # fmt: skip
    assert material.decks == []
    assert [reason for _, reason in material.skipped] == [
        "its template is not there", "its answer is empty", "its question is empty",
    ]  # fmt: skip


def test_a_side_of_files_alone_says_so(tmp_path: Path) -> None:
    kind = note_type(["A"], [('<img src="{{A}}">', "[sound:{{A}}]")])
    data = collection(tmp_path / "c.db", [Note(["x.png"])], types={1: kind})
    (note,) = read(packed(tmp_path / "x.apkg", data, {"x.png": b"1"})).decks[0].notes
    assert note.fields == {
        "front": "(image)", "back": "(recording)", "image": "x.png", "answer_audio": "x.png",
    }  # fmt: skip


def test_every_image_of_a_side_is_imported(tmp_path: Path) -> None:
    sides = [
        "Compare <img src='a.png'> with <img src='b.png'>",
        "<img src=c.png> is <img src=d.png>",
    ]
    data = collection(
        tmp_path / "c.db",
        [Note(sides)],
        types={1: note_type(["Front", "Back"], [("{{Front}}", "{{Back}}")])},
    )
    files = {f"{each}.png": each.encode() for each in "abcd"}
    material = read(packed(tmp_path / "x.apkg", data, files))
    (note,) = material.decks[0].notes
    assert note.fields == {
        "front": "Compare  with", "back": "is",
        "image": ["a.png", "b.png"], "answer_image": ["c.png", "d.png"],
    }  # fmt: skip
    assert (material.lossy, material.skipped) == ([], [])
    assert {file.name: file.open().read() for file in material.media} == files


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("{{c1::a}} {{c1::b::hint}}", [{"text": "{{c1::a}} {{c1::b::hint}}"}]),
        ("{{c1,2::a}} b", [{"text": "{{c1::a}} b"}, {"front": "[…] b", "back": "a"}]),
        (
            "{{c1::a {{c2::b::h}}}} c",
            [{"text": "{{c1::a b}} c"}, {"front": "a [h] c", "back": "b"}],
        ),
        # What is no deletion of Anki's is none of ours.
        ("{{x}} {{c1::a}}", [{"text": "{ {x}} {{c1::a}}"}]),
        # Nothing of ours leaves nothing out: it becomes a card to think about.
        (
            "{{c1::<img src=i.png>}} b",
            [{"front": "[…] b", "back": "(image)", "answer_image": "i.png"}],
        ),
    ],
)
def test_every_cloze_deletion_is_asked(
    text: str, notes: list[dict[str, str]], tmp_path: Path
) -> None:
    kind = note_type(["T"], [("{{cloze:T}}", "{{cloze:T}}")], cloze=True)
    orders = sorted({int(each) - 1 for each in text if each in "12" and each.isdecimal()})
    cards = [Card(number, ord=order) for number, order in enumerate(orders, 1)]
    data = collection(tmp_path / "c.db", [Note([text])], cards, types={1: kind})
    material = read(packed(tmp_path / "x.apkg", data, {"i.png": b"1"}))
    assert [note.fields for note in material.decks[0].notes] == notes


def test_image_occlusions_are_skipped_with_the_reason(tmp_path: Path) -> None:
    text = "{{c1::image-occlusion:rect:left=.1:top=.2}}"
    material = made(tmp_path, {"T": text}, ("{{cloze:T}}", ""), cloze=True)
    assert [reason for _, reason in material.skipped] == ["it hides parts of an image"]


def test_a_template_that_grows_beyond_a_page_is_refused() -> None:
    with pytest.raises(TemplateError):
        AnkiTemplate("{{A}}" * 1_000).render({"A": "x" * 100_000})
    with pytest.raises(TemplateError):
        AnkiTemplate("{{A}}" * 2_001)
    deep = "{{#A}}" * 999 + "x" + "{{/A}}" * 999
    assert AnkiTemplate(deep).render({"A": "y"}).html == "x"
    assert AnkiTemplate(deep).render({"A": ""}).html == ""
    assert AnkiTemplate("{{#A}}x{{/B}}{{A").render({"A": "y"}).html == "x{{A"
