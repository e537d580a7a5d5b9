"""Images and recordings in the app: named or shown, opened by a key, refused with a message."""

from __future__ import annotations

import struct
import wave
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from textual_image.widget import SixelImage, TGPImage

from sco_quiz import programs
from sco_quiz.errors import DeckError, UsageError
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.tui import pictures
from tests.tui.conftest import EVERY_SIZE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import AssertFrames, Open, Size

DECK = """\
deck: Flags
cards:
  - question: Whose flag is this?
    tags: [good]
    image: maps/flag.png
    answer: Kazakhstan
    answer_audio: says.wav
  - question: Whose flag is this?
    tags: [bad]
    image: maps/a flag with a rather long name that is nowhere.png
    audio: gone.mp3
    answer: Uzbekistan
  - front: Which dome is this?
    tags: [broken]
    image: broken.png
    back: Gur-e Amir
    answer_image: maps/flag.png
"""


SEVERAL = """\
deck: Several
cards:
  - front: Which is younger?
    image: [maps/flag.png, broken.png, maps/old.png]
    back: The second
    answer_image: maps/old.png
"""


@pytest.fixture(autouse=True)
def media(home: Path) -> Path:
    """The folder of a deck with an image and a recording."""
    folder = home / "data" / "decks"
    (folder / "maps").mkdir(parents=True)
    (folder / "flags.yaml").write_text(DECK, encoding="utf-8")
    Image.new("RGB", (600, 300), (0, 175, 202)).save(folder / "maps" / "flag.png")
    (folder / "broken.png").write_bytes((folder / "maps" / "flag.png").read_bytes()[:200])
    with wave.open(str(folder / "says.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(8000))
    return folder


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was opened."""
    names: list[str] = []
    monkeypatch.setattr(programs, "view", lambda path: names.append(f"view {path.name}"))
    monkeypatch.setattr(programs, "play", lambda path: names.append(f"play {path.name}"))
    return names


@pytest.mark.parametrize("tag", ["good", "bad"])
async def test_cards_with_media_look_as_kept(
    opened: Open, assert_frames: AssertFrames, tag: str
) -> None:
    async with opened(deck="flags", tag=tag) as app:
        frames = {"asked": await app.shots()}
        await app.type("Kazakhstan\n")
        frames["answered"] = await app.shots()
        assert_frames(f"media-{tag}", frames)


async def test_keys_open_the_images_and_recordings_of_a_card(
    opened: Open, started: list[str]
) -> None:
    async with opened(deck="flags", tag="good") as app:
        assert "Listen" not in app.frame
        await app.press("f7", "f6")
        await app.type("Kazakhstan\n")
        await app.press("a")
        await app.press("i")
        assert "a Listen" in app.frame
    assert started == ["view flag.png", "play says.wav", "view flag.png"]


async def test_several_images_are_named_shown_and_opened_in_turn(
    opened: Open, started: list[str], media: Path, terminal: type
) -> None:
    (media / "several.yaml").write_text(SEVERAL, encoding="utf-8")
    Image.new("RGB", (300, 300), (0, 0, 0)).save(media / "maps" / "old.png")
    async with opened((100, 40), deck="several") as app:
        assert "image: maps/flag.png" in app.frame
        assert "! broken.png cannot be shown, it is damaged" in app.frame
        assert "image: maps/old.png" in app.frame
        shown = app.app.screen.query_one("#asked #picture").children
        assert [type(each) for each in shown] == [terminal, terminal]
        assert shown[0].region.bottom <= shown[1].region.y
        assert all(0 < each.size[1] <= 40 // 7 for each in shown)
        await app.press("i")
        await app.press("enter")
        assert len(app.app.screen.query_one("#told #picture").children) == 1
        await app.press("i")
    assert started == ["view flag.png", "view broken.png", "view old.png", "view old.png"]


async def test_media_are_opened_only_on_request(opened: Open, started: list[str]) -> None:
    async with opened(deck="flags") as app:
        for _ in range(3):
            await app.press("enter")
            await app.press("3")
    assert started == []


async def test_keys_open_images_in_a_quiz_too(opened: Open, started: list[str]) -> None:
    async with opened() as app:
        app.app._take(begin_quiz(app.workspace, ["flags"], tag="good"))
        await app.settle()
        await app.press("f6")
        await app.type("Kazakhstan\n")
        await app.press("a")
    assert started == ["view flag.png", "play says.wav"]


async def test_media_that_cannot_be_opened_are_reported_and_study_continues(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_player(_: Path) -> None:
        raise UsageError("there is no player here", "install one")

    monkeypatch.setattr(programs, "play", no_player)
    async with opened(deck="flags", tag="good") as app:
        await app.type("Kazakhstan\n")
        await app.press("a")
        assert "there is no player here" in app.frame
        await app.press("3")
        assert "f6 Image" in app.frame  # asked again in a minute
    async with opened(deck="flags", tag="bad") as app:
        assert "cannot be read (No such file" in app.frame
        await app.press("f7")
        assert "see whether it lies in" in app.frame


async def test_the_terminal_is_asked_about_images_only_if_a_card_has_one(
    opened: Open, media: Path
) -> None:
    async with opened() as app:
        assert app.workspace.catalogue.has_images
        (media / "flags.yaml").unlink()
        app.workspace.refresh()
        assert not app.workspace.catalogue.has_images


@pytest.fixture(params=[TGPImage, SixelImage])
def terminal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type:
    """A terminal that shows images, of the one kind or the other."""
    kind: type = request.param
    monkeypatch.setattr(pictures, "_screen", pictures.ImageTerminal(kind, (10, 20), 64))
    return kind


@EVERY_SIZE
async def test_an_image_is_shown_if_the_terminal_can(
    opened: Open, terminal: type, size: Size
) -> None:
    async with opened(size, deck="flags", tag="good") as app:
        shown = app.app.screen.query_one("#asked #picture").children
        assert [type(each) for each in shown] == [terminal]
        columns, rows = shown[0].size
        assert columns / rows == pytest.approx(600 / 300 * 2, rel=0.25)
        assert rows <= size[1] // 3
        assert "Whose flag is this?" in app.frame
        assert "›" in app.frame
        await app.type("x\n")
        assert "image: maps/flag.png" in app.frame


@pytest.mark.usefixtures("terminal")
async def test_a_broken_image_is_reported_and_the_next_is_shown(
    opened: Open, terminal: type
) -> None:
    async with opened(deck="flags", tag="broken") as app:
        assert "! broken.png cannot be shown, it is damaged" in app.frame
        await app.press("enter")
        assert len(app.app.screen.query(terminal)) == 1
        await app.press("3")
        assert not app.app.screen.query(terminal)


def load_refused(path: Path) -> str:
    with pytest.raises(DeckError) as refusal:
        pictures.load(path, (60, 10))
    return refusal.value.message


@pytest.mark.usefixtures("terminal")
def test_an_image_of_too_many_pixels_is_not_unpacked(media: Path) -> None:
    huge = media / "huge.png"
    small = (media / "maps" / "flag.png").read_bytes()
    for side in (8_000, 12_000, 60_000):
        header = b"IHDR" + struct.pack(">II", side, side) + small[24:29]
        check = struct.pack(">I", zlib.crc32(header))
        huge.write_bytes(small[:12] + header + check + small[33:])
        assert "too many pixels" in load_refused(huge)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("ending", ["png", "jpg", "gif", "webp"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1"])
def test_images_of_every_format_and_mode_fit_their_room(
    media: Path, ending: str, mode: str
) -> None:
    path = media / f"a.{ending}"
    image = Image.new(mode, (3000, 17))
    (image.convert("RGB") if ending == "jpg" else image).save(path)
    columns, rows = pictures.load(path, (60, 10)).size
    assert (columns, rows) == (60, 1)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("ending", ["png", "jpg", "gif", "webp"])
def test_any_part_of_an_image_is_shown_or_refused(media: Path, ending: str) -> None:
    path = media / f"a.{ending}"
    Image.effect_noise((64, 64), 50).convert("RGB").save(path)
    whole = path.read_bytes()
    for length in range(0, len(whole), max(1, len(whole) // 40)):
        for data in (whole[:length], whole[:length] + b"\xff\x00" * 8 + whole[length + 16 :]):
            path.write_bytes(data)
            with suppress(DeckError):
                assert pictures.load(path, (60, 10)).size[1] <= 10


@pytest.mark.parametrize(
    "environment",
    [
        {"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"},
        {"SSH_TTY": "/dev/pts/1"},
        {"TMUX": "/tmp/tmux-0/default,1,0"},
        {"STY": "1.pts-0"},
        {"TERM": "tmux-256color"},
        {"TERM": "linux"},
        {"TERM": "dumb"},
        {"TERM": ""},
    ],
    ids=str,
)
def test_a_remote_or_nested_terminal_is_not_asked_about_images(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSH_CONNECTION", "SSH_TTY", "TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-kitty")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)

    def asked(_: str) -> None:
        raise AssertionError("the terminal was asked")

    monkeypatch.setattr(pictures, "find_spec", asked)
    pictures.prepare()
    assert not pictures.shown_here()
