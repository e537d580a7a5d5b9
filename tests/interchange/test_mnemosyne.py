"""Cards of Mnemosyne 2, written as its exporter writes them."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sco_quiz.errors import DeckError
from sco_quiz.interchange import mnemosyne, mnemosyne_xml
from sco_quiz.interchange.formats import TableOptions, read
from sco_quiz.interchange.material import ForeignHistory, ForeignReview, Material
from sco_quiz.learning.cards import Rating

if TYPE_CHECKING:
    from pathlib import Path

ATTRIBUTES = {"type", "o_id", "card_t", "fact", "fact_v", "tags", "gr", "e", "l_rp", "n_rp", "time",
              "th_t", "sch_i"}  # fmt: skip
DAY = 86_400


def entry(**values: str) -> str:
    attributes = "".join(f' {key}="{value}"' for key, value in values.items() if key in ATTRIBUTES)
    children = "".join(
        f"<{key}>{escape(value)}</{key}>" for key, value in values.items() if key not in ATTRIBUTES
    )
    return f"<log{attributes}>{children}</log>\n"


def fact(fact_id: str, **texts: str) -> str:
    return entry(type="16", o_id=fact_id, **texts)


def card(of: str, view: str, *, grade: int = -1, due: int = -1, more: str = "", **own: str) -> str:
    values = {"type": "6", "o_id": f"{of}-{view}{more}", "card_t": view.split(".", maxsplit=1)[0]}
    values |= {"fact": of, "fact_v": view, "tags": "t1", "gr": str(grade)}
    values |= {"n_rp": str(due), "l_rp": str(due - 2 * DAY if due > 0 else -1)}
    return entry(**(values | own))


def export(path: Path, *entries: str, **members: bytes) -> Path:
    log = f"<openSM2sync number_of_entries='{len(entries)}'>{''.join(entries)}</openSM2sync>\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("cards.xml", log)
        file.writestr("METADATA", "card_set_name:Central Asia\nnotes:A<br>b\n")
        for name, data in members.items():
            file.writestr(name.replace("__", ".").replace("_in_", "/"), data)
    return path


def bring(path: Path, *entries: str, **members: bytes) -> Material:
    return read(export(path / "x.cards", *entries, **members), TableOptions())


def fields(material: Material) -> list[dict[str, str | list[str]]]:
    return [note.fields for deck in material.decks for note in deck.notes]


def test_each_card_type_becomes_a_note_of_its_kind(tmp_path: Path) -> None:
    material = bring(
        tmp_path,
        entry(type="10", o_id="t1", name="asia::cities"),
        entry(type="10", o_id="t0", name="__UNTAGGED__"),
        fact("a", f="Bishkek", b="<b>Kyrgyzstan</b>\nin the north"),
        fact("b", f="Osh", b="a city"),
        fact("c", f="тоо", p_1="too", m_1="mountain", n="neuter"),
        fact("d", text="The [Oxus:river] is the [Amu Darya]."),
        fact("e", f="La [casa:house] es <$>x_1</$>.", m_1="The house is."),
        fact("f", loc="Osh", blank='<img src="blank.png">', marked='<img src="maps/m.png">'),
        fact("g", f="unused", b="no card"),
        card("a", "1.1", tags="t0"),
        card("b", "2.2"), card("b", "2.1"),
        card("c", "3.1"), card("c", "3.2"),
        card("d", "5.1", extra="{'cloze': 'Amu Darya', 'index': 1}", more="1"),
        card("d", "5.1", extra="{'cloze': 'Oxus', 'index': 0}"),
        card("e", "6.1"), card("e", "6.2", extra="{'cloze': 'casa', 'index': 0}"),
        card("f", "4.1"), card("f", "4.2"),
        blank__png=b"b", maps_in_m__png=b"m",
    )  # fmt: skip
    tags = {"tags": ["asia::cities"]}
    assert fields(material) == [
        {"front": "Bishkek", "back": "**Kyrgyzstan**\nin the north"},
        {"front": "Osh", "back": "a city", "reverse": "true"} | tags,
        {"front": "тоо", "back": "mountain", "reverse": "true", "explain": "too\nneuter"} | tags,
        {"text": "The {{Oxus::river}} is the {{Amu Darya}}."} | tags,
        {"front": "La casa es $x_1$.", "back": "The house is."} | tags,
        {"text": "La {{casa::house}} es $x_1$.", "explain": "The house is."} | tags,
        {"front": "(image)", "back": "Osh", "image": "maps/m.png"} | tags,
        {"front": "Osh", "back": "(image)", "image": "blank.png", "answer_image": "maps/m.png"}
        | tags,
    ]
    deck = material.decks[0]
    assert (deck.title, deck.description) == ("Central Asia", "A\nb")
    assert [note.key for note in deck.notes] == [
        "a",
        "b",
        "c",
        "d",
        "e",
        "e.gaps",
        "f.4.1",
        "f.4.2",
    ]
    assert [file.name for file in material.media] == ["maps/m.png", "blank.png"]
    assert material.media[0].open().read() == b"m"
    assert [(each.where, each.reason) for each in material.skipped] == [
        ("fact 7", "it has no card")
    ]
    assert all(note.cards == () for note in deck.notes)


def test_card_types_of_the_learners_own_are_read(tmp_path: Path) -> None:
    views = [
        entry(type="19", o_id="v1", q_fact_keys="['f']", a_fact_keys="['b', 'x']"),
        entry(type="19", o_id="v2", q_fact_keys="['b']", a_fact_keys='["f"]', type_answer="True"),
    ]
    material = bring(
        tmp_path, *views, fact("a", f="1", b="2", x="3"),
        card("a", "v2", card_t="1::mine"), card("a", "v1", card_t="1::mine"),
        fact("b", ___0="front", ___1="back"), card("b", "7.1", card_t="7::anki"),
        fact("c", f="1"), card("c", "unknown"),
        fact("d", f="5", b="6"), card("d", "1.1"), card("d", "unknown"),
    )  # fmt: skip
    assert fields(material) == [
        {"front": "1", "back": "2\n3"},
        {"question": "2", "answer": "1"},
        {"front": "5", "back": "6"},
    ]
    assert [each.reason for each in material.skipped] == [
        "a card type that came from Anki; export it there", "a card type that is not known here",
        "a card type that is not known here",
    ]  # fmt: skip


def test_learning_data_becomes_history(tmp_path: Path) -> None:
    day = date(2024, 5, 6)
    due = (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY
    material = bring(
        tmp_path,
        fact("a", f="1", b="2"), fact("b", f="3", b="4"), fact("c", text="[x] and [y]"),
        card("a", "2.1", grade=4, due=due), card("a", "2.2"),
        card("b", "1.1", grade=5, due=due + 3 * DAY),
        card("c", "5.1", grade=2, due=due, extra="{'index': 1}"),
        entry(type="9", o_id="b-1.1", time=str(due), gr="5", th_t="7", n_rp=str(due + 3 * DAY)),
        entry(type="9", o_id="b-1.1", time=str(due - 5), gr="0", th_t="2", n_rp=str(due - 5)),
    )  # fmt: skip
    assert [note.cards for note in material.decks[0].notes] == [
        (
            ForeignHistory(
                (ForeignReview((due - 2 * DAY) * 1000, Rating.GOOD, 0, 2),), day.toordinal()
            ),
            ForeignHistory(),
        ),
        (
            ForeignHistory(
                (
                    ForeignReview((due - 5) * 1000, Rating.AGAIN, 2000, 0),
                    ForeignReview(due * 1000, Rating.EASY, 7000, 3),
                ),
                day.toordinal() + 3,
            ),
        ),
        (
            ForeignHistory(),
            ForeignHistory(
                (ForeignReview((due - 2 * DAY) * 1000, Rating.HARD, 0, 2),), day.toordinal()
            ),
        ),
    ]


BOMB = "".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, 10))


@pytest.mark.parametrize(
    ("log", "message"),
    [
        (f'<!DOCTYPE x [<!ENTITY e0 "x">{BOMB}]><openSM2sync>&e9;</openSM2sync>', "declares what"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><openSM2sync/>', "declares what"),
        ("<openSM2sync>" + "<log>" * 100_000, "no export of Mnemosyne"),
        ("<html/>", "no export of Mnemosyne"),
        ("<openSM2sync><log type='16'", "is damaged: unclosed token"),
        ("<openSM2sync>" + "<log/>" * 1001, "more than 1,000 entries"),
        ("<openSM2sync><log type='16'><f>" + "x" * 10_001, "too much text"),
        ("<openSM2sync>" + " " * 1_000_000, "is too large"),
        ("", "is damaged: no element found"),
    ],
)
def test_a_malicious_log_is_refused(
    tmp_path: Path, log: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mnemosyne, "_MAX_LOG", 900_000)
    monkeypatch.setattr(mnemosyne_xml, "MAX_ENTRIES", 1000)
    monkeypatch.setattr(mnemosyne_xml, "MAX_CHARACTERS", 10_000)
    with zipfile.ZipFile(tmp_path / "x.cards", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("cards.xml", log)
    with pytest.raises(DeckError, match=message):
        read(tmp_path / "x.cards", TableOptions())


def test_a_malicious_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.cards"
    path.write_bytes(b"no zip")
    with pytest.raises(DeckError, match="is damaged"):
        read(path, TableOptions())
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("x", "")
    with pytest.raises(DeckError, match=r"has no cards\.xml"):
        read(path, TableOptions())
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("cards.xml", "")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("cards.xml", "")
    with pytest.raises(DeckError, match="two members of one name"):
        read(path, TableOptions())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("cards.xml", "<openSM2sync/>")
        for number in range(10):
            file.writestr(f"{number}.png", bytes(8 << 20))
    with pytest.raises(DeckError, match="too large when unpacked"):
        read(path, TableOptions())


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("package")
    entries = [fact("a", f='1<img src="p.png">', b="2"), card("a", "1.1")]
    return export(folder / "x.cards", *entries, p__png=b"\x89PNG" * 50).read_bytes()


@given(
    cut=st.none() | st.floats(0, 1, exclude_max=True),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), max_size=3),
)
@settings(max_examples=150, deadline=None)
def test_a_damaged_package_is_read_or_refused(
    package: bytes,
    tmp_path_factory: pytest.TempPathFactory,
    cut: float | None,
    flips: list[tuple[float, int]],
) -> None:
    broken = bytearray(package)
    for place, bit in flips:
        broken[int(place * len(broken))] ^= 1 << bit
    if cut is not None:
        del broken[int(cut * len(broken)) :]
    path = tmp_path_factory.getbasetemp() / "broken.cards"
    path.write_bytes(broken)
    with suppress(DeckError):
        for file in read(path, TableOptions()).media:
            with file.open() as opened:
                opened.read()
