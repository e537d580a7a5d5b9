"""Which of the files that come with foreign notes a note has."""

from __future__ import annotations

from io import BytesIO

from sco_quiz.interchange.hypertext import to_markup
from sco_quiz.interchange.material import Media
from sco_quiz.interchange.shelf import Shelf, shown


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
    fields, reasons = shelf("1.png", "2.png").fields(to_markup(""), side)
    assert fields == {"answer_image": "1.png"}
    assert reasons == ["an image is left out: each side has room for one"]
    gone = to_markup("[sound:x.mp3]", media=True)
    assert shelf().fields(gone, gone) == ({}, ["the file of a recording is missing"] * 2)
