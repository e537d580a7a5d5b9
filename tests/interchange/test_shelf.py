"""The files of foreign notes: which of them a note has, and those that lie beside."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from sco_quiz.interchange.formats import Options, read
from sco_quiz.interchange.hypertext import to_markup
from sco_quiz.interchange.material import Media, Remark
from sco_quiz.interchange.shelf import Shelf, shown

if TYPE_CHECKING:
    from pathlib import Path


def shelf(*names: str) -> Shelf:
    return Shelf(Media(name, 1, lambda: BytesIO(b"x")) for name in names)


def test_each_side_has_its_image_and_its_recording() -> None:
    files = shelf("q.png", "q.mp3", "a.JPG", "a.ogg", "unused.png")
    question = to_markup("[sound:q.mp3]<img src=q.png>", media=True)
    answer = to_markup("so <img src=a.JPG> [sound:a.ogg]", media=True)
    assert files.fields(question, answer) == (
        {"image": "q.png", "audio": "q.mp3", "answer_image": "a.JPG", "answer_audio": "a.ogg"},
        [],
    )
    assert list(files.taken) == ["q.png", "q.mp3", "a.JPG", "a.ogg"]
    assert (shown(question), shown(answer)) == ("(image)", "so")


def test_a_name_is_found_however_it_is_written() -> None:
    files = shelf("a b.png", "café.png", "100%25.png")
    for written, name in (("a%20b.png", "a b.png"), ("café.png", "café.png"), ("100%25.png",) * 2):
        side = to_markup(f'<img src="{written}">', media=True)
        assert files.fields(side, to_markup("")) == ({"image": name}, [])


def test_what_no_note_can_have_is_told() -> None:
    side = to_markup("<img src=1.png><img src=1.png><img src=2.png>", media=True)
    fields, left = shelf("1.png", "2.png").fields(to_markup(""), side)
    assert fields == {"answer_image": "1.png"}
    assert left == [Remark("2.png", "an image is left out: each side has room for one")]
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
    material = read(tmp_path / name, Options())
    assert material.decks[0].notes[0].fields["answer_image"] == "m/a b.png"
    assert [(file.name, file.size) for file in material.media] == [("m/a b.png", 3)]
    with material.media[0].open() as opened:
        assert opened.read() == b"png"


def test_nothing_but_files_within_the_folder_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "sub.png").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(b"x")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "loop.png").symlink_to(folder / "loop.png")
    names = ["../secret.png", str(tmp_path / "secret.png"), "link.png", "loop.png", "sub.png",
             "gone.png", "a" * 300 + ".png", "x\x00.png"]  # fmt: skip
    rows = "".join(f"a{number},b,{name}\n" for number, name in enumerate(names))
    (folder / "c.csv").write_text("front,back,image\n" + rows)
    assert read(folder / "c.csv", Options()).media == []
