"""Packages that mean harm, or came to some: a message, and neither much memory nor much time."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from backports import zstd

from sco_quiz.errors import DeckError, UsageError
from sco_quiz.interchange.anki import collection as collections
from sco_quiz.interchange.anki import sides
from sco_quiz.interchange.anki.reading import read
from tests.interchange.anki_files import (
    Card,
    Note,
    Review,
    collection,
    field,
    note_type,
    package,
    packed,
    varint,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MIB = 1 << 20
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
COLUMNS = "x AS id, 'g' || x AS guid, 1 AS mid, '' AS tags, 'a' || char(31) || 'b' AS flds"


def zeros(path: Path, size: int) -> Path:
    """A package of the newest form whose collection is nothing but zeros."""
    packer = zstd.ZstdCompressor()
    parts = [packer.compress(bytes(16 * MIB)) for _ in range(size // (16 * MIB))]
    data = b"".join([*parts, packer.flush()])
    assert len(data) * 20_000 < size
    return package(path, {"meta": b"\x08\x03", "collection.anki21b": data})


def bomb(folder: Path) -> Path:
    return zeros(folder / "x.apkg", 1024 * MIB)


def deflated_bomb(folder: Path) -> Path:
    path = folder / "x.apkg"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made,
        made.open("collection.anki2", "w") as member,
    ):
        for _ in range(20):
            member.write(bytes(16 * MIB))
    return path


def endless_view(folder: Path) -> Path:
    more = f"DROP TABLE notes; CREATE VIEW notes AS {ENDLESS} SELECT {COLUMNS} FROM n;"
    return packed(folder / "x.apkg", collection(folder / "c.db", more=more))


def endless_view_that_says_it_is_a_table(folder: Path) -> Path:
    more = (
        f"DROP TABLE notes; CREATE VIEW notes AS {ENDLESS} SELECT {COLUMNS} FROM n;"
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET type = 'table' WHERE name = 'notes';"
    )
    return packed(folder / "x.apkg", collection(folder / "c.db", more=more))


def computed_fields(folder: Path) -> Path:
    more = (
        "DROP TABLE notes; CREATE TABLE notes (id integer PRIMARY KEY, guid, mid, tags,"
        " flds AS (hex(zeroblob(7000000))));"
        "INSERT INTO notes (id, guid, mid, tags) VALUES (1, 'g', 1, '');"
    )
    return packed(folder / "x.apkg", collection(folder / "c.db", more=more))


def long_notes(folder: Path) -> Path:
    notes = [Note(["<b><i>" * 100_000, "b"], number, guid=str(number)) for number in range(1, 100)]
    cards = [Card(number, number) for number in range(1, 100)]
    return packed(folder / "x.apkg", collection(folder / "c.db", notes, cards))


def many_conditions(folder: Path, repeats: int = 450, count: int = 20_000) -> Path:
    kind = note_type(["F", "B"], [("{{#N}}x{{/N}}{{F}}" * repeats, "{{B}}")])
    notes = [Note(["f", "b"], number, guid=str(number)) for number in range(1, count)]
    cards = [Card(number, number) for number in range(1, count)]
    return packed(folder / "x.apkg", collection(folder / "c.db", notes, cards, types={1: kind}))


def too_many_conditions(folder: Path) -> Path:
    return many_conditions(folder, 600, 2_000)


def a_deletion_of_many_groups(folder: Path) -> Path:
    kind = note_type(["T"], [("{{cloze:T}}", "")], cloze=True)
    numbers = range(1, 20_000)
    text = "{{c" + ",".join(map(str, numbers)) + "::x}}"
    cards = [Card(number, 1, ord=number - 1) for number in numbers]
    return packed(
        folder / "x.apkg", collection(folder / "c.db", [Note([text])], cards, types={1: kind})
    )


def many_members(folder: Path) -> Path:
    path = folder / "x.apkg"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("collection.anki2", b"")
    whole = path.read_bytes()
    start = whole.index(b"PK\1\2")
    directory, end = whole[start:-22] * 200_000, bytearray(whole[-22:])
    end[12:16] = len(directory).to_bytes(4, "little")
    path.write_bytes(whole[:start] + directory + end)
    return path


BOMBS = [
    bomb, deflated_bomb, endless_view, endless_view_that_says_it_is_a_table, computed_fields,
    long_notes, many_conditions, too_many_conditions, a_deletion_of_many_groups, many_members,
]  # fmt: skip
READING = """
import sys
from pathlib import Path
from sco_quiz.errors import DeckError
from sco_quiz.interchange.anki.reading import read
try:
    print(read(Path(sys.argv[1])).skipped[-1].reason)
