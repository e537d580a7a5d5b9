"""Messages of screens and workers to the app, and requests for other screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, dataclass_transform

from textual.message import Message

from sco_quiz.learning.card_queue import Pick

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from sco_quiz.authoring.notes import NoteText
    from sco_quiz.commands.actions import Action
    from sco_quiz.errors import SCOQuizError
    from sco_quiz.insight.browsing import Details
    from sco_quiz.insight.card_columns import ListedCard
    from sco_quiz.insight.history import Session
    from sco_quiz.interchange.delimited import Table
    from sco_quiz.learning.confusions import Confusion
    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.sync.syncing import SyncOutcome
    from sco_quiz.workspace.catalogue import DeckSummary, Problem
    from sco_quiz.workspace.workspace import Refreshed

Result = TypeVar("Result")


class StartStudy(Message):
    """The learner wants to study."""

    def __init__(
        self,
        decks: tuple[str, ...] = (),
        *,
        pick: Pick = Pick.DUE,
        minutes: float | None = None,
    ) -> None:
        """Name what to study.

        Args:
            decks: Ids; none means all.
            pick: Which cards.
            minutes: For how long; None for as long as there are cards.
        """
        super().__init__()
        self.decks = decks
        self.pick = pick
        self.minutes = minutes


class SetUpQuiz(Message):
    """The learner wants to choose a quiz."""


class StartQuiz(Message):
    """The learner wants to take a quiz."""

    def __init__(self, quiz: Quiz) -> None:
        """Name the quiz, its first question open."""
        super().__init__()
        self.quiz = quiz


class ReadDecks(Message):
    """Deck files may have changed."""


class DecksRead(Message):
    """Deck files were looked at; where any had changed the workspace can be reloaded."""

    def __init__(self, refreshed: Refreshed) -> None:
        """Tell what came of it."""
        super().__init__()
        self.refreshed = refreshed


class Outdated(Message, bubble=False):
    """Sent to each open screen: decks, log or study day are no longer as they were."""


class StepsDone(Message):
    """Steps that were taken beside a screen are done, now that it is gone."""


class DecksUnreadable(Message):
    """Deck files could not be looked at."""

    def __init__(self, error: SCOQuizError) -> None:
        """Tell why."""
        super().__init__()
        self.error = error


class SyncNow(Message):
    """A request to sync at once, and to tell what came of it."""


class Synced(Message):
    """The outcome of a sync, or its error; comes from a thread."""

    def __init__(self, outcome: SyncOutcome | SCOQuizError) -> None:
        """Tell what came of it."""
        super().__init__()
        self.outcome = outcome


class ShippedFollowed(Message):
    """The learner's copies of shipped decks were looked at: newer versions came, or could not."""

    def __init__(self, told: str | SCOQuizError) -> None:
        """Tell what became of it."""
        super().__init__()
        self.told = told


class ReadingDecks(Message):
    """A deck file was read, and more are to come."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__()
        self.done = done
        self.total = total


class BackupFailed(Message):
    """Today's backup could not be made."""

    def __init__(self, error: SCOQuizError) -> None:
        """Tell why."""
        super().__init__()
        self.error = error


@dataclass_transform(eq_default=False)
class Request(Generic[Result]):
    """A screen that another asks for; `Result` is what it is dismissed with.

    `App.open` takes it. So no screen knows another, and only `app.py` knows all.
    """

    def __init__(self, *values: object, **named: object) -> None:
        """Take a value for each attribute that a request adds; a dataclass takes 0.1 ms to make."""
        vars(self).update(zip(type(self).__annotations__, values, strict=False), **named)


class OpenHelp(Request[None]):
    """The keys and what they do.

    Attributes:
        first: The actions to begin with: those of the screen.
        now: The names of those that can be done now.
        typing: Whether a character types something there, so that only other keys hold.
    """

    first: tuple[Action, ...] = ()
    now: Collection[str] = ()
    typing: bool = False


class OpenPalette(Request[None]):
    """All that can be found by its letters."""


class OpenThemes(Request[None]):
    """The colours to choose from."""


class OpenHistory(Request[None]):
    """A request to show the history."""


class OpenRelink(Request[None]):
    """Edited cards of which the learner has to say what they were."""


class OpenNewDeck(Request[str]):
    """A form for a deck; comes to its id."""


class OpenRenameDeck(Request[str]):
    """Another title for the deck of an id; comes to the new one."""

    deck: str


class OpenChooseFile(Request[str]):
    """A file to import; comes to the id of a deck that was imported into."""


class OpenCatchUp(Request[int]):
    """A plan for a backlog; comes to reviews a day, 0 for no plan."""


class OpenSettings(Request[None]):
    """The settings, one of them under the cursor."""

    name: str = ""


class OpenBrowse(Request[None]):
    """All cards; `search` begins with the search."""

    search: bool = False


class OpenMinutes(Request[StartStudy]):
    """Study by time, of the deck of an id or of all; comes to what to study."""

    selected: str = ""


class OpenQuizSetup(Request["Quiz"]):
    """A quiz to choose, the deck of an id marked; comes to the quiz."""

    likeliest: str = ""


class OpenExport(Request[None]):
    """Decks to write to a file, that of an id marked."""

    likeliest: str = ""


class OpenImport(Request[str]):
    """Files to import; comes to the id of a deck that was imported into."""

    files: Sequence[Path]


class OpenColumns(Request[tuple[str, ...]]):
    """The columns of a table; comes to what each holds."""

    table: Table


class OpenNoteForm(Request[dict[str, str]]):
    """A note to edit, or new ones; comes to the new keys of edited cards.

    Attributes:
        decks: Where a new note may go, the likeliest first.
        note: The note to edit; None for new ones.
        like: The note as which a new one begins; None for an empty one.
    """

    decks: Sequence[DeckSummary] = ()
    note: NoteText | None = None
    like: NoteText | None = None


class OpenRetag(Request[tuple[list[str], list[str]]]):
    """Tags for notes; comes to those to add and those to take away.

    Attributes:
        count: How many cards it is about.
        rows: Those of them that are at hand, to tell their tags.
    """

    count: int
    rows: Sequence[ListedCard]


class OpenChoosing(Request[int]):
    """One of several, from a list; comes to its index.

    Attributes:
        question: What is to be chosen.
        names: Clean, each on one line.
        now: The index of what holds now; None for nothing.
        remarks: What is told of each while it is under the cursor; none for nothing.
    """

    question: str
    names: Sequence[str]
    now: int | None = 0
    remarks: Sequence[str] = ()


class OpenCardPage(Request[None]):
    """All that is known of a card."""

    details: Details


class OpenProblems(Request[None]):
    """A request to show the problems of deck files, settings and folders."""

    problems: Sequence[Problem]
    warnings: Sequence[str]


class OpenSessionPage(Request["Quiz"]):
    """The answers of a session; comes to a quiz of what was missed."""

    session: Session


class OpenPair(Request["Quiz"]):
    """A confused pair side by side; comes to a quiz of it."""

    confusion: Confusion
