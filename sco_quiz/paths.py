"""The paths of files and folders.

No other module knows the platform's folders, but `first_frame`, which cannot wait for this one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

HOME_VARIABLE = "SCO_QUIZ_HOME"


class Paths(NamedTuple):
    """The folders of one learner.

    Attributes:
        config: The folder of `config.toml`.
        data: The folder of the progress file, the decks folder and drafts; the one to back up.
        cache: The folder of the index, of reports of bugs, of the next first screens, of counts of
            the log, and of notes on what is open on Home and in the form for notes; may be deleted
            at any time.
    """

    config: Path
    data: Path
    cache: Path

    @property
    def config_file(self) -> Path:
        """The settings file."""
        return self.config / "config.toml"

    @property
    def progress_file(self) -> Path:
        """The log of everything the learner did."""
        return self.data / "progress.db"

    @property
    def decks_folder(self) -> Path:
        """The folder of the learner's own decks."""
        return self.data / "decks"

    @property
    def drafts_folder(self) -> Path:
        """The folder of texts that were written in forms and not saved."""
        return self.data / "drafts"

    @property
    def pending_import(self) -> Path:
        """The note of an unfinished step on decks; beside it are the notes that undo needs."""
        return self.data / "imports" / "pending.json"

    @property
    def index_file(self) -> Path:
        """The index of decks as last read."""
        return self.cache / "index.db"

    @property
    def opened_file(self) -> Path:
        """The file with the parents of decks that are open on Home, one in a line."""
        return self.cache / "opened"

    @property
    def unfolded_file(self) -> Path:
        """The file that notes if the form for notes shows all fields."""
        return self.cache / "unfolded"

    @property
    def log_folder(self) -> Path:
        """The folder of reports of bugs, and of the log of `--debug`."""
        return self.cache / "log"

    @property
    def debug_log(self) -> Path:
        """The log that `--debug` writes."""
        return self.log_folder / "debug.log"


def find_paths() -> Paths:
    """Find the folders of this learner: below `SCO_QUIZ_HOME` if set, else the platform's own."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        root = _root(home)
        return Paths(root / "config", root / "data", root / "cache")
    from platformdirs import PlatformDirs  # 20 ms

    folders = PlatformDirs("sco-quiz", appauthor=False)
    return Paths(
        Path(folders.user_config_dir), Path(folders.user_data_dir), Path(folders.user_cache_dir)
    )


def _root(home: str) -> Path:
    # Unlike `Path.expanduser`, this leaves the home of nobody, `~nobody`, as it is.
    return Path(os.path.expanduser(home)).absolute()  # noqa: PTH111


def shown_path(path: Path) -> str:
    """A path as it is written for people: from the home folder on, if it lies there."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)


def shipped_decks() -> Traversable:
    """Return the folder of the decks that come with the app."""
    return shipped("decks")


def shipped(name: str) -> Traversable:
    """Return a folder that comes with the app: `decks` or `docs`.

    In a wheel it lies in the package; in an editable install, beside it.
    """
    package = Path(__file__).parent
    for folder in (package / name, package.parent / name):
        if folder.is_dir():
            return folder
    from importlib.resources import files  # in a zip archive; the import costs more than looking

    return files("sco_quiz") / name