except DeckError as error:
    print(error.message)
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) // 1024, file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted otherwise there")
@pytest.mark.parametrize("make", BOMBS)
def test_a_zip_bomb_is_refused(make: Callable[[Path], Path], tmp_path: Path) -> None:
    command = [sys.executable, "-c", READING, str(make(tmp_path))]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert re.search("x.apkg|too|damaged", done.stdout)
    assert int(done.stderr) < 300


def lying(path: Path, change: Callable[[zipfile.ZipInfo], None]) -> Path:
    """A sound package of which the list of members says something else."""
    data = collection(path.with_suffix(".db"))
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("collection.anki21", data)
        change(made.infolist()[0])
    return path


def says_5_gb(member: zipfile.ZipInfo) -> None:
    member.file_size = 5 << 30


def says_it_is_locked(member: zipfile.ZipInfo) -> None:
    member.flag_bits |= 1


def says_it_holds_5_gb_packed(member: zipfile.ZipInfo) -> None:
    member.compress_size = 5 << 30


def says_another_method(member: zipfile.ZipInfo) -> None:
    member.compress_type = 97


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (says_5_gb, "is too large"),
        (says_it_is_locked, "password"),
        (says_it_holds_5_gb_packed, "overlap"),
        (says_another_method, "damaged"),
    ],
)
def test_a_zip_directory_that_lies_is_refused(
    change: Callable[[zipfile.ZipInfo], None], message: str, tmp_path: Path
) -> None:
    with pytest.raises(DeckError, match=message):
        read(lying(tmp_path / "x.apkg", change))


def test_two_zip_members_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.apkg"
    data = collection(tmp_path / "c.db")
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("collection.anki21", data)
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("collection.anki21", b"another")
    with pytest.raises(DeckError, match="two members of one name"):
        read(path)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({}, "has no collection"),
        ({"collection.txt": b""}, "has no collection"),
        ({"meta": b"\x08\x04", "collection.anki21b": b""}, "newer version of Anki"),
        ({"meta": b"\x08\x03", "collection.anki2": b""}, "has no collection"),
        ({"meta": b"", "collection.anki2": b""}, "its `meta` says nothing"),
        ({"meta": b"\xff\xff", "collection.anki2": b""}, "a number does not end"),
        ({"meta": b"\x0a\x7f", "collection.anki2": b""}, "cut short"),
        ({"meta": bytes(5000), "collection.anki2": b""}, "meta in x.apkg is too large"),
        ({"meta": b"\x08\x03", "collection.anki21b": b"no zstd"}, "damaged"),
        ({"collection.anki2": b"SQLite format 3\0" + bytes(84)}, "damaged"),
        ({"collection.anki2": b""}, "there is no table col"),
    ],
)
def test_a_zip_without_a_collection_is_refused(
    members: dict[str, bytes], message: str, tmp_path: Path
) -> None:
    with pytest.raises(DeckError, match=message) as told:
        read(package(tmp_path / "x.apkg", members))
    assert told.value.help


@pytest.mark.parametrize("listed", [b"[[[[", b"17", b"{", b'{"0": "\\x"}', b"{" * 9_000_000])
def test_a_malformed_list_of_media_is_refused(listed: bytes, tmp_path: Path) -> None:
    members = {"collection.anki2": collection(tmp_path / "c.db"), "media": listed}
    with pytest.raises(DeckError, match=r"damaged|too large"):
        read(package(tmp_path / "x.apkg", members))


def test_a_file_that_is_not_a_zip_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone.apkg"):
        with pytest.raises(UsageError):
            read(path)
    for data in (b"", b"PK\5\6", b"text", bytes(10_000)):
        (tmp_path / "x.apkg").write_bytes(data)
        with pytest.raises(DeckError, match="is damaged"):
            read(tmp_path / "x.apkg")


def test_malformed_settings_of_a_collection_cause_no_error(tmp_path: Path) -> None:
    for more in (
        "UPDATE col SET models = '[]'", "UPDATE col SET models = '{'", "UPDATE col SET conf = 7",
        f"UPDATE col SET decks = '{'[' * 100_000}'", "DROP TABLE cards",
        "DROP TABLE notes; CREATE VIRTUAL TABLE notes USING fts5(flds)",
        "ALTER TABLE notes RENAME COLUMN flds TO other",
    ):  # fmt: skip
        with pytest.raises(DeckError, match="damaged"):
            read(packed(tmp_path / "x.apkg", collection(tmp_path / "c.db", more=more)))
    odd = (
        'UPDATE col SET models = \'{"1": {"flds": 7, "tmpls": [1]}, "x": {}, "2": 0}\','
        " decks = '{\"1\": {\"name\": []}}', crt = 'x', conf = '{\"rollover\": 99}'"
    )
    material = read(packed(tmp_path / "x.apkg", collection(tmp_path / "c.db", more=odd)))
    assert [reason for _, reason in material.skipped] == ["its template is not there"]
    values = "UPDATE notes SET flds = NULL; UPDATE cards SET due = 'x', ord = 1e300, did = x'00'"
    assert read(packed(tmp_path / "x.apkg", collection(tmp_path / "c.db", more=values))).skipped


