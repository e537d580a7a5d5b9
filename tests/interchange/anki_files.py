"""Packages as some version of Anki wrote them, made by hand: what Anki itself no longer makes."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

CREATED = 1_577_851_200  # 1 January 2020, 4:00 in UTC
BASIC = {"Front": "{{Front}}", "Back": "{{FrontSide}}<hr id=answer>{{Back}}"}
_SCHEMA = """
CREATE TABLE col (id integer PRIMARY KEY, crt, mod, scm, ver, dty, usn, ls,
    conf, models, decks, dconf, tags);
CREATE TABLE notes (id integer PRIMARY KEY, guid, mid, mod, usn, tags, flds, sfld, csum, flags,
    data);
CREATE TABLE cards (id integer PRIMARY KEY, nid, did, ord, mod, usn, type, queue, due, ivl,
    factor, reps, lapses, left, odue, odid, flags, data);
CREATE TABLE revlog (id integer PRIMARY KEY, cid, usn, ease, ivl, lastIvl, factor, time, type);
"""


class Card(NamedTuple):
    """A row of `cards`."""

    id: int = 1
    nid: int = 1
    did: int = 1
    ord: int = 0
    type: int = 0
    queue: int = 0
    due: int = 0
    odue: int = 0
    odid: int = 0
    flags: int = 0
    data: str = ""


class Review(NamedTuple):
    """A row of `revlog`."""

    id: int
    ease: int
    type: int = 1
    ivl: int = 1
    factor: int = 2500
    time: int = 1000
    cid: int = 1


class Note(NamedTuple):
    """A row of `notes`."""

    flds: Sequence[str]
    id: int = 1
    mid: int = 1
    tags: str = ""
    guid: str = "g"


def note_type(
    fields: Sequence[str], templates: Sequence[tuple[str, str]], *, cloze: bool = False
) -> dict[str, object]:
    """A note type, as schema 11 has it."""
    return {
        "name": "Mine",
        "type": int(cloze),
        "flds": [{"name": name, "ord": order} for order, name in enumerate(fields)],
        "tmpls": [
            {"name": f"Card {order + 1}", "ord": order, "qfmt": question, "afmt": answer}
            for order, (question, answer) in enumerate(templates)
        ],
    }


PLAIN = note_type(list(BASIC), [(BASIC["Front"], BASIC["Back"])])


def collection(
    path: Path,
    notes: Sequence[Note] = (Note(["f", "b"]),),
    cards: Sequence[Card] = (Card(),),
    reviews: Sequence[Review] = (),
    *,
    types: Mapping[int, object] | None = None,
    decks: Mapping[int, str] | None = None,
    conf: Mapping[str, object] | None = None,
    more: str = "",
) -> bytes:
    """A collection of schema 11."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as db:
        db.executescript(_SCHEMA)
        made = json.dumps({str(key): value for key, value in (types or {1: PLAIN}).items()})
        named = {str(key): {"name": name} for key, name in (decks or {1: "Default"}).items()}
        said = json.dumps({"schedVer": 2, **(conf or {})})
        db.execute(
            "INSERT INTO col (crt, ver, conf, models, decks) VALUES (?, 11, ?, ?, ?)",
            (CREATED, said, made, json.dumps(named)),
        )
        db.executemany(
            "INSERT INTO notes (flds, id, mid, tags, guid) VALUES (?, ?, ?, ?, ?)",
            [("\x1f".join(each.flds), *each[1:]) for each in notes],
        )
        _insert(db, "cards", cards)
        _insert(db, "revlog", reviews)
        db.executescript(more)
        db.commit()
    return path.read_bytes()


def _insert(db: sqlite3.Connection, table: str, rows: Sequence[Card | Review]) -> None:
    for row in rows:
        marks = ", ".join("?" * len(row))
        db.execute(f"INSERT INTO {table} ({', '.join(row._fields)}) VALUES ({marks})", row)


def package(path: Path, members: Mapping[str, bytes]) -> Path:
    """A package of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return path


def packed(path: Path, data: bytes, media: Mapping[str, bytes] | None = None) -> Path:
    """A package of the newest form with this collection."""
    entries = b""
    members = {"meta": b"\x08\x03", "collection.anki21b": zstd.compress(data)}
    for number, (name, content) in enumerate((media or {}).items()):
        entry = field(1, name.encode()) + b"\x10" + varint(len(content))
        entries += field(1, entry)
        members[str(number)] = zstd.compress(content)
    return package(path, {**members, "media": zstd.compress(entries)})


def field(number: int, data: bytes) -> bytes:
    """A field of bytes in a protocol buffer."""
    return varint(number << 3 | 2) + varint(len(data)) + data


def varint(value: int) -> bytes:
    """A number in a protocol buffer."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
