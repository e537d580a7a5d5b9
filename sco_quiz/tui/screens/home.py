"""Home: the decks on the left, today on the right; Enter studies."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from sco_quiz.charts import sparkline
from sco_quiz.commands.actions import HOME
from sco_quiz.errors import DeckError
from sco_quiz.learning.card_queue import Pick, sum_of
from sco_quiz.numbers_and_times import in_full, many, percent, plural, undoable
from sco_quiz.paths import shown_path
from sco_quiz.studying.overview import keep_opened, overview
from sco_quiz.text import clean, plain
from sco_quiz.tui import messages
from sco_quiz.tui.bars import ByHeight, ByWidth, bar
from sco_quiz.tui.base import Screen
from sco_quiz.tui.widgets.deck_list import DeckList, heading
from sco_quiz.tui.widgets.small_charts import heatmap, scores_chart, week_chart

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.events import Paste

    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.learning.wrong_clock import Way
    from sco_quiz.studying.overview import Overview
    from sco_quiz.studying.wrong_clock import WrongTimes
    from sco_quiz.workspace.agenda import Offers
    from sco_quiz.workspace.catalogue import DeckSummary
    from sco_quiz.workspace.workspace import Workspace

Done = TypeVar("Done")


FIRST = {
    "study",
    "open",
    "problems",
    "relink",
    "dates",
    "quiz",
    "add",
    "import",
    "settings",
    "leave",
}
"""Actions that the key bar names first to a beginner: enough to begin."""


TALL, ROOMY = 43, 28
"""Rows of a terminal from which on the week and scores have charts, or scores lines of their own:
below these there is room for what is known of the selected deck."""


class Home(Screen[None]):
    """The first screen: the decks with their due cards, and recent results."""

    CSS_PATH = "home.tcss"
    ACTIONS = HOME
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (130, "-wide")]  # noqa: RUF012
    AUTO_FOCUS = "DeckList"

    def __init__(self, known: Overview | None = None) -> None:
        """Show the workspace.

        Args:
            known: How things stand now, if that has been found out.
        """
        super().__init__()
        self._overview = known or overview(self._workspace)
        self._is_shown = self._is_stepping = False
        self._offers: dict[str, Offers] = {}
        self._gets_alone: dict[str, int] = {}
        self._refused: tuple[str, int] | None = None

    def compose(self) -> ComposeResult:
        """Two columns between the bars."""
        self._style()
        yield self.top_bar
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield Static(classes="heading", id="columns", markup=False)
                yield DeckList(self._next_wait)
            with Vertical(id="right"):
                yield Static("Today", classes="heading", markup=False)
                yield Static(id="today", markup=False)
                yield Static(id="calendar", markup=False)
                yield Static(id="welcome", markup=False)
                yield Static(id="about", markup=False)
        yield Static(id="notice", markup=False)
        yield self.key_bar

    def on_mount(self) -> None:
        """Show what is known; the app reads changed decks once this is painted."""
        self._show()

    def on_screen_resume(self) -> None:
        """Back from another screen: things may have changed."""
        if self._is_shown:
            self.show_workspace()
        self._is_shown = True

    def on_outdated(self) -> None:
        """Show what changed elsewhere; below another screen it is shown once that one goes."""
        if self.is_current:
            self.show_workspace()

    def show_workspace(self) -> None:
        """Show the workspace as it is now."""
        self._overview = overview(self._workspace)
        self._offers.clear()
        self._gets_alone.clear()
        self._show()

    def _show(self) -> None:
        planned = self._overview.backlog.per_day > 0
        self.query_one(DeckList).show_decks(
            self._overview.decks, opened=self._overview.opened, planned=planned
        )
        self._style()
        self._show_notice()
        self.query_one("#columns", Static).update(ByWidth(heading))
        self.query_one("#calendar", Static).update(ByWidth(self._calendar))
        self._show_today()
        self._show_bars()

    def _style(self) -> None:
        self.set_class(not self._overview.answers, "-first-run")

    def _calendar(self, width: int) -> Content:
        room = width - 4
        weeks = max(4, min(53 if room >= 53 else 26, room))
        days, today = self._overview.answers, self._workspace.now().day
        scores, tall = self._overview.scores, self.size.height
        beside = f" · last quiz {percent(scores[-1])}" if scores and tall < ROOMY else ""
        calendar = Content.styled(f"Last {weeks} weeks{beside}\n", "$muted")
        calendar += heatmap(days, today, weeks, width, colourless=self.app.no_color)
        if tall >= TALL:
            charts = [week_chart(days, today), *([scores_chart(scores, width)] if scores else [])]
            return Content("\n\n").join([calendar, *charts])
        if scores and tall >= ROOMY:
            calendar += Content.assemble(
                ("\n\nQuiz scores  ", "$muted"),
                (sparkline(scores[-max(1, width - 20) :], 1), "$secondary"),
                (f"  {percent(scores[-1])}", "$foreground"),
            )
        return calendar

    def _show_bars(self) -> None:
        today = date.fromordinal(self._workspace.now().day)
        streak = self._overview.daily.streak_in_words() if self._workspace.config.streak else ""
        parts = [self.app.sync_word(), streak, in_full(today, weekday=True, year=False)]
        self.show_title(
            Content.styled("sco-quiz", "bold $foreground"),
            Content(" · ".join(filter(None, parts))),
        )
        keys, actions = {"minutes": "By time"}, None
        if not self._waiting:
            keys = {"study": "", "ahead": "Ahead", "hardest": "Hardest"}
        elif not self._overview.answers:
            allowed = [each for each in self.ACTIONS if self.check_action(each.name, ())]
            keys, actions = {"study": "Begin"}, sorted(allowed, key=lambda it: it.name not in FIRST)
        deck = self.query_one(DeckList).selected
        if deck and deck.is_parent and deck.id not in self._overview.opened:
            keys["open"] = "Open"
        self.show_keys(keys, actions)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Problems and edited cards can be looked at when there are any."""
        if action == "relink":
            return self._overview.doubtful > 0
        if action == "dates":
            wrong = self._overview.wrong_times
            return wrong is not None and bool(wrong.offers)
        if action in ("open", "close"):
            return any(deck.is_parent for deck in self._overview.decks)
        if action in ("ahead", "hardest"):
            return self._offered.hardest > 0
        if action == "catch_up":
            return self._overview.backlog.is_large or self._overview.backlog.per_day > 0
        if action == "sync":
            return bool(self._workspace.config.sync)
        if action == "problems":
            return bool(self._workspace.catalogue.problems() or self.app.warnings)
        return super().check_action(action, parameters)

    def why_not(self, action: str) -> str:
        """Say why there is nothing to do, and what there is instead."""
        match action:
            case "relink":
                return "No edited card waits for your decision."
            case "dates":
                return "No answer was dated by a wrong clock."
            case "open" | "close":
                return "No deck has decks below it."
            case "ahead" | "hardest" if self._waiting:
                return f"Cards wait today: {self.key_of('home.study')} studies them first."
            case "ahead" | "hardest":
                return "No learned card can be asked again yet."
            case "catch_up":
                return "There is no backlog to plan for."
            case "problems":
                return "No deck file has a mistake."
            case "sync":
                return "No other device is known: `sco-quiz sync FOLDER` in a shell begins syncing."
        return super().why_not(action)

    def action_leave(self) -> None:
        """Leave the app, once that was asked."""
        asked = f"{self.key_of('home.leave')} again leaves sco-quiz."
        if self.telling.is_told(asked):
            self.call_later(self.app.action_quit)
        else:
            self.tell(asked)

    def _next_wait(self, decks: Sequence[str]) -> str:
        return self._workspace.agenda.next_wait(decks)  # which is another once decks are read

    @property
    def _waiting(self) -> int:
        """The number of cards that wait in the selected deck, or in all."""
        decks = self.query_one(DeckList)
        counts = decks.selected.counts if decks.selected else decks.all_counts
        return counts.total or self._alone

    @property
    def _alone(self) -> int:
        """The cards that the selected deck gets by itself, where limits give them to others."""
        deck = self.query_one(DeckList).selected
        if deck is None or deck.counts.total or not deck.counts.held:
            return 0
        if deck.id not in self._gets_alone:
            counts = self._workspace.agenda.counts(deck.decks)
            self._gets_alone[deck.id] = sum_of(counts.values()).total
        return self._gets_alone[deck.id]

    @property
    def _offered(self) -> Offers:
        """The offers for the selected deck, or for all, when nothing is due there."""
        deck = self.query_one(DeckList).selected
        if deck is None:
            return self._overview.offers
        if deck.id not in self._offers:
            self._offers[deck.id] = self._workspace.agenda.offers(deck.decks)
        return self._offers[deck.id]

    def _show_today(self) -> None:
        decks = self.query_one(DeckList)
        waiting = decks.all_counts.total
        done = self._overview.daily.answers
        if waiting:
            answers = decks.all_counts.answers(len(self._workspace.config.learning_steps))
            minutes = max(1, round(answers * self._overview.usual_ms / 60_000))
            summary = Content.assemble(
                (f"{waiting:,}", "bold $foreground"),
                (f" to go, about {many(minutes, 'minute')}", "$foreground"),
            )
        else:
            known = decks.count > 1
            summary = Content.styled(
                "Nothing is due." if known else "Reading the decks…", "$foreground"
            )
        lines = []
        if self._overview.backlog.per_day:
            lines.append(Content.styled(self._overview.backlog.in_words(), "$muted"))
        elif self._overview.backlog.is_large and self._overview.backlog.returned:
            lines.append(
                Content.assemble(
                    ("Welcome back. A calm plan: ", "$muted"),
                    (self.key_of("home.catch_up"), "$primary"),
                )
            )
        held = Content.styled(self._workspace.agenda.held_in_words(decks.all_counts), "$muted")
        place = len(lines)
        if any(self._overview.daily.goal):
            lines.append(Content.styled(self._overview.daily.goal_in_words(), "$muted"))
        if not waiting and self._overview.offers.quiz:
            lines.append(self._instead())

        def draw(width: int) -> Content:
            progress = bar(done, done + waiting, max(8, min(40, width - 12)))
            progress += Content.styled(f" {done:,} done", "$muted")
            is_short_of_room = self.has_class("-narrow") and self.has_class("-first-run")
            told = [held] if held and not is_short_of_room else []  # its rows say it too
            return Content("\n").join([summary, progress, *lines[:place], *told, *lines[place:]])

        self.query_one("#today", Static).update(ByWidth(draw))
        deck = decks.selected
        about = deck.description if deck else "Everything that is due, in one session."
        cards = f"{many(deck.notes, 'note')}, {many(deck.cards, 'card')}" if deck else ""
        comes, alone = "", self._alone
        if deck and deck.cards and not (deck.counts.total or alone):
            comes = f"Nothing is due in it. {self._workspace.agenda.next_in_words(deck.decks)}"
        elif deck and deck.counts.held:  # which `comes` says else
            cards += f", {deck.counts.held} new ones held back"
        if alone:
            comes = f"Studied by itself it gets {many(alone, 'new card')} today."
        told = Content("\n".join(filter(None, (comes, cards, about))))
        self.query_one("#about", Static).update(ByHeight(lambda _: told))
        self.query_one("#welcome", Static).update(ByWidth(self._welcome))

    def _instead(self) -> Content:
        """Offer what can be done when nothing is due."""
        ways = [("quiz", "a quiz")]
        if self._overview.offers.hardest:
            ways = [("ahead", "ahead"), ("hardest", "the hardest"), *ways]
        return Content("Or ") + Content(", ").join(
            Content.assemble((self.key_of(f"home.{name}"), "$primary"), f" {word}")
            for name, word in ways
        )

    def _welcome(self, _: int) -> Content:
        study, help_key = self.key_of("home.study"), self.key_of("app.help")
        palette_key = self.key_of("app.command_palette")
        deck_list = self.query_one(DeckList)
        selected = deck_list.selected
        first = deck_list.first_title or (selected.title if selected and self._alone else "")
        begin = Content.assemble(
            ("Press ", "bold $foreground"),
            (study, "bold $primary"),
            (f" to begin with {first}.", "bold $foreground"),
        )
        keys = Content.assemble(
            (help_key, "$primary"),
            " shows keys, ",
            (palette_key, "$primary"),
            " finds anything.",
        )
        folder = clean(shown_path(self._workspace.paths.data), multiline=False)
        place = Content(f"Your decks and progress: {folder}")
        gap = [] if self.has_class("-narrow") else [Content()]
        first_of_all = [begin, *gap] if first else []
        return Content("\n").join([*first_of_all, keys, *gap, place])

    def show_sync(self) -> None:
        """Show how syncing stands."""
        if self.is_mounted:
            self._show_bars()

    def show_reading(self, done: int, total: int) -> None:
        """Show how far the reading of decks is, when there is much to read."""
        if total > 20:
            self.show_title(
                Content.styled("sco-quiz", "bold $foreground"),
                Content(f"reading decks, {done} of {total}  ") + bar(done, total, 17),
            )

    def _show_notice(self) -> None:
        notice = self.query_one("#notice", Static)
        errors = [each for each in self._workspace.catalogue.problems() if each.severity == "error"]
        lines = [
            f"{Path(each.path).name}:{each.line}:{each.column}: {each.message}"
            for each in errors[:1]
        ] + self.app.warnings[:1]
        if len(errors) > 1:
            lines[0] += f"  (and {len(errors) - 1} more: {self.key_of('home.problems')})"
        if doubtful := self._overview.doubtful:
            are = plural(doubtful, "card may be a known one", "cards may be known ones")
            key = self.key_of("home.relink")
            lines.append(f"{doubtful} edited {are} in other words: {key}")
        if wrong := self._overview.wrong_times:
            puts = f": {self.key_of('home.dates')} puts that right" if wrong.offers else ""
            lines.append(f"{wrong.summary}{puts}")
        notice.update(Content("\n".join(clean(line, multiline=False) for line in lines)))
        notice.display = bool(lines)

    def on_row_list_row_reached(self) -> None:
        """Figures, what the deck under the cursor is about, and the keys for it."""
        self._show_today()
        self._show_bars()

    def on_row_list_row_chosen(self) -> None:
        """A second click studies."""
        self.action_study()

    def action_open(self) -> None:
        """Show what is below a parent."""
        if not self.query_one(DeckList).open():
            self.tell("No decks are below this one.")
        self._keep_opened()

    def action_close(self) -> None:
        """Hide what is below a parent."""
        if not self.query_one(DeckList).close():
            self.tell("No deck is above this one, and none is shown below it.")
        self._keep_opened()

    def _keep_opened(self) -> None:
        opened = frozenset(self.query_one(DeckList).opened)
        if opened != self._overview.opened:
            self._overview = self._overview._replace(opened=opened)
            keep_opened(self._workspace, opened)
            self._show_today()
            self._show_bars()

    def action_study(self) -> None:
        """Study what is due in the selected deck."""
        self._study(Pick.DUE)

    def action_ahead(self) -> None:
        """Study what is not due yet."""
        self._study(Pick.AHEAD)

    def action_hardest(self) -> None:
        """Go over the hardest cards."""
        self._study(Pick.HARDEST)

    @property
    def _selected(self) -> str:
        """The id of the deck under the cursor; empty for all."""
        deck = self.query_one(DeckList).selected
        return deck.id if deck else ""

    def _study(self, pick: Pick) -> None:
        deck = self.query_one(DeckList).selected
        self.app.post_message(messages.StartStudy(deck.decks if deck else (), pick=pick))

    def action_catch_up(self) -> None:
        """Plan how to clear the backlog."""

        def chosen(per_day: int | None) -> None:
            if per_day is not None:
                self.app.preferences.set("backlog_per_day", per_day or None)
            self.show_workspace()

        self.app.open(messages.OpenCatchUp(), chosen)

    def action_minutes(self) -> None:
        """Study for some minutes."""

        def chosen(study: messages.StartStudy | None) -> None:
            if study is not None:
                self.app.post_message(study)

        self.app.open(messages.OpenMinutes(self._selected), chosen)

    def action_quiz(self) -> None:
        """Choose a quiz and take it."""

        def chosen(quiz: Quiz | None) -> None:
            if quiz is not None:
                self.app.post_message(messages.StartQuiz(quiz))

        self.app.open(messages.OpenQuizSetup(self._selected), chosen)

    def action_settings(self) -> None:
        """Change settings."""
        self.app.open(messages.OpenSettings())

    def action_browse(self) -> None:
        """Look through all cards."""
        self.app.open(messages.OpenBrowse())

    def action_find(self) -> None:
        """Look for cards."""
        self.app.open(messages.OpenBrowse(search=True))

    def action_history(self) -> None:
        """Show how it has been going."""
        self.app.open(messages.OpenHistory())

    def action_new_deck(self) -> None:
        """Begin a deck of one's own, and write its first card."""

        def made(deck: str | None) -> None:
            self.show_workspace()
            if deck is not None:
                self._add_card(deck)

        self.app.open(messages.OpenNewDeck(), made)

    def action_rename_deck(self) -> None:
        """Give the deck under the cursor another title."""
        if deck := self._selected_file("rename"):

            def renamed(title: str | None) -> None:
                self.show_workspace()
                if title is not None:
                    self.tell(undoable(f"It is {plain(title)} now", self.key_of("home.undo")))

            self.once_own(deck.id, lambda: self.app.open(messages.OpenRenameDeck(deck.id), renamed))

    def action_delete_deck(self) -> None:
        """Delete the deck under the cursor, once that is confirmed."""
        deck = self._selected_file("delete")
        if deck is None:
            return
        from sco_quiz.authoring import steps  # seldom

        with self.app.telling_errors():
            file = steps.check_deletable(self._workspace, deck.id).name
            stays = (
                "the one of the app is back"
                if deck.stands_for_shipped
                else "what you learned stays"
            )
            if deck.is_parent:
                stays = "the decks below it stay"
            undo = self.key_of("home.undo")
            answers = ["No, keep it", f"Yes; {stays}{f', and {undo} undoes it' * bool(undo)}"]

            def chosen(number: int | None) -> None:
                if number == 1 and not self._is_stepping:
                    delete = partial(steps.delete_deck, deck=deck.id)
                    self.run_worker(self._delete(deck, delete))

            question = f"Delete {plain(deck.title)} ({clean(file, multiline=False)})?"
            self.app.open(messages.OpenChoosing(question, answers, None), chosen)

    async def _delete(self, deck: DeckSummary, delete: Callable[[Workspace], object]) -> None:
        with self.app.telling_errors():
            await self._elsewhere(delete)
            self.tell(undoable(f"Deleted {plain(deck.title)}", self.key_of("home.undo")))
            self.show_workspace()

    def _selected_file(self, what: str) -> DeckSummary | None:
        """Return the deck under the cursor; None, which is told, where that has no file."""
        deck = self.query_one(DeckList).selected
        if deck is None:
            self.tell(f"Put the cursor on the deck to {what}.")
        elif not deck.path:
            self.tell(f"{plain(deck.title)} has no file of its own: {what} the decks below it.")
        else:
            return deck
        return None

    def action_add(self) -> None:
        """Write a card into a deck of one's own."""
        self._add_card(self._selected)

    def _add_card(self, likeliest: str) -> None:
        own = [deck for deck in self._workspace.agenda.decks() if not deck.shipped]
        if not own:
            self.action_new_deck()
            return
        own.sort(key=lambda deck: deck.id != likeliest)
        self.app.open(messages.OpenNoteForm(own), lambda _: self.show_workspace())

    def action_import(self) -> None:
        """Choose a file of another app and import its cards."""
        self.app.open(messages.OpenChooseFile(), self._imported)

    def on_paste(self, event: Paste) -> None:
        """Import files that are dropped on the terminal: it pastes their paths."""
        from sco_quiz.tui.folders import dropped_paths  # not needed to show Home

        if files := dropped_paths(event.text):
            self.app.open(messages.OpenImport(files), self._imported)

    def _imported(self, deck: str | None) -> None:
        """Go to a deck that was imported."""
        self.show_workspace()
        if deck is not None:
            self.query_one(DeckList).select(deck)
            self._keep_opened()

    def action_export(self) -> None:
        """Write decks to a file for another app."""
        self.app.open(messages.OpenExport(self._selected))

    def action_undo(self) -> None:
        """Take back the last step, maybe of an earlier day, and say of which card."""
        if not self._is_stepping:
            self.run_worker(self._undo())

    async def _undo(self) -> None:
        from sco_quiz.studying import undo as steps  # not needed to show Home
        from sco_quiz.workspace.cards import logged_prompt

        with self.app.telling_errors():
            progress = self._workspace.progress
            last = progress.last_undoable()
            if last is not None and last.id == self._refused:
                progress.let_stand(last, self._workspace.now())
            try:
                if steps.takes_long(self._workspace):
                    self.tell("Taking it back…")
                    undone = await self._elsewhere(steps.undo)
                else:
                    undone = steps.undo(self._workspace)
            except DeckError as error:
                refused = progress.last_undoable()
                self._refused = refused.id if refused else None
                key = self.key_of("home.undo")
                again = f"; {key} again leaves it, and takes back the step before" * bool(key)
                raise DeckError(error.message, f"{error.help}{again}") from None
            prompt = logged_prompt(self._workspace.progress, undone.card) if undone else ""
            self.tell_undone(undone, prompt)
            if undone is not None:
                self._show_what_came()

    def _show_what_came(self) -> None:
        """Show the workspace, the cursor on a deck that was not there before."""
        before = {deck.id for deck in self._overview.decks}
        self.show_workspace()
        for deck in self._overview.decks:
            if deck.id not in before:
                self.query_one(DeckList).select(deck.id)
                return

    async def _elsewhere(self, step: Callable[[Workspace], Done]) -> Done:
        """Take a step that may take seconds, or take it back, while the screen goes on."""
        from sco_quiz.tui.workspace_thread import WorkspaceThread  # not needed to show Home

        def work(workspace: Workspace) -> Done:
            done = step(workspace)
            self._workspace.refresh(in_thread=True)
            return done

        thread = WorkspaceThread(self._workspace)
        self._is_stepping = True
        try:
            done = await thread.do(work)
        finally:
            self._is_stepping = False
            thread.close()
        self._workspace.see_changes()
        return done

    def action_sync(self) -> None:
        """Sync with the learner's other devices."""
        self.app.post_message(messages.SyncNow())

    def action_reload(self) -> None:
        """Read deck files that changed."""
        self.app.post_message(messages.ReadDecks())

    def action_relink(self) -> None:
        """Say which edited cards are the same as before."""
        self.app.open(messages.OpenRelink())

    def action_dates(self) -> None:
        """Say when answers were given that a wrong clock dated."""
        wrong = self._overview.wrong_times
        if wrong is None:
            return
        offers = wrong.offers

        def chosen(index: int | None) -> None:
            if index is not None and index < len(offers) and not self._is_stepping:
                self.run_worker(self._put_right(wrong, offers[index].way))

        names = [
            *(offer.words for offer in offers),
            "Leave them: for later, or the clock is wrong now",
        ]
        self.app.open(messages.OpenChoosing(wrong.summary, names, len(offers)), chosen)

    async def _put_right(self, wrong: WrongTimes, way: Way) -> None:
        with self.app.telling_errors():
            await self._elsewhere(lambda workspace: wrong.put_right(workspace, way))
            self.tell(undoable("Put right", self.key_of("home.undo")))
            self.show_workspace()

    def action_problems(self) -> None:
        """Show what is wrong with deck files."""
        self.app.open(
            messages.OpenProblems(self._workspace.catalogue.problems(), self.app.warnings)
        )
