"""The one table of actions: keys, key bar, help screen and palette all come from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.commands import keys as names

if TYPE_CHECKING:
    from collections.abc import Mapping


class Action(NamedTuple):
    """Something the learner can do.

    Attributes:
        name: The Textual action.
        keys: What triggers it; the first is shown.
        label: Its word in the key bar; empty keeps it out of there.
        help: What it does, a sentence for the help screen.
        shown: How the key is written, when not as Textual names it.
        group: Where it holds; empty for an action of the app, which holds anywhere.
        typing: Whether a text is being typed, so that a character does not trigger it.
    """

    name: str
    keys: names.Keys
    label: str
    help: str
    shown: str = ""
    group: str = ""
    typing: bool = False

    @property
    def id(self) -> str:
        """What settings call it."""
        return f"{self.group}.{self.name}" if self.group else self.name

    @property
    def key(self) -> str:
        """The key as it is written on screen; empty if none acts now."""
        keys = [key for key in self.keys if not (self.typing and names.character(key))]
        return names.written(keys[0]) if keys and not self.shown else self.shown

    @property
    def all_keys(self) -> str:
        """Every key that acts now, as written on screen."""
        keys = [key for key in self.keys if not (self.typing and names.character(key))]
        return self.shown or ", ".join(map(names.written, keys))

    def while_typing(self) -> Action:
        """The action under a key that does not type a character."""
        return self._replace(typing=True)

    def on(self, chosen: Mapping[str, names.Keys]) -> Action:
        """The action under the keys that were chosen for it, if any were."""
        keys = chosen.get(self.id)
        if keys is None:
            return self
        shown = self.shown
        if "1–" in shown:  # as many of the keys as it is shown with
            before, _, last = shown.rpartition("1–")
            until = keys[min(len(keys), int(last)) - 1]
            shown = f"{before}{names.written(keys[0])}–{names.written(until)}"
        return self._replace(keys=keys, shown=shown)


def _in(group: str, *actions: Action) -> tuple[Action, ...]:
    return tuple(
        action if action.name.startswith("app.") else action._replace(group=group)
        for action in actions
    )


HELP = Action("app.help", ("question_mark", "f1"), "Help", "Show what the keys do.")
TRUE = Action("true", ("t",), "True", "Say that the statement is true.")
FALSE = Action("false", ("f",), "False", "Say that the statement is false.")
TAKE_BACK = Action(
    "take_back", ("backspace",), "Take back", "Take back the last item of a list or order."
)
IMAGE = Action("image", ("i", "f6"), "Image", "Open the image of the card.")
AUDIO = Action("audio", ("a", "f7"), "Listen", "Play the recording of the card.")
LEAVE = Action("leave", ("escape", "ctrl+q"), "Leave", "Leave; what you answered is kept.")
UNDO = Action(
    "undo", ("u", "ctrl+underscore"), "Undo", "Take back your last step, whatever it was."
)
AHEAD = Action("ahead", ("A",), "", "Study cards of the deck that are not due yet.")
HARDEST = Action("hardest", ("x",), "", "Go over the ten hardest cards of the deck.")

HOME = _in(
    "home",
    Action("study", ("enter",), "Study", "Study what is due in the selected deck."),
    AHEAD,
    Action("minutes", ("m",), "", "Study for some minutes: the cards most at risk first."),
    HARDEST,
    Action(
        "open", ("right",), "", "Show the decks below a parent; again, go to the first.", shown="→"
    ),
    Action("close", ("left",), "", "Hide the decks below a parent; from one, go to it.", shown="←"),
    Action("catch_up", ("c",), "Catch up", "Plan how to clear a backlog, or change the plan."),
    Action("problems", ("p",), "Problems", "Show which deck files have mistakes, and where."),
    Action("relink", ("l",), "Edited cards", "Say which edited cards are the same as before."),
    Action("dates", ("d",), "Dates", "Put answers right that a wrong clock dated."),
    Action("quiz", ("q",), "Quiz", "Take a quiz: a scored test that moves no due date."),
    Action("browse", ("b",), "Browse", "Look through all cards: find, sort, set aside, edit."),
    Action("find", ("slash",), "Find", "Look for cards."),
    Action("history", ("h",), "History", "Show scores, answers and cards so far."),
    Action("add", ("a",), "Add card", "Write a card into a deck of your own."),
    Action("new_deck", ("n",), "New deck", "Begin a deck of your own."),
    Action("rename_deck", ("N", "f2"), "", "Give the selected deck another title."),
    Action("delete_deck", ("D", "delete"), "", "Delete the selected deck; undo brings it back."),
    Action("import", ("i",), "Import", "Import cards from a file of another app."),
    Action("export", ("e",), "Export", "Write decks to a file for another app."),
    UNDO._replace(label=""),
    Action("reload", ("r",), "", "Read deck files that changed."),
    Action("sync", ("S",), "Sync", "Sync with your other devices now."),
    Action("settings", ("s",), "Settings", "Change settings, keys too."),
    Action("app.choose_theme", ("t",), "Theme", "Choose the colours."),
    Action("app.quit", ("Q", "ctrl+q"), "Quit", "Leave sco-quiz."),
    HELP,
)

STUDY = _in(
    "study",
    Action("submit", ("enter",), "Answer", "Give the answer; after it, take the proposed rating."),
    Action(
        "reveal", ("space",), "Reveal", "Show the answer of a card you think about; then go on."
    ),
    Action(
        "digit",
        tuple("123456789"),
        "Choose",
        "Pick, mark or place a choice; after the answer, 1 Again, 2 Hard, 3 Good, 4 Easy.",
        shown="1–9",
    ),
    TRUE,
    FALSE,
    TAKE_BACK,
    Action("hint", ("h", "tab"), "Hint", "Show the hint; a right answer then proposes Hard."),
    IMAGE,
    AUDIO,
    Action("accept", ("plus",), "I was right", "Accept your answer, now and from then on."),
    LEAVE,
    UNDO,
    Action("edit", ("e", "f4"), "Edit", "Edit the card; the study goes on with its new text."),
    Action("suspend", ("exclamation_mark", "ctrl+s"), "Suspend", "Don't ask this card any more."),
    Action("editor", ("E", "f5"), "", "Open the card's file in your editor, at its line."),
    Action("bury", ("minus", "ctrl+o"), "Tomorrow", "Put this card off until tomorrow."),
    Action("flag", ("asterisk", "ctrl+t"), "Flag", "Flag the card, or take its flag away."),
    HELP,
)

SUMMARY = _in(
    "summary",
    Action("leave", ("enter", "escape", "ctrl+q"), "Decks", "Go back to the decks."),
    UNDO,
    AHEAD._replace(label="Ahead"),
    HARDEST._replace(label="Hardest"),
    Action("quiz", ("q",), "Quiz", "Take a quiz."),
    HELP,
)

MINUTES = _in(
    "minutes",
    Action("begin", ("enter", "ctrl+s"), "Begin", "Study for so long."),
    Action("app.focus_next", ("tab",), "Next field", "Go to the next field; arrows change it."),
    Action("leave", ("escape", "ctrl+q"), "Leave", "Leave without studying."),
    HELP,
)

CATCH_UP = _in(
    "catch_up",
    Action("begin", ("enter", "ctrl+s"), "Keep to it", "Keep to the plan from now on."),
    Action("leave", ("escape", "ctrl+q"), "Leave", "Leave everything as it is."),
    HELP,
)

HISTORY = _in(
    "history",
    Action("open", ("enter",), "Open", "Show a session, a deck's scores, a pair, or a card."),
    Action("next_tab", ("tab",), "Next tab", "Go to the next tab."),
    Action("previous_tab", ("shift+tab",), "", "Go to the tab before."),
    Action("earlier", ("left",), "", "Go to the point at the left in a chart; a line tells it."),
    Action("later", ("right",), "Points", "Go to the point at the right in a chart.", shown="←→"),
    Action("deck", ("d",), "Deck", "Look at one deck, or at all of them."),
    Action("kind", ("f",), "Kind", "Look at quizzes, at study sessions, or at both."),
    Action("sort", ("s",), "Sort", "Sort sessions by time, score, answers, or time spent."),
    Action("leave", ("escape", "q", "ctrl+q"), "Decks", "Go back to the decks."),
    HELP,
)

QUIZ_SETUP = _in(
    "quiz_setup",
    Action("begin", ("enter", "ctrl+s"), "Begin", "Draw the questions and begin."),
    Action("mark", ("space", "insert"), "Mark", "Mark the deck; without a mark all are asked."),
    Action("app.focus_next", ("tab",), "Next", "Go to the next field; arrows change it."),
    Action("leave", ("escape", "ctrl+q"), "Leave", "Leave without a quiz."),
    HELP,
)

QUIZ = _in(
    "quiz",
    Action("submit", ("enter", "space"), "Answer", "Give the answer; after the verdict, go on."),
    Action("digit", tuple("123456789"), "Choose", "Pick, mark or place a choice.", shown="1–9"),
    TRUE,
    FALSE,
    TAKE_BACK,
    IMAGE,
    AUDIO,
    Action("knew", ("y",), "I knew it", "Say that you knew an answer that cannot be checked."),
    Action("did_not", ("n",), "I did not", "Say that you did not know it."),
    Action("accept", ("plus",), "I was right", "Count your answer, and accept it from then on."),
    LEAVE,
    HELP,
)

RESULT = _in(
    "result",
    Action("leave", ("enter", "escape", "q", "ctrl+q"), "Decks", "Go back to the decks."),
    Action("retry", ("r",), "Retry the missed", "Ask the missed questions again."),
    Action("bring", ("s",), "Study them today", "Bring the missed into today's study, or undo it."),
    HELP,
)

SESSION = _in(
    "session",
    Action("leave", ("escape", "q", "enter", "ctrl+q"), "Back", "Go back to the history."),
    Action("retry", ("r",), "Retry the missed", "Ask again what was missed in the quiz."),
    Action("bring", ("s",), "Study them today", "Bring the missed into today's study."),
    HELP,
)

PAIR = _in(
    "pair",
    Action("begin", ("enter",), "Ask them", "Ask which of the two is right, in turn."),
    Action("leave", ("escape", "q", "ctrl+q"), "Back", "Go back to the history."),
    HELP,
)

CHOOSING = _in(
    "choosing",
    Action("choose", ("enter",), "Choose", "Take what is under the cursor."),
    Action("leave", ("escape", "q", "ctrl+q"), "Back", "Leave it as it was."),
)

FORM = _in(
    "form",
    Action("save", ("ctrl+s",), "Save", "Write it to the deck's file."),
    Action("app.focus_next", ("tab",), "Next", "Go to the next field, as Enter does in one line."),
    Action("leave", ("escape", "ctrl+q"), "Leave", "Leave the form; what is written is kept."),
    Action("discard", ("f8",), "Drop", "Leave the form, and drop what is not saved."),
    HELP,
)

NOTE_FORM = (
    FORM[0],
    *_in(
        "form",
        Action(
            "take_other", ("f3",), "Take theirs", "Take what the file has by now for the field."
        ),
        FORM[1],
        Action("more", ("f2",), "More", "Show all fields, or fold those away that are empty."),
    ),
    *FORM[2:],
)

BROWSE = _in(
    "browse",
    Action("open", ("enter",), "Card", "Show all that is known of a card, and its history."),
    Action("search", ("slash",), "Search", "Write what to find; Enter goes back to the list."),
    Action("mark", ("space",), "Mark", "Mark the card; what follows is about all marked ones."),
    Action("mark_all", ("asterisk",), "All", "Mark all cards that were found, or none."),
    Action("leave", ("escape", "q", "ctrl+q"), "Decks", "Go back to the decks."),
    UNDO,
    Action("suspend", ("exclamation_mark",), "Suspend", "Set cards aside, or take them back."),
    Action("edit", ("e", "f4"), "Edit", "Edit the card in a form."),
    Action("retag", ("t",), "Tags", "Add tags to the notes of the cards, or take some away."),
    Action("sort", ("o",), "Sort", "Choose the column to sort by; the same again turns it round."),
    Action("bury", ("minus",), "Tomorrow", "Put cards off until tomorrow."),
    Action("digit", tuple("1234567"), "Flag", "Give cards a flag.", shown="1–7"),
    Action("unflag", ("0",), "", "Take the flags of cards away."),
    Action("delete", ("D", "delete"), "Delete", "Delete the notes of the cards from their decks."),
    Action("duplicate", ("c",), "Duplicate", "Write another card that begins as this one does."),
    Action("reset", ("R",), "Reset", "Have cards learned anew, as if never seen."),
    Action("join", ("l",), "", "Give the card the history of one that no deck has any more."),
    Action("editor", ("E", "f5"), "", "Open the card's file in your editor, at its line."),
    HELP,
)

SETTINGS = _in(
    "settings",
    Action("change", ("enter", "space"), "Change", "Change the setting under the cursor."),
    Action("reset", ("r", "delete"), "Reset", "Go back to what holds by default."),
    Action("search", ("slash",), "Search", "Find settings and keys by their words."),
    Action("leave", ("escape", "q", "ctrl+q"), "Back", "Leave the field, the search, the screen."),
    HELP,
)

CHOOSE_FILE = _in(
    "choose_file",
    Action("open", ("enter",), "Open", "Open the folder or the file under the cursor."),
    Action("complete", ("tab",), "Complete", "Complete the path, as far as it is clear."),
    Action("leave", ("escape", "ctrl+q"), "Leave", "Leave without importing."),
    HELP,
)

IMPORT = _in(
    "import",
    Action("begin", ("enter",), "Import", "Import what is shown; after it, go to the deck."),
    Action("leave", ("escape", "q", "ctrl+q"), "Back", "Break off the import; go back."),
    Action("into", ("d",), "Into", "Choose the deck that takes everything, or a deck of each."),
    Action("columns", ("c",), "Columns", "Say what the columns of a table hold."),
    Action("separator", ("s",), "Separator", "Say what stands between the cells of a table."),
    Action("header", ("h",), "Header", "Say whether the first row of a table names its columns."),
    UNDO._replace(help="Take the import back."),
    HELP,
)

COLUMNS = _in(
    "columns",
    Action("choose", ("enter",), "Change", "Choose what the column under the cursor holds."),
    Action("leave", ("escape", "q", "ctrl+q"), "Done", "Go back to the import."),
    HELP,
)

EXPORT = _in(
    "export",
    Action("write", ("enter", "ctrl+s"), "Write", "Write the decks to the file."),
    Action("mark", ("space", "insert"), "Mark", "Mark the deck; without a mark all are written."),
    Action("next_field", ("tab",), "Next field", "Complete the path; else go to the next field."),
    Action("leave", ("escape", "ctrl+q"), "Leave", "Leave without writing."),
    HELP,
)

RELINK = _in(
    "relink",
    Action("same", ("y",), "Same card", "Keep the history for the card in its new words."),
    Action("apart", ("n",), "Another card", "Leave the new card new; the history is kept aside."),
    Action("leave", ("escape", "q", "ctrl+q"), "Later", "Decide another time."),
)

READING = _in("reading", Action("leave", ("escape", "q", "enter", "ctrl+q"), "Back", "Go back."))

EVERYWHERE = _in(
    "everywhere",
    Action("app.command_palette", ("ctrl+p", "colon"), "", "Find a deck, an action or a setting."),
    Action(
        "app.suspend_process",
        ("ctrl+z",),
        "",
        "Go to the shell, `fg` comes back; where you type, undo the typing.",
    ),
)

GROUPS = {
    "Decks": HOME,
    "Study": STUDY,
    "After a session": SUMMARY,
    "Before study by time": MINUTES,
    "A plan for a backlog": CATCH_UP,
    "Before a quiz": QUIZ_SETUP,
    "Quiz": QUIZ,
    "After a quiz": RESULT,
    "History": HISTORY,
    "A session": SESSION,
    "A confused pair": PAIR,
    "Browse": BROWSE,
    "A list to choose from": CHOOSING,
    "Add and edit": NOTE_FORM,
    "Choose a file": CHOOSE_FILE,
    "Import": IMPORT,
    "Columns of a table": COLUMNS,
    "Export": EXPORT,
    "Edited cards": RELINK,
    "Settings": SETTINGS,
    "Everywhere": EVERYWHERE,
}
"""What the help screen lists, by where it holds."""


EVERY_TABLE = (*GROUPS.values(), READING, FORM)
ACTIONS = {action.id: action for table in EVERY_TABLE for action in table}
"""Every action by its id."""

TYPING = (MINUTES, QUIZ_SETUP, NOTE_FORM, STUDY, QUIZ, SETTINGS, CHOOSE_FILE, EXPORT)
"""Where text is typed, so that what has a key beside the characters must keep one."""


def resolve(chosen: Mapping[str, names.Keys]) -> tuple[dict[str, names.Keys], list[str]]:
    """Return the keys that the learner chose, as far as they can be used; see `keys.resolve`."""
    if not chosen:
        return {}, []
    tables = [{action.id: action.keys for action in (*table, *EVERYWHERE)} for table in EVERY_TABLE]
    typed = {
        action.id
        for table in TYPING
        for action in table
        if not all(map(names.character, action.keys))
    }
    return names.resolve(chosen, tables, typed)
