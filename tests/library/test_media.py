"""What a deck names is a file beside it and what its name says, or it is refused."""

from __future__ import annotations

import os
import re
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.errors import DeckError
from sco_quiz.learning.cards import CardMedia, names_in
from sco_quiz.library.check import Checker
from sco_quiz.library.decks import read_deck
from sco_quiz.library.media import MediaSort, find, name_pattern

if TYPE_CHECKING:
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n and so on"
HEADS = {
    "a.png": PNG,
    "a.JPG": b"\xff\xd8\xff\xe0",
    "a.jpeg": b"\xff\xd8\xff\xdb",
    "a.gif": b"GIF89a",
    "a.webp": b"RIFF\x00\x01\x02\x03WEBPVP8 ",
    "a.mp3": b"ID3\x04",
    "b.mp3": b"\xff\xfb\x90",
    "a.ogg": b"OggS",
    "a.opus": b"OggS",
    "a.flac": b"fLaC",
    "a.wav": b"RIFF\x00\x01\x02\x03WAVEfmt ",
    "a.m4a": b"\x00\x00\x00\x20ftypM4A ",
}


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    folder = tmp_path / "decks"
    (folder / "maps").mkdir(parents=True)
    (folder / "maps" / "asia.png").write_bytes(PNG)
    (folder / "deck.yaml").touch()
    return folder / "deck.yaml"


@pytest.mark.parametrize("name", HEADS)
def test_a_file_beside_the_deck_is_found(deck: Path, name: str) -> None:
    (deck.parent / name).write_bytes(HEADS[name])
    sort = MediaSort.IMAGE if name.lower().endswith(MediaSort.IMAGE.endings) else MediaSort.AUDIO
    assert find(deck, name, sort) == (deck.parent / name).resolve()
    with pytest.raises(DeckError, match="not what its name says"):
        find(deck, name, MediaSort.AUDIO if sort is MediaSort.IMAGE else MediaSort.IMAGE)


