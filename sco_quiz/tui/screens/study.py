"""Study: one question, nothing else; the verdict lands where the eyes are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from sco_quiz.errors import SCOQuizError
from sco_quiz.learning.cards import Kind, Rating
from sco_quiz.learning.scheduling import in_words
from sco_quiz.tui.actions import STUDY, Action, bindings
from sco_quiz.tui.markup import inline
from sco_quiz.tui.outcome import outcome, source_line
from sco_quiz.tui.widgets.answer_line import AnswerLine
from sco_quiz.tui.widgets.bars import KeyBar, TopBar
from sco_quiz.tui.widgets.charts import bar
from sco_quiz.tui.widgets.options import Options
from sco_quiz.tui.widgets.ratings import NAMES, Ratings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from textual.app import ComposeResult

    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.session import StudySession
    from sco_quiz.workspace import Workspace
    from sco_quiz.workspace.authoring import NoteText

WRITTEN = frozenset({Kind.TYPED, Kind.CLOZE, Kind.LIST})
"""Kinds that are answered by typing."""
CHOSEN = frozenset({Kind.CHOICE, Kind.MULTI, Kind.TRUE_FALSE, Kind.ORDER})
"""Kinds that are answered by picking."""
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Study(Screen[None]):
    """Drives a study session until nothing is left or the learner leaves.

    Dismissed when the session is over or left.
    """

    CSS_PATH = "study.tcss"
    BINDINGS = bindings(STUDY)
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = ""

    def __init__(self, session: StudySession, workspace: Workspace) -> None:
        """Study what a session holds.

        Args:
            session: A session with a question to ask.
            workspace: Knows the titles of decks.
        """
        super().__init__()
        self.session = session
        self._workspace = workspace
        self._entries: list[str] = []

    def compose(self) -> ComposeResult:
        """One column between the bars."""
        yield TopBar()
        with VerticalScroll(id="card"), Vertical(id="column"):
            yield Static(id="prompt", markup=False)
            yield Static(id="aside", markup=False)
            with Horizontal(id="line"):
                yield Static("›", id="sign", markup=False)
                yield AnswerLine()
            yield Options()
            yield Static(id="outcome", markup=False)
            yield Static(id="explain", markup=False)
            yield Static(id="source", markup=False)
        yield Ratings()
        yield KeyBar()

    def on_mount(self) -> None:
        """Ask the first question."""
        self._ask()

    # What is on the screen

    def _ask(self) -> None:
        """Show the session's question, or leave when there is none."""
        question = self.session.question
        if question is None:
            self.dismiss()
            return
        card = question.card
        self._entries = []
        self.query_one("#prompt", Static).update(inline(card.prompt))
        self._show_aside()
        for name in ("#outcome", "#explain", "#source"):
            self.query_one(name).display = False
        line = self.query_one("#line")
        line.display = card.kind in WRITTEN
        options = self.query_one(Options)
        options.display = card.kind in CHOSEN
        self.query_one(Ratings).hide()
        self.query_one("#card").scroll_home(animate=False)
        if card.kind in WRITTEN:
            self.query_one(AnswerLine).ask(goes_on=card.kind is Kind.LIST)
        elif card.kind in CHOSEN:
            options.ask(question)
            options.focus(scroll_visible=False)  # a long question begins at its beginning
        else:
            self.query_one("#card").focus()
        self._show_bars()

    def _show_question(self) -> None:
        """Show the question anew, and the verdict if there is one."""
        self._ask()
        if self.session.judgement is not None:
            self._show_outcome()

    def _show_aside(self) -> None:
        """What helps to answer: how many answers are wanted, entries so far, the hint."""
        question = self.session.question
        if question is None:
            return
        card = question.card
        lines = []
        wanted = len(card.answers)
        if card.kind is Kind.MULTI:
            lines.append(f"{_count(wanted)} answer{'s' * (wanted != 1)}")
        elif card.kind is Kind.LIST:
            lines.append(f"{_count(wanted)} to name, {len(self._entries)} so far")
            lines += [f"  {entry}" for entry in self._entries]
        elif card.kind is Kind.ORDER:
            lines.append("number them in the right order")
        elif card.kind is Kind.CLOZE and wanted > 1:
            lines.append(f"{_count(wanted)} gaps, separated by commas")
        if self.session.hinted and card.hint:
            lines.append(f"hint: {card.hint}")
        aside = self.query_one("#aside", Static)
        aside.display = bool(lines)
        aside.update(Content("\n".join(lines)))

    def _show_bars(self) -> None:
        session = self.session
        card = self._card
        title = self._workspace.title(card.deck) if card else ""
        place = f"{session.place} of {session.total}  "
        self.query_one(TopBar).show(
            Content.styled(title, "$foreground"),
            Content(place)
            + bar(
                session.done,
                session.total,
                8 if self.size.width < 80 else 17,
                max(0, session.place - session.done - (session.judgement is None)),
            ),
        )
        self.query_one(KeyBar).show(self._now(), self._labels())

    def _show_outcome(self) -> None:
        session = self.session
        question, judgement = session.question, session.judgement
        if question is None or judgement is None:
            return
        card = question.card
        self.query_one(AnswerLine).close()
        self.query_one("#line").display = False
        if card.kind in CHOSEN:
            self.query_one(Options).show_outcome()
        for name, content in (
            ("#outcome", outcome(card, session.given, judgement)),
            ("#explain", inline(card.explain)),
            ("#source", source_line(card)),
        ):
            widget = self.query_one(name, Static)
            widget.display = bool(content)
            widget.update(content)
        if card.kind is Kind.LIST:
            self.query_one("#aside").display = False
        now = self.session.moment
        self.query_one(Ratings).show(
            {rating: in_words(now, state) for rating, state in session.choices.items()},
            judgement.proposal,
        )
        self.query_one("#card").focus()
        if card.kind is not Kind.BASIC:
            self.call_after_refresh(self.query_one("#outcome").scroll_visible, animate=False)
        self._show_bars()

    # What can be done now

    @property
    def _card(self) -> Card | None:
        question = self.session.question
        return question.card if question else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Whether an action makes sense at this moment."""
        card, judged = self._card, self.session.judgement is not None
        if card is None:
            return action in ("leave", "undo")
        match action:
            case "reveal":
                return card.kind is Kind.BASIC and not judged
            case "digit":
                return judged or card.kind in CHOSEN
            case "true" | "false":
                return card.kind is Kind.TRUE_FALSE and not judged
            case "take_back":
                return card.kind in (Kind.ORDER, Kind.LIST) and not judged
            case "accept":
                return bool(self.session.acceptable)
            case "hint":
                return bool(card.hint) and not judged and not self.session.hinted
            case _:
                return True

    def _now(self) -> Iterator[Action]:
        typing = self._typing
        for action in STUDY:
            if not self.check_action(action.name, ()) or action.name in ("reveal", "true", "false"):
                continue
            if action.name == "digit":
                count = len(self.query_one(Options).options)
                yield action._replace(shown=f"1–{min(count, 9)}")
            else:
                yield action.while_typing() if typing else action

    @property
    def _typing(self) -> bool:
        card = self._card
        return card is not None and card.kind in WRITTEN and self.session.judgement is None

    def _labels(self) -> dict[str, str]:
        session, card = self.session, self._card
        if session.judgement is not None:
            return {"submit": NAMES[session.judgement.proposal], "digit": ""}
        if card is None:
            return {}
        words = {
            Kind.BASIC: "Reveal",
            Kind.CHOICE: "",
            Kind.TRUE_FALSE: "",
            Kind.MULTI: "Answer",
            Kind.LIST: "Add" if self.query_one(AnswerLine).value else "Answer",
        }
        labels = {"submit": words.get(card.kind, "Answer")}
        if card.kind is Kind.MULTI:
            labels["digit"] = "Mark"
        elif card.kind is Kind.ORDER:
            labels["digit"] = "Place"
            labels["submit"] = ""
            if self.query_one(Options).complete:
                labels["submit"] = "Answer"
        return labels

    # Actions

    def action_submit(self) -> None:
        """Answer; or, once judged, take the proposed rating."""
        if self.session.judgement is not None:
            self._rate(None)
            return
        card = self._card
        if card is None:
            return
        options = self.query_one(Options)
        if card.kind in (Kind.CHOICE, Kind.TRUE_FALSE):
            options.pick_under_cursor()
        elif card.kind is Kind.MULTI:
            self._answer(options.picked)
        elif card.kind is Kind.ORDER:
            if options.complete:
                self._answer(options.picked)
            else:
                options.pick_under_cursor()
        else:
            self._answer("")

    def on_input_submitted(self, event: AnswerLine.Submitted) -> None:
        """Enter in the line: the answer, or one more entry of a list."""
        event.stop()
        if self._card is None or self.session.judgement is not None:
            return
        text = event.value.strip()
        if self._card.kind is Kind.LIST:
            if text:
                self._entries += [part.strip() for part in text.split(",") if part.strip()]
                self._show_aside()
                self._show_bars()
            else:
                self._answer(tuple(self._entries))
        else:
            self._answer(text)

    def on_input_changed(self) -> None:
        """Enter adds to a list while something is typed, and else answers."""
        if self._card is not None and self._card.kind is Kind.LIST:
            self._show_bars()

    def on_answer_line_empty_backspace(self) -> None:
        """Take back the entry before."""
        self.action_take_back()

    def on_options_picked(self) -> None:
        """Picking one option of a choice is the answer."""
        options = self.query_one(Options)
        if options.picks_one:
            self._answer(options.picked[0])
        else:
            self._show_bars()

    def action_reveal(self) -> None:
        """Show the answer of a card that is only thought about."""
        self._answer("")

    def action_digit(self, digit: int) -> None:
        """Pick an option, or rate."""
        if self.session.judgement is None:
            self.query_one(Options).pick(digit - 1)
        elif digit <= len(Rating):
            self._rate(Rating(digit))

    def action_true(self) -> None:
        """Say that the statement is true."""
        self.query_one(Options).pick_text("true")

    def action_false(self) -> None:
        """Say that the statement is false."""
        self.query_one(Options).pick_text("false")

    def action_take_back(self) -> None:
        """Take back the last item of an order or list."""
        if self._entries:
            self._entries.pop()
            self._show_aside()
        else:
            self.query_one(Options).take_back()
        self._show_bars()

    def action_hint(self) -> None:
        """Show the hint."""
        if self.session.hint():
            self._show_aside()
            self._show_bars()

    def on_ratings_chosen(self, event: Ratings.Chosen) -> None:
        """A rating was clicked."""
        self._rate(event.rating)

    def action_undo(self) -> None:
        """Take back the last step."""
        undone: list[bool] = []
        if self._try(lambda: undone.append(self.session.undo())):
            if not undone[0]:
                self.notify("There is nothing to undo.")
            self._ask()

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

    def action_accept(self) -> None:
        """Write the answer to the accepted ones, and judge it anew."""
        card, given = self._card, self.session.acceptable
        if card is not None and self._try(lambda: self._workspace.authoring.accept(card, given)):
            self.session.refresh()
            self._show_question()

    def action_edit(self) -> None:
        """Edit the card in a form."""
        card = self._card
        notes: list[NoteText] = []
        if card is None or not self._try(
            lambda: notes.append(self._workspace.authoring.note_of(card))
        ):
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
        keys = self._workspace.authoring.edit_by_hand(card, self._run_editor)
        self.session.refresh(keys)
        self._show_question()

    def _run_editor(self, path: Path, line: int) -> None:
        from sco_quiz.editor import open_in_editor

        with self.app.suspend():
            open_in_editor(path, line)

    def action_leave(self) -> None:
        """Leave the session; every answer is kept already."""
        self.dismiss()

    def _answer(self, given: str | tuple[str, ...]) -> None:
        self.session.answer(given)
        self._show_outcome()

    def _rate(self, rating: Rating | None) -> None:
        if self._try(lambda: self.session.rate(rating)):
            if self.session.leech:
                self.notify(self.session.leech.in_words("!"), markup=False)
            self._ask()

    def _try(self, step: Callable[[], object]) -> bool:
        """Take a step that is written to disk; when that fails, say so and stay."""
        try:
            step()
        except SCOQuizError as error:
            self.notify(f"{error.message}\n{error.help}", severity="error", markup=False)
            return False
        return True


def _count(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)
