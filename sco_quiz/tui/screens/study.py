"""Study: one question, nothing else; the verdict lands where the eyes are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sco_quiz.learning.cards import Rating
from sco_quiz.learning.session import time_left
from sco_quiz.learning.study_day import MINUTE_MS
from sco_quiz.tui.actions import STUDY, bindings
from sco_quiz.tui.screens.asking import Asking
from sco_quiz.tui.widgets.bars import KeyBar, TopBar, bar
from sco_quiz.tui.widgets.question_view import QuestionView
from sco_quiz.tui.widgets.ratings import NAMES, Ratings

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult

    from sco_quiz.authoring.notes import Authoring, NoteText
    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.journal import Undone
    from sco_quiz.learning.session import StudySession
    from sco_quiz.workspace.workspace import Workspace

LOOK_SECONDS = 5.0
"""How often the time that is left is looked at."""


class Study(Asking):
    """Drives a study session until nothing is left or the learner leaves.

    Dismissed when the session is over or left.
    """

    CSS_PATH = "study.tcss"
    BINDINGS = bindings(STUDY)

    def __init__(self, session: StudySession, workspace: Workspace) -> None:
        """Study what a session holds.

        Args:
            session: A session with a question to ask.
            workspace: Knows the titles of decks.
        """
        super().__init__(workspace)
        self.session = session

    def compose(self) -> ComposeResult:
        """One column between the bars."""
        yield TopBar()
        yield QuestionView(self._answer, self._workspace)
        yield Ratings()
        yield KeyBar()

    def on_mount(self) -> None:
        """Ask the first question, and keep an eye on the time if it is limited."""
        self._ask()
        if self.session.minutes is not None:
            self.set_interval(LOOK_SECONDS, self._show_bars)

    # What is on the screen

    def _ask(self) -> None:
        """Show the session's question, or leave when there is none."""
        question = self.session.question
        if question is None:
            self.dismiss()
            return
        self.query_one(Ratings).hide()
        self._view.ask(question.card, question.options)
        self._show_bars()

    def _show_question(self) -> None:
        """Show the question anew, and the verdict if there is one."""
        self._ask()
        if self.session.judgement is not None:
            self._show_outcome()

    def _show_bars(self) -> None:
        session = self.session
        card = self._card
        title = self._workspace.catalogue.title(card.deck) if card else ""
        flag = Content.styled("⚑ " if session.flagged else "", "$accent")
        self.query_one(TopBar).show(
            Content.styled(title, "$foreground"),
            flag + (self._place() if session.minutes is None else self._time(session.minutes)),
        )
        self.query_one(KeyBar).show(self._keys(STUDY), self._labels())

    def _place(self) -> Content:
        """How many of how many."""
        session = self.session
        return Content(f"{session.place} of {session.total}  ") + bar(
            session.done,
            session.total,
            self._bar_width,
            max(0, session.place - session.done - (session.judgement is None)),
        )

    def _time(self, minutes: float) -> Content:
        """How much of the time is left: whole minutes, so that nothing ticks."""
        left = self.session.left() or 0
        whole = round(minutes * MINUTE_MS)
        answers = self.session.tally.answers
        return Content(f"{answers} answer{'s' * (answers != 1)} · {time_left(left)}  ") + bar(
            whole - left, whole, self._bar_width
        )

    def _show_outcome(self) -> None:
        session = self.session
        if session.judgement is None:
            return
        from sco_quiz.learning.scheduling import in_words

        self._view.show_outcome(session.given, session.judgement)
        self.query_one(Ratings).show(
            {rating: in_words(session.moment, state) for rating, state in session.choices.items()},
            session.judgement.proposal,
        )
        self._show_bars()

    # What can be done now

    @property
    def _card(self) -> Card | None:
        question = self.session.question
        return question.original if question else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Whether an action makes sense at this moment."""
        card, judged = self._card, self.session.judgement is not None
        if card is None:
            return action in ("leave", "undo")
        match action:
            case "digit" if judged:
                return True
            case "accept":
                return bool(self.session.acceptable)
            case "hint":
                return bool(card.hint) and not judged and not self.session.hinted
            case _:
                return self._view.allows(action)

    def _labels(self) -> dict[str, str]:
        judgement = self.session.judgement
        if judgement is not None:
            return {"submit": NAMES[judgement.proposal], "digit": ""}
        return self._view.labels()

    # Actions

    def action_submit(self) -> None:
        """Answer; or, once judged, take the proposed rating."""
        if self.session.judgement is not None:
            self._rate(None)
        else:
            self._view.submit()

    def _answer(self, given: str | tuple[str, ...]) -> None:
        if self.session.question is not None and self.session.judgement is None:
            self.session.answer(given)
            self._show_outcome()

    def action_reveal(self) -> None:
        """Show the answer of a card that is only thought about."""
        self._view.submit()

    def action_digit(self, digit: int) -> None:
        """Pick an option, or rate."""
        if self.session.judgement is None:
            self._view.pick(digit)
        elif digit <= len(Rating):
            self._rate(Rating(digit))

    def action_hint(self) -> None:
        """Show the hint."""
        hint = self.session.hint()
        if hint:
            self._view.show_hint(hint)
            self._show_bars()

    def on_ratings_chosen(self, event: Ratings.Chosen) -> None:
        """A rating was clicked."""
        self._rate(event.rating)

    def action_undo(self) -> None:
        """Take back the last step."""
        undone: list[Undone | None] = []
        if self._try(lambda: undone.append(self.session.undo())):
            if undone[0] is None:
                self.notify("There is nothing to undo.")
            elif undone[0].words:
                self.notify(f"Taken back: {undone[0].words}.")
            self._show_question()

    def action_suspend(self) -> None:
        """Set the card aside."""
        if self._try(self.session.suspend):
            self.notify("Suspended. Undo brings it back.")
            self._ask()

    def action_bury(self) -> None:
        """Put the card off until tomorrow."""
        if self._try(self.session.bury):
            self.notify("Put off until tomorrow. Undo brings it back.")
            self._ask()

    def action_flag(self) -> None:
        """Flag the card, or take its flag away."""
        if self._try(self.session.flag):
            self._show_bars()

    @property
    def _authoring(self) -> Authoring:
        from sco_quiz.authoring.notes import Authoring  # the first question does not need it

        return Authoring(self._workspace)

    def action_accept(self) -> None:
        """Write the answer to the accepted ones, and judge it anew."""
        card, given = self._card, self.session.acceptable
        if card is not None and self._try(lambda: self._authoring.accept(card, given)):
            self.session.refresh()
            self._show_question()

    def action_edit(self) -> None:
        """Edit the card in a form."""
        card = self._card
        notes: list[NoteText] = []
        if card is None or not self._try(lambda: notes.append(self._authoring.note_of(card))):
            return
        from sco_quiz.tui.screens.note_form import NoteForm

        def edited(keys: dict[str, str] | None) -> None:
            if keys is not None:
                self.session.refresh(keys)
                self._show_question()

        self.app.push_screen(NoteForm(self._workspace, [], notes[0]), edited)

    def action_editor(self) -> None:
        """Open the card's file in the learner's editor, at its line."""
        card = self._card
        if card is not None:
            self._try(lambda: self._edit_file(card))

    def _edit_file(self, card: Card) -> None:
        keys = self._authoring.edit_by_hand(card, self._run_editor)
        self.session.refresh(keys)
        self._show_question()

    def _run_editor(self, path: Path, line: int) -> None:
        from sco_quiz.editor import open_in_editor

        with self.app.suspend():
            open_in_editor(path, line)

    def action_leave(self) -> None:
        """Leave the session; every answer is kept already."""
        self.dismiss()

    def _rate(self, rating: Rating | None) -> None:
        if self._try(lambda: self.session.rate(rating)):
            if self.session.leech:
                self.notify(self.session.leech.in_words("!"), markup=False)
            self._ask()
