"""A calm plan for a backlog: how many reviews a day, and when it is cleared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from sco_quiz.studying.backlog import paces
from sco_quiz.tui.actions import CATCH_UP, bindings
from sco_quiz.tui.screens.form import Form
from sco_quiz.tui.widgets.bars import KeyBar, TopBar
from sco_quiz.tui.widgets.fields import FormField, Picker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from sco_quiz.learning.backlog import Pace
    from sco_quiz.workspace.workspace import Workspace

NO_PLAN = "no plan: all that is due"


class WorkedOut(Message):
    """The paces are known."""

    def __init__(self, paces: Sequence[Pace]) -> None:
        super().__init__()
        self.paces = paces


class CatchUp(Form[int]):
    """Dismissed with reviews a day, 0 for no plan; or None when all stays as it is."""

    BINDINGS = bindings(CATCH_UP)
    AUTO_FOCUS = ""

    def __init__(self, workspace: Workspace) -> None:
        """Plan for the backlog of a workspace."""
        super().__init__()
        self._workspace = workspace
        self._backlog = workspace.agenda.backlog()
        self._per_day: list[int] = []

    def fields(self) -> ComposeResult:
        """What waits, and once they are worked out the paces to choose from."""
        yield Static(f"{self._backlog.waiting} reviews wait.", id="waiting", markup=False)
        yield Static("Working out paces…", id="remark", markup=False)

    def on_mount(self) -> None:
        """Work out the paces in a thread: a large backlog takes a second."""
        self.query_one(TopBar).show(Content.styled("Catch up", "$foreground"), Content())
        self.query_one(KeyBar).show(CATCH_UP)
        work_out = paces(self._workspace)
        self.run_worker(lambda: self._tell(work_out), thread=True)

    def _tell(self, work_out: Callable[[], Sequence[Pace]]) -> None:
        self.post_message(WorkedOut(work_out()))

    async def on_worked_out(self, event: WorkedOut) -> None:
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

    def action_leave(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)