def test_the_folder_of_a_linked_deck_is_where_it_lies(deck: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(deck)
    assert find(link, "maps/asia.png", MediaSort.IMAGE) == deck.parent / "maps" / "asia.png"


def refused(deck: Path, name: str, sort: MediaSort = MediaSort.IMAGE) -> str:
    with pytest.raises(DeckError) as refusal:
        find(deck, name, sort)
    assert refusal.value.help
    return refusal.value.message


def test_a_file_outside_the_folder_is_refused(deck: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PNG)
    (deck.parent / "link.png").symlink_to(tmp_path / "secret.png")
    (deck.parent / "out").symlink_to(tmp_path)
    for name in ("link.png", "out/secret.png", "../secret.png", str(tmp_path / "secret.png")):
        assert "outside the folder" in refused(deck, name)


def test_a_missing_file_or_a_folder_is_refused(deck: Path) -> None:
    (deck.parent / "folder.png").mkdir()
    (deck.parent / "loop.png").symlink_to("loop.png")
    assert "cannot be read (No such file" in refused(deck, "none.png")
    assert "is not a file" in refused(deck, "folder.png")
    assert "cannot be read" in refused(deck, "loop.png")
    assert "cannot be read" in refused(deck, "x" * 5000 + ".png")
    assert "cannot be read" in refused(deck, "a\0.png")
    assert "cannot be read" in refused(deck, "maps/asia.png/x.png")


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders")
def test_a_pipe_is_refused_without_waiting_for_it(deck: Path) -> None:
    os.mkfifo(deck.parent / "pipe.png")
    assert "is not a file" in refused(deck, "pipe.png")


@pytest.mark.parametrize("sort", MediaSort)
def test_a_file_that_is_too_large_is_refused(deck: Path, sort: MediaSort) -> None:
    name = f"large.{sort.endings[0]}"
    with (deck.parent / name).open("wb") as file:
        file.truncate(sort.most_bytes + 1)
    assert "MiB" in refused(deck, name, sort)


@pytest.mark.parametrize("data", [b"", b"\x89PN", b"<svg/>", b"#!/bin/sh\n", b"GIF89a"])
def test_a_file_that_is_not_an_image_is_refused(deck: Path, data: bytes) -> None:
    (deck.parent / "a.png").write_bytes(data)
    assert refused(deck, "a.png") == "a.png is not what its name says"


@given(
    st.lists(st.sampled_from(["..", ".", "/", "a", "\\", ":", "C", "~", " ", "-", ".png", "\n"]))
)
def test_no_allowed_name_leads_out_of_the_folder(parts: list[str]) -> None:
    name = "".join(parts)
    if re.search(name_pattern(MediaSort.IMAGE), name):
        assert os.path.normpath(f"/decks/{name}").startswith("/decks/")


def media_of(note: str) -> list[CardMedia]:
    read = read_deck("x.yaml", f"deck: x\ncards:\n- {{{note}}}\n".encode())
    assert read.deck is not None
    return [card.media for card in read.deck.cards]


def test_images_and_recordings_change_sides_in_a_reversed_card() -> None:
    assert media_of("front: a, back: b, reverse: true, image: a.png, answer_audio: b.mp3") == [
        CardMedia(image="a.png", answer_audio="b.mp3"),
        CardMedia(answer_image="a.png", audio="b.mp3"),
    ]


def test_a_side_has_several_images_each_once() -> None:
    assert media_of("front: a, back: b, image: [a.png, b.png, a.png], answer_image: [c.png]") == [
        CardMedia(image="a.png\nb.png", answer_image="c.png")
    ]
    assert names_in("a.png\nb.png") == ["a.png", "b.png"]
    assert names_in("") == []


def codes(*images: str) -> list[str]:
    """What is found in notes of one question with these images."""
    notes = "".join(f"- {{front: Whose?, back: b{n}{x}}}\n" for n, x in enumerate(images))
    return [
        each.code for each in read_deck("x.yaml", f"deck: x\ncards:\n{notes}".encode()).diagnostics
    ]


def test_one_question_about_two_images_is_not_the_same_question() -> None:
    assert codes(", image: a.png", ", image: b.png", ", audio: a.mp3", "") == []
    assert codes(", image: a.png", ", image: a.png") == ["W401"]
    assert codes(", image: a.png", ", image: [a.png, b.png]", ", image: [b.png, a.png]") == []
    assert codes(", image: a.png", ", image: [a.png]") == ["W401"]
    assert codes(", answer_image: a.png", ", answer_image: b.png") == ["W401"]


def test_notes_that_differ_by_their_images_keep_their_keys_in_any_order() -> None:
    notes = [f"- {{question: Whose?, answer: {name}, image: {name}.png}}\n" for name in "ab"]
    keys = []
    for order in (notes, notes[::-1]):
        read = read_deck("x.yaml", f"deck: x\ncards:\n{''.join(order)}".encode())
        assert read.deck is not None
        keys.append({card.answers: card.key for card in read.deck.cards})
    assert keys[0] == keys[1]


def test_check_names_unusable_media_and_the_note_is_still_studied(deck: Path) -> None:
    deck.write_text(
        "deck: x\ncards:\n"
        "- {front: a, back: b, image: maps/asia.png}\n"
        "- {front: c, back: d, image: none.png, answer_audio: gone.mp3}\n"
        "- {front: e, back: f, image: ../asia.png}\n"
        "- {front: g, back: h, image: [maps/asia.png, none.png]}\n"
        "- {front: i, back: j, image: [maps/asia.png, ../a.png, {a: b}]}\n"
        f"- {{front: k, back: l, image: [{'maps/asia.png, ' * 21}]}}\n"
        "- {front: m, back: n, audio: [a.mp3]}\n",
        encoding="utf-8",
    )
    file = Checker(date(2026, 3, 2)).check("deck.yaml", deck)
    assert [(each.code, each.line, each.column) for each in file.diagnostics] == [
        ("W410", 4, 30),
        ("W410", 4, 54),
        ("E212", 5, 30),
        ("W410", 6, 46),
        ("E212", 7, 46),
        ("E203", 7, 56),
        ("E213", 8, 30),
        ("E203", 9, 30),
    ]
    assert file.notes == 3
