"""Images in the terminal itself: where it can show them, and the extra `images` is installed."""

from __future__ import annotations

import os
import struct
import sys
import zlib
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DeckError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PIL.Image import Image
    from textual.widget import Widget

MOST_PIXELS = 50_000_000
"""Of an image that is shown here; to unpack more takes memory by the gigabyte."""
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


class ImageTerminal(NamedTuple):
    """A terminal that shows images.

    Attributes:
        widget: Makes a widget of an image.
        cell: Width and height of a character, in pixels.
        colours: How many of an image are sent; 0 for all. A sixel of more takes longer than a
            screen may.
    """

    widget: Callable[[Image], Widget]
    cell: tuple[int, int]
    colours: int = 0


class Picture(NamedTuple):
    """An image, unpacked, at the size at which it is shown.

    Attributes:
        image: The image.
        size: Columns and rows.
    """

    image: Image
    size: tuple[int, int]


_screen: ImageTerminal | None = None


def prepare() -> None:
    """Ask the terminal whether it shows images.

    To be called before the app starts: the answer comes by way of the keyboard. Over ssh and in
    tmux or screen images are not shown, whatever the terminal at the other end can.
    """
    global _screen  # noqa: PLW0603 -- there is one terminal
    term = os.environ.get("TERM", "")
    far = any(os.environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "TMUX", "STY"))
    if far or term in ("", "dumb", "linux") or term.startswith(("screen", "tmux")):
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or find_spec("textual_image") is None:
        return
    if not all(os.get_terminal_size(sys.stdout.fileno())):  # it says not how large a cell is
        return
    from textual_image import renderable, widget
    from textual_image._terminal import get_cell_size

    width, height = get_cell_size()
    if renderable.Image is renderable.SixelImage:
        _screen = ImageTerminal(widget.SixelImage, (width, height), colours=64)
    elif renderable.Image is renderable.TGPImage:
        _screen = ImageTerminal(widget.AutoImage, (width, height))


def shown_here() -> bool:
    """Tell whether images are shown in this terminal."""
    return _screen is not None


def load(path: Path, most: tuple[int, int]) -> Picture:
    """Unpack an image for this terminal. Slow: to be called in a thread.

    Args:
        path: A file that begins as an image does.
        most: Columns and rows that it may take.

    Raises:
        DeckError: It is broken, or has too many pixels.
    """
    from PIL import Image

    if _screen is None:
        raise RuntimeError("this terminal shows no images")
    cell = _screen.cell
    room = (max(most[0] * cell[0], 1), max(most[1] * cell[1], 1))
    try:
        with Image.open(path, formats=_FORMATS) as file:
            if file.width * file.height > MOST_PIXELS:
                raise Image.DecompressionBombError  # noqa: TRY301 -- as Pillow itself does
            file.draft("RGB", room)
            image = file.convert("RGBA" if file.has_transparency_data else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DeckError(
            f"{path.name} has too many pixels to be shown here",
            f"make it smaller: up to {MOST_PIXELS:,}",
        ) from None
    except (
        OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, OverflowError,
        MemoryError, struct.error, zlib.error,
    ):  # fmt: skip
        raise DeckError(
            f"{path.name} cannot be shown, it is damaged", "save the image again"
        ) from None
    image.thumbnail(room)
    if _screen.colours:
        image = image.convert("RGB").quantize(_screen.colours).convert("RGB")
    return Picture(image, (-(-image.width // cell[0]), -(-image.height // cell[1])))


def widget(picture: Picture) -> Widget:
    """Make the widget that shows an image; only where images are shown."""
    if _screen is None:
        raise RuntimeError("this terminal shows no images")
    made = _screen.widget(picture.image)
    made.styles.width, made.styles.height = picture.size
    return made
