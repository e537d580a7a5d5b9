"""After a session: what it came to, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from sco_quiz.commands.actions import SUMMARY
from sco_quiz.insight.activity import Activity
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.queue import Pick
from sco_quiz.tui.bars import bar
from sco_quiz.tui.messages import SetUpQuiz, StartStudy
from sco_quiz.tui.pages import Page
from sco_quiz.tui.widgets.ratings import NAMES, STYLES
from sco_quiz.vocabulary import many, percent, plural, spent

if TYPE_CHECKING:
    from sco_quiz.learning.session import StudySession


class Summary(Page[bool]):
    """Dismissed with True when the session goes on, after an undo."""

    ACTIONS = SUMMARY

    def __init__(self, session: StudySession, decks: tuple[str, ...] = ()) -> None:
        """Sum up a session.

        Args:
            session: Over, or left.
            decks: What was studied; none means all.
        """
        super().__init__(_heading(session))
        self._session = session
        self._decks = decks
        agenda = self._workspace.agenda
        self._waiting = sum(each.total for each in agenda.today(decks).counts().values())
        self._offers = agenda.offers(decks)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Ahead of time, and once more, when nothing is due."""
        if action in ("ahead", "hardest"):
            return not self._waiting and self._offers.hardest > 0
        return super().check_action(action, parameters)

    def text(self) -> Content:
        """Answers, ratings, time; then what waits now, tomorrow, and when the next card comes."""
        tally = self._session.tally
        lines = [
            Content.assemble(
                (str(tally.answers), "bold $primary"),
                (f" {plural(tally.answers, 'answer')}", "$muted"),
                (f"    {percent(tally.recalled / tally.answers)}", "bold $foreground"),
                (" recalled", "$muted"),
                f"    {spent(tally.milliseconds)}",
            ),
            bar(tally.recalled, tally.answers, 40),
            Content(),
        ]
        lines += [
            Content.assemble(
                (f"{NAMES[rating]:<7}", STYLES[rating]),
                f"{tally.ratings[rating]:>4}  ",
                ("▇" * round(30 * tally.ratings[rating] / tally.answers), STYLES[rating]),
            )
            for rating in Rating
        ]
        if tally.learned:
            lines += [Content(), Content(f"{tally.learned} seen for the first time.")]
        goal = Activity(self._workspace).daily().goal_in_words()
        if goal:
            lines += [Content(), Content(f"{goal}.")]
        waiting = self._waiting
        tomorrow = self._workspace.agenda.due_tomorrow()
        lines += [Content(), Content.styled("What comes next", "$muted")]
        if waiting:
            lines.append(Content(f"{many(waiting, 'card')} still to do today."))
        else:
            lines.append(Content("Nothing more is due today."))
            lines.append(Content(self._workspace.agenda.next_in_words(self._decks)))
        lines.append(Content(f"Tomorrow: {many(tomorrow, 'review')}, and what is new."))
        return Content("\n").join(lines)

    def action_undo(self) -> None:
        """Take back the last step and ask its card again."""
        with self.app.telling_errors():
            undone = self._session.undo()
            self.tell_undone(undone)
            if undone is not None and undone.words:
                self.query_one("#text", Static).update(self.text())
            elif undone is not None:
                self.dismiss(True)

    def action_leave(self) -> None:
        """Back to the decks."""
        self.dismiss(False)

    def action_ahead(self) -> None:
        """Study what is not due yet."""
        self._study(Pick.AHEAD)

    def action_hardest(self) -> None:
        """Go over the hardest cards."""
        self._study(Pick.HARDEST)

    def _study(self, pick: Pick) -> None:
        self.dismiss(False)
        self.app.post_message(StartStudy(self._decks, pick=pick))

    def action_quiz(self) -> None:
        """Take a quiz."""
        self.dismiss(False)
        self.app.post_message(SetUpQuiz())


def _heading(session: StudySession) -> str:
    if session.time_is_up and session.minutes is not None:
        return f"Time is up: {many(session.minutes, 'minute')}"
    return "Session done" if session.question is None else "Session left"
