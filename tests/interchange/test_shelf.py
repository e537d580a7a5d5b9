"""The files of foreign notes: which of them a note has, and those that lie beside."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from sco_quiz.interchange.formats import TableOptions, read
from sco_quiz.interchange.hypertext import to_markup
from sco_quiz.interchange.material import MediaFile, Remark, files_renamed
from sco_quiz.interchange.shelf import Shelf, side_text

if TYPE_CHECKING:
    from pathlib import Path

    from sco_quiz.interchange.material import Field


def shelf(*names: str) -> Shelf:
    return Shelf(MediaFile(name, 1, lambda: BytesIO(b"x")) for name in names)


def test_each_side_has_its_image_and_its_recording() -> None:
    files = shelf("q.png", "q.mp3", "a.JPG", "a.ogg", "unused.png")
    question = to_markup("[sound:q.mp3]<img src=q.png>", media=True)
    answer = to_markup("so <img src=a.JPG> [sound:a.ogg]", media=True)
    assert files.fields(question, answer) == (
        {"image": "q.png", "audio": "q.mp3", "answer_image": "a.JPG", "answer_audio": "a.ogg"},
        [],
    )
    assert list(files.taken) == ["q.png", "q.mp3", "a.JPG", "a.ogg"]
    assert (side_text(question), side_text(answer)) == ("(image)", "so")


def test_a_name_is_found_however_it_is_written() -> None:
    files = shelf("a b.png", "café.png", "100%25.png")
    for written, name in (("a%20b.png", "a b.png"), ("café.png", "café.png"), ("100%25.png",) * 2):
        side = to_markup(f'<img src="{written}">', media=True)
        assert files.fields(side, to_markup("")) == ({"image": name}, [])


def test_every_image_of_a_side_is_taken_once() -> None:
    files = shelf("1.png", "2.png", "3.png")
    side = to_markup("<img src=2.png><img src=1.png><img src=2.png><img src=x.png>", media=True)
    fields, left = files.fields(side, to_markup("<img src=3.png>", media=True))
    assert fields == {"image": ["2.png", "1.png"], "answer_image": "3.png"}
    assert left == [Remark("x.png", "the file of an image is missing")]
    assert list(files.taken) == ["2.png", "1.png", "3.png"]


def test_files_of_one_name_from_several_places_get_different_names() -> None:
    fields: dict[str, Field] = {"front": "f", "image": ["a.png", "b.png"], "audio": "c.mp3"}
    assert files_renamed(fields, "7/") == {"image": ["7/a.png", "7/b.png"], "audio": "7/c.mp3"}


def test_media_that_no_note_can_hold_are_reported() -> None:
    sounds = to_markup("[sound:1.mp3][sound:1.mp3][sound:2.mp3]", media=True)
    fields, left = shelf("1.mp3", "2.mp3").fields(to_markup(""), sounds)
    assert fields == {"answer_audio": "1.mp3"}
    assert left == [Remark("2.mp3", "a recording is left out: each side has room for one")]
    names = [f"{number}.png" for number in range(22)]
    side = to_markup("".join(f"<img src={name}>" for name in names), media=True)
    fields, left = shelf(*names).fields(side, to_markup(""))
    assert fields == {"image": names[:20]}
    reason = "an image is left out: each side has room for 20"
    assert left == [Remark("20.png", reason), Remark("21.png", reason)]
    gone = to_markup("[sound:x.mp3]", media=True)
    assert shelf().fields(gone, gone) == (
        {},
        [Remark("x.mp3", "the file of a recording is missing")] * 2,
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("c.csv", "front,back,answer image\na,b,m/a b.png\nc,d,m/a b.png\n"),
        ("c.md", "Q: a\nA: b\nAnswer image: m/a b.png\n"),
        (
            "c.json",
            '{"decks": [{"notes": [{"front": "a", "back": "b", "answer_image": "m/a b.png"}]}]}',
        ),
    ],
)
def test_a_file_that_a_note_names_is_found(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m/a b.png").write_bytes(b"png")
    (tmp_path / name).write_text(text)
    material = read(tmp_path / name, TableOptions())
    assert material.decks[0].notes[0].fields["answer_image"] == "m/a b.png"
    assert [(file.name, file.size) for file in material.media] == [("m/a b.png", 3)]
    with material.media[0].open() as opened:
        assert opened.read() == b"png"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("c.csv", 'front,back,image,audio\na,b,"m/a, b.png\nm/c;d.png",\n'),
        ("c.md", "Q: a\nA: b\nImage:\n- m/a, b.png\n- m/c;d.png\n"),
        ("own.json", '{"decks": [{"notes": [{"front": "a", "back": "b", "image": IMAGES}]}]}'),
        ("c.json", '[{"question": "a", "answer": "b", "image": IMAGES}]'),
    ],
)
def test_several_files_that_a_note_names_are_found(tmp_path: Path, name: str, text: str) -> None:
    images = ["m/a, b.png", "m/c;d.png"]
    (tmp_path / "m").mkdir()
    for each in images:
        (tmp_path / each).write_bytes(b"png")
    (tmp_path / name).write_text(text.replace("IMAGES", json.dumps(images)))
    material = read(tmp_path / name, TableOptions())
    assert material.decks[0].notes[0].fields["image"] == images
    assert [file.name for file in material.media] == images


def test_files_outside_the_folder_are_not_taken(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "sub.png").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(b"x")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "loop.png").symlink_to(folder / "loop.png")
    names = ["../secret.png", str(tmp_path / "secret.png"), "link.png", "loop.png", "sub.png",
             "gone.png", "a" * 300 + ".png", "x\x00.png"]  # fmt: skip
    rows = "".join(f"a{number},b,{name}\n" for number, name in enumerate(names))
    (folder / "c.csv").write_text("front,back,image\n" + rows)
    assert read(folder / "c.csv", TableOptions()).media == []
