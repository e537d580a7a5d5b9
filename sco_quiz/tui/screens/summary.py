"""After a session: what it came to, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from sco_quiz.commands.actions import SUMMARY
from sco_quiz.insight.activity import Activity
from sco_quiz.learning.card_queue import Pick
from sco_quiz.learning.cards import Rating
from sco_quiz.numbers_and_times import many, percent, plural, spent
from sco_quiz.reports.outcomes import learned_lines
from sco_quiz.tui.bars import bar
from sco_quiz.tui.messages import SetUpQuiz, StartStudy
from sco_quiz.tui.pages import Page
from sco_quiz.tui.widgets.ratings import NAMES, STYLES

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
        every = sum(each.total for each in agenda.counts().values()) if decks else 0
        self._elsewhere = max(0, every - self._waiting)
        self._offers = agenda.offers(decks)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Ahead of time, and once more, when nothing is due."""
        if action in ("ahead", "hardest"):
            return not self._waiting and self._offers.hardest > 0
        if action == "quiz":
            return self._offers.quiz
        return super().check_action(action, parameters)

    def why_not(self, action: str) -> str:
        """Say what is to be done first."""
        match action:
            case "ahead" | "hardest" if self._waiting:
                return f"{many(self._waiting, 'card')} still to do today come first."
            case "ahead" | "hardest" | "quiz":
                return "There are no cards for that yet."
        return super().why_not(action)

    def text(self) -> Content:
        """Answers, ratings, time; what was learned, what comes when, and what can be done now."""
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
            if tally.ratings[rating]
        ]
        goal = Activity(self._workspace).daily().goal_in_words()
        if goal:
            lines += [Content(), Content(f"{goal}.")]
        lines += [Content(), Content.styled("What you learned", "$muted")]
        lines += [Content(line) for line in learned_lines(self._session)]
        lines += [Content(), Content.styled("What comes next", "$muted")]
        agenda = self._workspace.agenda
        told = [f"{many(self._waiting, 'card')} still to do today."]
        if not self._waiting:
            told = [f"Nothing more is due. {agenda.next_in_words(self._decks)}"]
        if self._elsewhere:
            told.append(f"{many(self._elsewhere, 'card waits', 'cards wait')} in other decks.")
        if tomorrow := agenda.due_tomorrow():
            told.append(f"Tomorrow: {many(tomorrow, 'review')}, and what is new.")
        lines += map(Content, told)
        lines += [Content(), Content.styled("What you can do now", "$muted"), *self._ways()]
        return Content("\n").join(lines)

    def _ways(self) -> list[Content]:
        """The keys that go on from here, and what each does."""
        words = {
            "ahead": "studies what is not due yet",
            "hardest": f"goes over the {many(self._offers.hardest, 'hardest card')}",
            "quiz": "takes a quiz; it moves no due date",
            "leave": "goes back to the decks",
        }
        return [
            Content.assemble((f"{key:<6}", "$primary"), does)
            for name, does in words.items()
            if self.check_action(name, ()) and (key := self.key_of(f"summary.{name}"))
        ]

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
