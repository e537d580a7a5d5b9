"""A question, the answer to it, and the verdict: what study and quiz have in common."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import getters
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from sco_quiz.learning.cards import names_in
from sco_quiz.learning.kinds import Input
from sco_quiz.learning.question import Answering
from sco_quiz.text import clean, plain
from sco_quiz.tui.base import App
from sco_quiz.tui.markup import colour, inline, uncoloured, with_margin
from sco_quiz.tui.widgets.answer_line import AnswerLine
from sco_quiz.tui.widgets.media_view import MediaView
from sco_quiz.tui.widgets.options import NUMBERED, Options
from sco_quiz.workspace.media import MediaSort, media_finder, media_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from textual.app import ComposeResult

    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.checking import Judgement

VERBS = {Input.SEVERAL: "Mark", Input.ORDER: "Place"}
"""The words for picking an option, where that is not the answer."""
PLACED = "This one has its place; ↑↓ go to another."


class QuestionView(VerticalScroll):
    """Takes the answer to one question after another, of any kind, by keyboard or mouse."""

    DEFAULT_CSS = """
    QuestionView {
        height: 1fr;
        align-horizontal: center;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        #column {
            width: 100%;
            max-width: 72;
            height: auto;
            min-height: 75%;  /* a height that changes has all of it laid out twice */
            margin: 3 3 1 3;
        }
        #prompt { text-style: bold; margin-bottom: 1; }
        #aside { color: $muted; margin-bottom: 1; }
        #line { height: auto; margin-top: 1; }
        #sign { width: 2; color: $primary; }
        Options { margin-top: 1; }
        #outcome, #explain, #source { margin-top: 1; }
        #asked { margin: 0 0 1 0; }
        #source { color: $muted; }
    }
    """

    app = getters.app(App)

    class AnswerChanged(Message):
        """An answer is under way: something was typed, marked or placed."""

    def __init__(self, answered: Callable[[str | tuple[str, ...]], None]) -> None:
        """Make an empty view.

        Args:
            answered: Told the answer at once, before the next key is looked at: one text, or
                several where the kind wants several.
        """
        super().__init__(id="card")
        self._answer = answered
        self._card: Card | None = None
        self._answering: Answering | None = None
        self._hint = self._remark = ""

    def compose(self) -> ComposeResult:
        """Everything that any kind needs; what this one does not is hidden."""
        with Vertical(id="column"):
            yield Static(id="prompt", markup=False)
            yield MediaView(id="asked")
            yield Static(id="aside", markup=False)
            with Horizontal(id="line"):
                yield Static("›", id="sign", markup=False)
                yield AnswerLine()
            yield Options(self._settled)
            yield Static(id="outcome", markup=False)
            yield MediaView(id="told")
            yield Static(id="explain", markup=False)
            yield Static(id="source", markup=False)

    # What is on the screen

    def ask(self, card: Card, options: Sequence[str], remark: str = "") -> None:
        """Show a question and take the answer.

        Args:
            card: What is asked.
            options: What to choose from or put in order, as shown.
            remark: What to mind about the card; may be empty.
        """
        self._hint = ""
        self._answering = answering = Answering(card, tuple(options))
        # Without an image, which takes all the height that there is.
        self.screen.set_class(not any(card.media), "-bare")
        self._show_asked(card, remark)
        self.query_one("#told", MediaView).hide()
        for name in ("#outcome", "#explain", "#source"):
            self.query_one(name).display = False
        self.query_one("#line").display = answering.input.is_typed
        choices = self.query_one(Options)
        choices.display = answering.input.is_picked
        if answering.input.is_picked:
            choices.ask(card, answering)
        self._show_aside()
        self.scroll_home(animate=False)
        if answering.input.is_typed:
            self.query_one(AnswerLine).ask(goes_on=answering.input is Input.ENTRIES)
        elif answering.input.is_picked:
            choices.focus(scroll_visible=False)  # a long question begins at its beginning
        else:
            self._take_keys()

    def reword(self, card: Card, options: Sequence[str], remark: str = "") -> None:
        """Show the question at hand in other words; what was typed or marked stays if it fits.

        Args:
            card: What is asked now.
            options: As for `ask`.
            remark: As for `ask`.
        """
        if self._answering and self._answering.follow(card, tuple(options)):
            self._show_asked(card, remark)
        else:
            self.ask(card, options, remark)

    def _show_asked(self, card: Card, remark: str) -> None:
        self._card = card
        self._remark = remark
        self.query_one("#prompt", Static).update(with_margin(inline(card.prompt)))
        if blocks := uncoloured((card.prompt, *card.answers, card.explain, card.hint)):
            self.run_worker(self._colour(card, blocks))
        self._show_media("#asked", card, card.media.image, card.media.audio)
        self._show_aside()

    async def _colour(self, card: Card, blocks: list[tuple[str, str]]) -> None:
        """Put code in colour; when the answer comes up, all of the card's is."""
        await asyncio.to_thread(colour, blocks)
        if self._card is card:
            self.query_one("#prompt", Static).update(with_margin(inline(card.prompt)))

    def _take_keys(self) -> None:
        if not self.has_focus:  # all of it would be painted
            self.focus()

    def show_hint(self, hint: str) -> None:
        """Show the hint beside the question."""
        self._hint = hint
        self._show_aside()

    def show_outcome(self, given: str | tuple[str, ...], judgement: Judgement) -> None:
        """Show the verdict and what comes with it; no further answer is taken."""
        card = self._card
        if card is None or self._answering is None:
            return
        from sco_quiz.tui.outcome import outcome, source_line  # the question is there without them

        self.query_one(AnswerLine).close()
        self.query_one("#line").display = False
        if card.kind.input.is_picked:
            self._answering.show(given)
            self.query_one(Options).show_outcome()
        for name, content in (
            ("#outcome", outcome(card, given, judgement)),
            ("#explain", inline(card.explain)),
            ("#source", source_line(card)),
        ):
            widget = self.query_one(name, Static)
            widget.display = bool(content)
            widget.update(with_margin(content))
        self._show_media("#told", card, card.media.answer_image, card.media.answer_audio)
        if card.kind.input is Input.ENTRIES:
            self.query_one("#aside").display = False
        self._answering = None
        self._take_keys()
        if card.kind.input is not Input.REVEAL:
            self.call_after_refresh(self._reveal_outcome, is_picked=card.kind.input.is_picked)

    def _reveal_outcome(self, *, is_picked: bool) -> None:
        """Scroll to the verdict, and to the right option if both fit."""
        if is_picked:
            self.query_one(Options).reveal_right()
        self.query_one("#outcome").scroll_visible(animate=False)

    def _show_media(self, where: str, card: Card, image: str, audio: str) -> None:
        view = self.query_one(where, MediaView)
        if image or audio:
            named = [(MediaSort.IMAGE, name) for name in names_in(image)]
            named += [(MediaSort.AUDIO, name) for name in names_in(audio)]
            view.show(named, media_finder(self.app.workspace.catalogue, card))
        else:
            view.hide()

    def _show_aside(self) -> None:
        """Show the help for answering: how many answers are wanted, those given, the hint."""
        answering = self._answering
        if answering is None:
            return
        lines = [answering.wanted, *(f"  {entry}" for entry in answering.entries)]
        contents = [Content(line) for line in lines if line]
        if self._remark:
            contents.append(Content.styled(f"! {clean(self._remark)}", "$warning"))
        if self._hint:
            contents.append(Content("hint: ") + inline(self._hint))
        aside = self.query_one("#aside", Static)
        aside.display = bool(contents)
        aside.update(with_margin(Content("\n").join(contents)))

    # What can be done now

    @property
    def typing(self) -> bool:
        """Tell whether letters type something."""
        answering = self._answering
        return answering is not None and (
            answering.input.is_typed
            or (answering.input.is_picked and self.query_one(Options).takes_text)
        )

    @property
    def asks(self) -> bool:
        """Tell whether an answer is taken."""
        return self._answering is not None

    def way_to_answer(self, submit: str) -> str:
        """Say how the question is answered.

        Args:
            submit: The key that gives the answer, as written on screen.
        """
        answering = self._answering
        if answering is None:
            return ""
        keys = self.picking_keys
        return {
            Input.REVEAL: f"Think of the answer; {submit} shows it.",
            Input.TEXT: f"The answer is typed; {submit} gives it.",
            Input.ONE: f"Choose by {keys}; {submit} takes what the cursor is on.",
            Input.SEVERAL: f"Mark by {keys}, then {submit}.",
            Input.ORDER: f"Place by {keys}, then {submit}.",
            Input.ENTRIES: f"Type one after the other; {submit} alone ends the list.",
        }[answering.input]

    @property
    def holds_text(self) -> bool:
        """Tell whether an answer is typed in part."""
        return bool(self.query_one(AnswerLine).value or self.query_one(Options).typed)

    @property
    def names_of_options(self) -> list[str]:
        """The options that a digit picks, on one line each."""
        answering = self._answering
        if answering is None or not self.allows("digit"):
            return []
        return [" ".join(plain(option).split()) for option in answering.options[:NUMBERED]]

    @property
    def picking_keys(self) -> str:
        """The keys that pick an option, as the key bar names them; empty if nothing is picked."""
        answering = self._answering
        if answering is None or not answering.input.is_picked:
            return ""
        if answering.are_numbers:
            return "type or ↑↓"
        count = len(answering.options)
        return f"1–{count}" if count <= NUMBERED else f"type, ↑↓ or 1–{NUMBERED}"

    def allows(self, action: str) -> bool:
        """Tell whether an action on the answer makes sense at this moment."""
        if action in ("image", "audio"):
            return bool(self._named(MediaSort(action)))
        card, answering = self._card, self._answering
        if card is None or answering is None:
            return action not in ("reveal", "digit", "true", "false", "take_back")
        return {
            "reveal": answering.input is Input.REVEAL,
            "digit": answering.input.is_picked and not answering.are_numbers,
            "true": "true" in card.kind.spec.options,
            "false": "false" in card.kind.spec.options,
            "take_back": answering.can_take_back,
        }.get(action, True)

    def labels(self) -> dict[str, str]:
        """Words for keys that fit the kind and the moment, by action."""
        answering = self._answering
        if answering is None:
            return {"submit": "Answer"}
        verb = VERBS.get(answering.input, "Choose")
        options = self.query_one(Options)
        if answering.input.is_picked and options.typed:
            return {"submit": "" if options.is_unknown else verb, "digit": ""}
        submit = "" if answering.picks_next else "Answer"
        if answering.input is Input.REVEAL:
            submit = "Reveal"
        elif answering.input is Input.ENTRIES and self.query_one(AnswerLine).value:
            submit = "Add"
        return {"submit": submit, "digit": verb}

    def _named(self, sort: MediaSort) -> list[str]:
        """The images or the recording to open now, as the note names them."""
        card = self._card
        return media_names(card, sort, answered=self._answering is None) if card else []

    # What comes with it

    def open_image(self) -> None:
        """Open the images in the system's viewer."""
        self._open(MediaSort.IMAGE)

    def play_audio(self) -> None:
        """Play the recording with the system's player."""
        self._open(MediaSort.AUDIO)

    def _open(self, sort: MediaSort) -> None:
        card, names = self._card, self._named(sort)
        if card is not None and names:
            find = media_finder(self.app.workspace.catalogue, card)
            self.run_worker(self._start(find, names, sort))

    async def _start(
        self, find: Callable[[str, MediaSort], Path], names: list[str], sort: MediaSort
    ) -> None:
        from sco_quiz.programs import play, view  # it brings what starts programs

        for name in names:
            with self.app.telling_errors():
                path = await asyncio.to_thread(find, name, sort)
                await asyncio.to_thread(view if sort is MediaSort.IMAGE else play, path)

    # The answer

    def submit(self) -> None:
        """Do what Enter does outside the line: reveal, pick the option at the cursor, or answer."""
        answering = self._answering
        if answering is None:
            return
        options = self.query_one(Options)
        if answering.picks_next and options.is_placed:
            self.app.tell(PLACED)
        elif answering.picks_next:
            options.pick_under_cursor()
        else:
            self._answer(answering.given)

    def pick(self, number: int) -> None:
        """Pick, mark or place the option of that number, from 1."""
        self.query_one(Options).pick(number - 1)

    def pick_text(self, text: str) -> None:
        """Pick the option with this text."""
        self.query_one(Options).pick_text(text)

    def take_back(self) -> None:
        """Take back the last item of an order or list."""
        if answering := self._answering:
            answering.take_back()
            self.query_one(Options).refresh(layout=True)
            self._go_on()

    def on_input_submitted(self, event: AnswerLine.Submitted) -> None:
        """Enter in the line: the answer, or one more entry of a list."""
        event.stop()
        answering, text = self._answering, event.value.strip()
        if answering is None:
            return
        if answering.input is not Input.ENTRIES:
            self._answer(text)
        elif text:
            answering.enter(text)
            self._go_on()
        else:
            self._answer(answering.given)

    def on_answer_line_pasted(self, event: AnswerLine.Pasted) -> None:
        """Take each line for an entry."""
        event.stop()
        if answering := self._answering:
            answering.entries += filter(None, map(str.strip, event.lines))
            self._go_on()

    def _go_on(self) -> None:
        """Show what the answer is by now."""
        self._show_aside()
        self.post_message(self.AnswerChanged())

    def on_input_changed(self, event: AnswerLine.Changed) -> None:
        """Enter adds to a list while something is typed, and else answers."""
        event.stop()
        if self._answering and self._answering.input is Input.ENTRIES:
            self.post_message(self.AnswerChanged())

    def on_options_text_typed(self, event: Options.TextTyped) -> None:
        """Enter picks what is typed."""
        event.stop()
        self.post_message(self.AnswerChanged())

    def on_answer_line_empty_backspace(self) -> None:
        """Take back the entry before."""
        self.take_back()

    def _settled(self) -> None:
        """Picking one option of a choice is the answer."""
        answering = self._answering
        if answering is not None and answering.input is Input.ONE:
            self._answer(answering.given)
        else:
            self.post_message(self.AnswerChanged())
