"""Before a quiz, before study by time, and a plan for a backlog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from sco_quiz.commands.actions import CATCH_UP, MINUTES, QUIZ_SETUP
from sco_quiz.insight.activity import Activity
from sco_quiz.learning.results import Feedback, QuizOptions
from sco_quiz.numbers_and_times import many
from sco_quiz.studying.backlog import paces
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.tui.messages import OpenMinutes, StartStudy
from sco_quiz.tui.pages import Form
from sco_quiz.tui.widgets.answer_line import OneLine
from sco_quiz.tui.widgets.fields import FormField, Picker
from sco_quiz.tui.widgets.marks import Marks
from sco_quiz.workspace.catalogue import DeckSummary, decks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from sco_quiz.learning.backlog import Pace
    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.tui.messages import OpenQuizSetup

QUESTIONS = (10, 20, 30, 50, 5)
SECONDS_EACH = (None, 10, 20, 30, 60)
MINUTES_IN_ALL = (None, 2, 5, 10, 20)
FEEDBACK = (Feedback.ONCE, Feedback.END)
USUAL_MINUTES = (2, 5, 10, 15, 20, 30, 45, 60)
MINUTES_AT_FIRST = 10
NO_PLAN = "no plan: all that is due"


class QuizSetup(Form["Quiz"]):
    """Dismissed with a quiz to take, or None."""

    ACTIONS = QUIZ_SETUP
    AUTO_FOCUS = "#decks"

    def __init__(self, asked: OpenQuizSetup) -> None:
        """Offer the decks that have cards."""
        super().__init__()
        self._decks = [deck for deck in self._workspace.agenda.tree() if deck.cards]
        self._likeliest = [at for at, deck in enumerate(self._decks) if deck.id == asked.likeliest]

    def fields(self) -> ComposeResult:
        """One field below the other."""
        decks = [(deck.moved_in, many(deck.cards, "card")) for deck in self._decks]
        yield FormField("decks", Marks("All decks", decks, self._likeliest, id="decks"))
        yield FormField("tag", OneLine(id="tag", compact=True))
        yield FormField("questions", Picker([str(number) for number in QUESTIONS], id="number"))
        yield FormField("for each", Picker(_limits(SECONDS_EACH, "seconds"), id="seconds"))
        yield FormField("in all", Picker(_limits(MINUTES_IN_ALL, "minutes"), id="minutes"))
        yield FormField("answers", Picker(["told at once", "told at the end"], id="feedback"))
        yield Static(id="remark", markup=False)

    def on_mount(self) -> None:
        """Say what a quiz is."""
        self.show_title("Quiz")
        self.query_one("#remark", Static).update(
            Content.styled("A quiz keeps a score and moves no due date.", "$muted")
        )

    @property
    def _marks(self) -> Marks:
        return self.query_one(Marks)

    def on_descendant_focus(self) -> None:
        """Other keys act in another field."""
        self.show_keys(typing=not self._marks.has_focus)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Only decks are marked."""
        return action != "mark" or self._marks.has_focus

    def _picked(self, name: str) -> int:
        return self.query_one(f"#{name}", Picker).index

    def on_input_submitted(self) -> None:
        """Enter begins, also where a tag is typed."""
        self.action_begin()

    def action_begin(self) -> None:
        """Draw the questions and begin."""
        decks = decks_of(self._decks[place] for place in sorted(self._marks.marked))
        minutes = MINUTES_IN_ALL[self._picked("minutes")]
        options = QuizOptions(
            number=QUESTIONS[self._picked("number")],
            seconds=SECONDS_EACH[self._picked("seconds")],
            total_seconds=None if minutes is None else minutes * 60,
            feedback=FEEDBACK[self._picked("feedback")],
        )
        tag = self.query_one("#tag", OneLine).value.strip() or None
        with self.app.telling_errors():
            quiz: Quiz = begin_quiz(self._workspace, decks, options, tag=tag)
            self.dismiss(quiz)

    def action_mark(self) -> None:
        """Mark the deck under the cursor, or not any more."""
        self._marks.toggle()