def test_a_package_that_is_too_large_is_refused_with_advice_to_split_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = collection(
        tmp_path / "c.db",
        [Note(["f", "b"]), Note(["g", "b"], 2)],
        [Card(), Card(2, 2)],
        [Review(1_600_000_000_000, 3), Review(1_600_000_000_001, 3)],
    )
    path = packed(tmp_path / "x.apkg", data)
    for module, name, most in (
        (collections, "MAX_NOTES", 1), (collections, "MAX_CARDS", 1),
        (collections, "MAX_REVIEWS", 1), (sides, "MAX_WORK", 10),
    ):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(module, name, most)
            with pytest.raises(DeckError, match=r"more than|too much") as told:
                read(path)
            assert told.value.help == "export it deck by deck"


def test_media_that_are_not_as_large_as_the_zip_says_cannot_be_read(tmp_path: Path) -> None:
    kind = note_type(["F", "B"], [("{{F}}", "{{B}}")])
    data = collection(
        tmp_path / "c.db",
        [
            Note([f'<img src="{name}">', "b"], number, guid=name)
            for number, name in enumerate("abcd", 1)
        ],
        [Card(number, number) for number in range(1, 5)],
        types={1: kind},
    )
    sizes = {"a": 5 << 20, "b": 1, "c": 3, "d": 9}
    members = {"meta": b"\x08\x03", "collection.anki21b": zstd.compress(data)}
    for number, content in enumerate((b"12", b"12", b"123", b"123456789")):
        members[str(number)] = zstd.compress(content)
    members["2"] = members["2"][:-2]
    path = package(tmp_path / "x.apkg", {**members, "media": zstd.compress(listed(sizes))})
    material = read(path)
    assert [(media.name, media.size) for media in material.media] == list(sizes.items())
    for media in material.media[:3]:
        with pytest.raises(DeckError, match="damaged"), media.open() as opened:
            opened.read()
    assert material.media[3].open().read() == b"123456789"
    package(path, {**members, "media": zstd.compress(listed({**sizes, "a": 5 << 30}))})
    with pytest.raises(DeckError, match="too large when unpacked"):
        read(path)


def listed(sizes: dict[str, int]) -> bytes:
    """A list of media of the newest form."""
    return b"".join(
        field(1, field(1, name.encode()) + b"\x10" + varint(size)) for name, size in sizes.items()
    )


def test_names_of_zip_members_never_lead_out_of_the_folder(tmp_path: Path) -> None:
    data = collection(tmp_path / "c.db", [Note(['<img src="../../x.png">', "b"])])
    listed = b'{"../../../0": "../../x.png", "/etc/passwd": "/etc/passwd", "9": "nothing.png"}'
    members = {"collection.anki2": data, "media": listed, "../../../0": b"x", "/etc/passwd": b"y"}
    before = sorted(tmp_path.rglob("*"))
    material = read(package(tmp_path / "x.apkg", members))
    assert [media.name for media in material.media] == ["../../x.png"]
    assert sorted(tmp_path.rglob("*")) == sorted([*before, tmp_path / "x.apkg"])


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Bytes of which some are others, or the end is missing."""
    if chance.random() < 0.3:
        return data[: chance.randrange(len(data))]
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 8, 64))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


@pytest.mark.parametrize("form", ["package", "collection", "newest"])
def test_a_package_damaged_anywhere_is_read_or_refused(form: str, tmp_path: Path) -> None:
    chance = random.Random(form)
    notes = [
        Note([f"<b>front</b> {number}", "b" * 50], number, guid=str(number))
        for number in range(1, 60)
    ]
    cards = [Card(number, number, type=2, queue=2, due=900) for number in range(1, 60)]
    reviews = [Review(1_600_000_000_000 + number, 3, cid=number) for number in range(1, 60)]
    data = collection(tmp_path / "c.db", notes, cards, reviews)
    path, told = tmp_path / "x.apkg", 0
    for _ in range(100):
        if form == "collection":
            package(path, {"collection.anki21": damaged(data, chance), "media": b"{}"})
        else:
            whole = packed(path, data) if form == "newest" else package(path, {
                "collection.anki21": data, "media": b'{"0": "x.png"}', "0": b"x",
            })  # fmt: skip
            path.write_bytes(damaged(whole.read_bytes(), chance))
        try:
            read(path)
        except DeckError:
            told += 1
    assert told > 20
