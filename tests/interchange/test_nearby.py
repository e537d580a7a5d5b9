"""Files that lie beside a foreign file come along with the notes that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.interchange.formats import Options, read

if TYPE_CHECKING:
    from pathlib import Path


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
