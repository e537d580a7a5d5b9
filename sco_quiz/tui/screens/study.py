"""Study: one question, nothing else; the verdict lands where the eyes are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from sco_quiz.commands.actions import STUDY
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.kinds import Input
from sco_quiz.learning.question import CHANGED, are_numbers
from sco_quiz.learning.session import time_left
from sco_quiz.learning.study_day import MINUTE_MS
from sco_quiz.numbers_and_times import many
from sco_quiz.tui.bars import bar
from sco_quiz.tui.messages import OpenNoteForm
from sco_quiz.tui.question_screen import QuestionScreen
from sco_quiz.tui.widgets.question_view import QuestionView
from sco_quiz.tui.widgets.ratings import NAMES, Ratings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from sco_quiz.authoring.notes import Authoring
    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.question import Question
    from sco_quiz.learning.session import StudySession

TIPS = {
    Input.REVEAL: "Think of the answer, then press {space} to see it.",
    Input.TEXT: "Type the answer, then press {enter}; {enter} alone shows it.",
    Input.ONE: "Press the number of the right answer.",
    Input.SEVERAL: "Press the number of each right answer, then {enter}.",
    Input.ORDER: "Press the numbers in the right order, then {enter}.",
    Input.ENTRIES: "Type one after the other; {enter} alone ends the list.",
}
"""The way to answer, for a beginner, in 56 columns."""
LOOK_SECONDS = 5.0
"""How often the time that is left is looked at."""


class StudyScreen(QuestionScreen):
    """Drives a study session until nothing is left or the learner leaves.

    Dismissed when the session is over or left.
    """

    CSS_PATH = "study.tcss"
    ACTIONS = STUDY

    def __init__(self, session: StudySession) -> None:
        """Study what a session holds, which has a question to ask."""
        super().__init__()
        self.session = session

    def compose(self) -> ComposeResult:
        """One column between the bars."""
        yield self.top_bar
        yield QuestionView(self._answer)
        yield Ratings()
        yield self.key_bar

    def on_mount(self) -> None:
        """Ask the first question, and keep an eye on the time if it is limited."""
        self._ask()
        if self.session.minutes is not None:
            self.set_interval(LOOK_SECONDS, self._show_bars)

    # What is on the screen

    def _ask(self) -> None:
        """Show the session's question, or leave when there is none."""
        self._moved_on = False
        question = self.session.question
        if question is None:
            self.dismiss()
            return
        self.query_one(Ratings).hide(self._tip())
        self._view.ask(question.card, question.options, self._remark())
        self._show_bars()

    def _remark(self) -> str:
        """Name the mistake for which the card is asked as last read, and the way to it."""
        mistake = self.session.question.mistake if self.session.question else ""
        return (
            f"{mistake}  ({self.key_of('study.editor', typing=True)} opens it)" if mistake else ""
        )

    def on_outdated(self) -> None:
        """Follow what changed meanwhile; what was typed stays."""
        self._follow(holding=self._view.holds_text and self.session.judgement is None)

    def _follow(self, *, holding: bool) -> None:
        """Take up what changed around the session.

        Args:
            holding: Whether to keep a card that is asked no more in view.
        """
        with self.app.telling_errors():
            before = self.session.question
            same = self.session.follow() and not self._moved_on
            question = self.session.question
            if not same or question is None:
                self._moved_on = holding
                if not holding:
                    self._show_question()
            elif question is not before:
                if self.session.judgement is None:
                    self._reword(question)
                else:
                    self._show_question()
                if before is not None and question.seen != before.seen:
                    self.tell(CHANGED)
        self._say_notice()

    def _reword(self, question: Question) -> None:
        """Show the question as it is now; what was typed or marked stays if it fits."""
        self._view.reword(question.card, question.options, self._remark())
        self._show_bars()

    def _say_notice(self) -> None:
        if notice := self.session.take_notice():
            self.tell(notice)

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
        self.show_title(
            Content.styled(title, "$foreground"),
            flag + (self._place() if session.minutes is None else self._time(session.minutes)),
        )
        self.show_keys(self._labels(), self._doable())

    def _place(self) -> Content:
        """Say how many of how many; once all were asked, how many come again."""
        session = self.session
        begun = max(0, session.place - session.done - (session.judgement is None))
        told = f"{session.place:,} of {session.total:,}"
        if session.place == session.total and session.to_repeat:
            told, begun = f"{told}, {session.to_repeat:,} to repeat", 0
        return Content(f"{told}  ") + bar(session.done, session.total, self._bar_width, begun)

    def _time(self, minutes: float) -> Content:
        """Draw how much of the time is left, in whole minutes, so that nothing ticks."""
        left = self.session.left() or 0
        whole = round(minutes * MINUTE_MS)
        answers = self.session.tally.answers
        return Content(f"{many(answers, 'answer')} · {time_left(left)}  ") + bar(
            whole - left, whole, self._bar_width
        )

    def _show_outcome(self) -> None:
        session = self.session
        if session.judgement is None:
            return
        from sco_quiz.tui.outcome import intervals  # the question is there without it

        self._view.show_outcome(session.given, session.judgement)
        proposal, waits = session.judgement.proposal, intervals(session)
        self.query_one(Ratings).show(waits, proposal, self._tip(waits[proposal]))
        self._show_bars()

    def _tip(self, comes_in: str = "") -> str:
        """Say how to go on, to whom it is new; `comes_in` is the proposed wait after an answer."""
        question = self.session.question
        if question is None or not self.session.is_for_beginner:
            return ""
        enter = self.key_of("study.submit")
        if comes_in:
            return f"{enter} goes on: again in {comes_in}; 1–4 say otherwise."
        if are_numbers(question.options):
            return f"Type the right one, or go to it by ↑↓; then {enter}."
        tip = TIPS[question.card.kind.input]
        return tip.format(enter=enter, space=self.key_of("study.reveal"))

    # What can be done now

    @property
    def _card(self) -> Card | None:
        question = self.session.question
        return question.original if question else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Allow the actions that make sense at this moment."""
        card, judged = self._card, self.session.judgement is not None
        if card is None or self._moved_on:
            return action in ("leave", "undo")
        match action:
            case "digit" | "reveal" if judged:
                return True
            case "accept":
                return bool(self.session.acceptable)
            case "hint":
                return bool(card.hint) and not judged and not self.session.hinted
            case _:
                return self._view.allows(action)

    def names_of_digits(self) -> Sequence[str]:
        """The ratings after the answer, the options before it."""
        return [*NAMES.values()] if self.session.judgement else super().names_of_digits()

    def why_not(self, action: str) -> str:
        """Say what there is instead."""
        if self._moved_on:
            return f"This card is not asked any more; {self.key_of('study.submit')} goes on."
        match action:
            case "hint" if self.session.judgement is None and self.session.hinted:
                return "The hint is there already."
            case "hint":
                card = self._card
                return "The answer is there." if card and card.hint else "This card has no hint."
            case "accept":
                return "There is no answer to accept: only one that was called wrong is."
        return super().why_not(action)

    def _labels(self) -> dict[str, str]:
        judgement = self.session.judgement
        if judgement is not None:
            return {"submit": NAMES[judgement.proposal], "digit": ""}
        return self._view.labels()

    # Actions

    def action_leave(self) -> None:
        """Leave; what was not rated counts for nothing, and that is said."""
        if self.session.judgement is not None:
            self.tell("The last answer was not rated, so it does not count.")
        super().action_leave()

    def action_submit(self) -> None:
        """Answer; or, once judged, take the proposed rating."""
        if self.session.judgement is not None:
            self._rate(None)
        else:
            self._view.submit()

    def _answer(self, given: str | tuple[str, ...]) -> None:
        question = self.session.question
        if self._moved_on:
            self._show_question()
        elif question is not None and self.session.judgement is None:
            with self.app.telling_errors():
                self.session.answer(given)
            if self.session.judgement is None or self.session.question is not question:
                self._show_question()
            else:
                self._show_outcome()
            self._say_notice()

    def action_reveal(self) -> None:
        """Show the answer of a card that is only thought about; once judged, go on."""
        self.action_submit()

    def action_digit(self, digit: int) -> None:
        """Pick an option, or rate."""
        if self.session.judgement is None:
            self._view.pick(digit)
        elif digit <= len(Rating):
            self._rate(Rating(digit))
        else:
            self.tell("1 to 4 rate the answer: again, hard, good, easy.")

    def action_hint(self) -> None:
        """Show the hint."""
        hint = self.session.hint()
        if hint:
            self._view.show_hint(hint)
            self._show_bars()

    def on_ratings_rating_clicked(self, event: Ratings.RatingClicked) -> None:
        """A rating was clicked."""
        self._rate(event.rating)

    def action_undo(self) -> None:
        """Take back the last step."""
        before = self.session.question
        with self.app.telling_errors():
            self.tell_undone(self.session.undo())
            question = self.session.question
            asks_on = self._view.asks and self.session.judgement is None
            if asks_on and before and question and before.card.key == question.card.key:
                self._reword(question)
            else:
                self._show_question()

    def action_suspend(self) -> None:
        """Set the card aside."""
        with self.app.telling_errors():
            if self.session.suspend():
                self.tell("Suspended. Undo brings it back.")
            self._show_question()
        self._say_notice()

    def action_bury(self) -> None:
        """Put the card off until tomorrow."""
        with self.app.telling_errors():
            if self.session.bury():
                self.tell("Put off until tomorrow. Undo brings it back.")
            self._show_question()
        self._say_notice()

    def action_flag(self) -> None:
        """Flag the card, or take its flag away."""
        with self.app.telling_errors():
            if self.session.flag():
                self._show_bars()
            else:
                self._show_question()
        self._say_notice()

    @property
    def _authoring(self) -> Authoring:
        from sco_quiz.authoring.notes import Authoring  # the first question does not need it

        return Authoring(self._workspace)

    def action_accept(self) -> None:
        """Write the answer to the accepted ones, and judge it anew."""
        if (card := self._card) and (given := self.session.acceptable):
            self.once_own(card.deck, partial(self._accept, card, given))

    def _accept(self, card: Card, given: str) -> None:
        with self.app.telling_errors():
            self._authoring.accept(card, given)
            self.session.refresh()
            self._show_question()

    def action_edit(self) -> None:
        """Edit the card in a form."""
        if card := self._card:
            self.once_own(card.deck, partial(self._edit, card))

    def _edit(self, card: Card) -> None:
        def edited(keys: dict[str, str] | None) -> None:
            if keys is not None:
                self.session.refresh(keys)
                self._show_question()

        with self.app.telling_errors():
            note = self._authoring.note_of(card)
            self.app.open(OpenNoteForm(note=note), edited)

    def action_editor(self) -> None:
        """Open the card's file in the learner's editor, at its line."""
        if card := self._card:
            self.once_own(card.deck, partial(self._edit_by_hand, card))

    def _edit_by_hand(self, card: Card) -> None:
        with self.app.telling_errors():
            keys = self._authoring.edit_by_hand(card, self.run_editor)
            self.session.refresh(keys)
            self._show_question()

    def _rate(self, rating: Rating | None) -> None:
        with self.app.telling_errors():
            if self.session.rate(rating):
                if self.session.leech:
                    self.tell(self.session.leech.in_words("!"))
                self._ask()
            else:
                self._show_question()
        self._say_notice()