class Minutes(Form[StartStudy]):
    """Dismissed with what to study, or None."""

    ACTIONS = MINUTES
    AUTO_FOCUS = "#minutes"

    def __init__(self, asked: OpenMinutes) -> None:
        """Offer the minutes of the last time, for the selected deck."""
        super().__init__()
        workspace = self._workspace
        decks: list[DeckSummary | None] = [deck for deck in workspace.agenda.tree() if deck.cards]
        self._decks = [None, *decks]
        self._deck = next(
            (at for at, deck in enumerate(self._decks) if deck and deck.id == asked.selected), 0
        )
        before = Activity(workspace).minutes_before() or MINUTES_AT_FIRST
        self._minutes = sorted({*USUAL_MINUTES, before})
        self._before = self._minutes.index(before)

    def fields(self) -> ComposeResult:
        """Two fields, and what they mean."""
        titles = [deck.title if deck else "All decks" for deck in self._decks]
        minutes = [many(number, "minute") for number in self._minutes]
        yield FormField("deck", Picker(titles, self._deck, id="deck"))
        yield FormField("for", Picker(minutes, self._before, id="minutes"))
        yield Static(id="remark", markup=False)

    def on_mount(self) -> None:
        """Say what will be asked."""
        self.show_title("Study by time")
        self.show_keys(typing=True)
        self.query_one("#remark", Static).update(
            Content.styled(
                "What you are most likely to forget comes first. When the time is up, the"
                " question on the screen is the last.",
                "$muted",
            )
        )

    def action_begin(self) -> None:
        """Study for this many minutes."""
        deck = self._decks[self.query_one("#deck", Picker).index]
        minutes = self._minutes[self.query_one("#minutes", Picker).index]
        self.dismiss(StartStudy(deck.decks if deck else (), minutes=minutes))


class PacesFound(Message):
    """The paces are known."""

    def __init__(self, paces: Sequence[Pace]) -> None:
        super().__init__()
        self.paces = paces


class CatchUp(Form[int]):
    """Dismissed with reviews a day, 0 for no plan; or None when all stays as it is."""

    ACTIONS = CATCH_UP
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        """Plan for the backlog there is."""
        super().__init__()
        self._backlog = self._workspace.agenda.backlog()
        self._per_day: list[int] = []

    def fields(self) -> ComposeResult:
        """Show the cards that wait, and the paces to choose from once they are worked out."""
        yield Static(f"{self._backlog.waiting} reviews wait.", id="waiting", markup=False)
        yield Static("Working out paces…", id="remark", markup=False)

    def on_mount(self) -> None:
        """Work out the paces in a thread: a large backlog takes a second."""
        self.show_title("Catch up")
        self.show_keys()
        work_out = paces(self._workspace)
        self.run_worker(lambda: self._tell(work_out), thread=True)

    def _tell(self, work_out: Callable[[], Sequence[Pace]]) -> None:
        self.post_message(PacesFound(work_out()))

    async def on_paces_found(self, event: PacesFound) -> None:
        """Offer the paces, the one in force first or else the one in the middle."""
        paces = {pace.per_day: pace.in_words() for pace in event.paces}
        now = self._workspace.config.backlog_per_day
        if now and now not in paces:
            paces = {now: f"{now} a day, as it is", **paces}
        self._per_day = [*paces, 0]
        at = self._per_day.index(now) if now else len(paces) // 2
        remark = self.query_one("#remark", Static)
        picker = Picker([*paces.values(), NO_PLAN], at, id="pace")
        await self.query_one("#form").mount(FormField("plan", picker), before=remark)
        picker.focus()
        remark.update(
            Content.styled(
                "Counted with what falls due meanwhile and what you are likely to forget. New"
                " cards wait until it is cleared; then the plan ends by itself.",
                "$muted",
            )
        )

    def action_begin(self) -> None:
        """Keep to the plan from now on."""
        if self._per_day:
            self.dismiss(self._per_day[self.query_one("#pace", Picker).index])


def _limits(values: tuple[int | None, ...], unit: str) -> list[str]:
    return ["no limit" if value is None else f"{value} {unit}" for value in values]
