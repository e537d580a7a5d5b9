"""By which names images and recordings come to lie beside a deck."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.interchange.material import ForeignDeck, ForeignNote, MediaFile
from sco_quiz.library.media import MediaSort, find
from sco_quiz.transfer.media import MediaFolder, fitting_name

if TYPE_CHECKING:
    from typing import IO

PNG = b"\x89PNG\r\n\x1a\n"
JPG = b"\xff\xd8\xff\xe0"
OGG = b"OggS"


def media(name: str, data: bytes) -> MediaFile:
    return MediaFile(name, len(data), lambda: BytesIO(data))


def come(
    folder: MediaFolder, *files: MediaFile, key: str = "image"
) -> tuple[list[object], list[str]]:
    """What the notes that name the files say then, and the remarks."""
    notes = [ForeignNote({"front": "f", "back": "b", key: file.name}) for file in files]
    deck, remarks = folder.bring(ForeignDeck("D", notes, files={file.name: file for file in files}))
    return [note.fields.get(key) for note in deck.notes], [each.reason for each in remarks]


def write(folder: MediaFolder) -> None:
    for path, _, opened in folder.copies:
        path.parent.mkdir(exist_ok=True)
        with opened() as file:
            path.write_bytes(file.read())


def test_imported_media_keep_their_names_and_are_copied_once(tmp_path: Path) -> None:
    folder = MediaFolder(tmp_path)
    files = [media("a.png", PNG + b"1"), media("b.png", PNG + b"1"), media("sub/c.PNG", PNG + b"2")]
    said = ["media/a.png", "media/a.png", "media/c.PNG"]
    assert come(folder, *files) == (said, [])
    write(folder)
    again = MediaFolder(tmp_path)
    assert come(again, *files) == (said, [])
    assert again.copies == []
    assert find(tmp_path / "d.yaml", "media/a.png", MediaSort.IMAGE).read_bytes() == PNG + b"1"


def test_each_of_several_images_is_kept_or_left_by_itself(tmp_path: Path) -> None:
    folder = MediaFolder(tmp_path)
    files = {"a.png": media("a.png", PNG + b"1"), "b.png": media("b.png", PNG + b"2")}
    files |= {"c.png": media("c.png", b"MZ"), "same.png": media("same.png", PNG + b"1")}
    sides = [["a.png", "c.png", "b.png", "same.png"], ["c.png", "b.png"], ["c.png"]]
    notes = [ForeignNote({"front": "f", "back": "b", "image": names}) for names in sides]
    deck, remarks = folder.bring(ForeignDeck("D", notes, files=files))
    assert [note.fields.get("image") for note in deck.notes] == [
        ["media/a.png", "media/b.png"], "media/b.png", None,
    ]  # fmt: skip
    assert len(remarks) == 3


def test_another_file_of_the_same_name_gets_a_new_name(tmp_path: Path) -> None:
    first = MediaFolder(tmp_path)
    come(first, media("a.png", PNG + b"1"))
    write(first)
    second = MediaFolder(tmp_path)
    files = [media("a.png", PNG + b"2"), media("x/A.png", PNG + b"3")]
    assert come(second, *files) == (["media/a-2.png", "media/A-3.png"], [])
    write(second)
    assert come(MediaFolder(tmp_path), *files) == (["media/a-2.png", "media/A-3.png"], [])
    assert (tmp_path / "media/a.png").read_bytes() == PNG + b"1"


def test_a_media_file_gets_the_ending_of_its_content(tmp_path: Path) -> None:
    folder = MediaFolder(tmp_path)
    assert come(folder, media("a.png", JPG), media("b", PNG)) == (
        ["media/a.jpg", "media/b.png"],
        [],
    )
    said, remarks = come(folder, media("c.mp3", b"MZ"), media("d.svg", b"<svg>"), key="audio")
    assert said == [None, None]
    assert (
        remarks[0]
        == "the audio 'c.mp3' is left out: it is none of mp3, ogg, oga, opus, flac, wav, m4a"
    )
    assert come(folder, media("e.ogg", OGG), key="answer_audio") == (["media/e.ogg"], [])


@pytest.mark.parametrize(
    "name",
    ["../x.png", "/etc/x.png", "a/../x.png", "..", "", "a\\b.png", "C:\\x.png", "a\nb.png",
     "\u202ex.png", "con.png", "LPT1.png", "NUL", ".hidden.png", "a//b.png", "x\x00.png",
     "\ud800.png"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    folder = MediaFolder(tmp_path)
    said, remarks = come(folder, media(name, PNG))
    assert said == [None]
    assert remarks[0].endswith("is left out: no file should have that name")
    assert folder.copies == []


@given(st.text(st.sampled_from("ab./\\:*<é\x00 \u202e漢") | st.characters(), max_size=300))
def test_a_media_file_of_any_name_stays_in_its_folder(name: str) -> None:
    fitting = fitting_name(name)
    assert Path(fitting).name == fitting
    assert fitting_name(fitting) == fitting
    assert len(fitting.encode()) <= 505
    assert not fitting.startswith(".")


def test_a_media_file_that_is_too_large_or_broken_is_left_out(tmp_path: Path) -> None:
    class Endless(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return PNG + bytes(size or 0)

    def broken() -> IO[bytes]:
        raise OSError("no such member")

    folder = MediaFolder(tmp_path)
    files = [
        MediaFile("bomb.png", 10, Endless), MediaFile("big.png", 1 << 40, Endless),
        MediaFile("b.png", 1, broken),
    ]  # fmt: skip
    said, remarks = come(folder, *files)
    assert said == [None] * 3
    assert remarks == [
        "the image 'bomb.png' is left out: it has more than 20 MiB",
        "the image 'big.png' is left out: it has more than 20 MiB",
        "the image 'b.png' is left out: it cannot be read (no such member)",
    ]
    assert folder.copies == []


def test_a_link_in_the_folder_is_not_taken_for_a_file(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.png").write_bytes(PNG)
    (tmp_path / "media").mkdir()
    (tmp_path / "media/a.png").symlink_to(tmp_path / "elsewhere.png")
    folder = MediaFolder(tmp_path)
    assert come(folder, media("a.png", PNG)) == (["media/a-2.png"], [])


def test_files_of_one_name_from_two_sources_get_different_names(tmp_path: Path) -> None:
    folder = MediaFolder(tmp_path)
    assert come(folder, media("a.png", PNG + b"1")) == (["media/a.png"], [])
    assert come(folder, media("a.png", PNG + b"2")) == (["media/a-2.png"], [])
