"""The one table of actions: keys, key bar, help screen and palette all come from it."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.commands import keys as names
from sco_quiz.config import KEYS, PRESET, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping


class Danger(IntEnum):
    """The worst that an action does when its key is pressed by mistake.

    A key has the same danger wherever it means something, but for Enter and space: they do what
    stands first in the key bar.
    """

    NONE = 0
    """It shows, chooses, opens or leaves; nothing is written."""
    WRITES = 1
    """It writes something, which can be taken back or written anew."""
    DROPS = 2
    """It drops something for good."""


class Action(NamedTuple):
    """Something the learner can do.

    Attributes:
        name: The Textual action.
        keys: What triggers it; the first is shown.
        label: Its word in the key bar; empty keeps it out of there.
        help: What it does, a sentence for the help screen.
        danger: The worst that it does by mistake.
        shown: How the key is written, when not as Textual names it.
        group: Where it holds; empty for an action of the app, which holds anywhere.
        typing: Whether a text is being typed, so that a character does not trigger it.
    """

    name: str
    keys: names.Keys
    label: str
    help: str
    danger: Danger = Danger.NONE
    shown: str = ""
    group: str = ""
    typing: bool = False

    @property
    def words(self) -> str:
        """All that it is found by: its name, its sentence, and other words for it."""
        return f"{self.title} {self.help} {OTHER_WORDS.get(self.name, '')}"

    @property
    def title(self) -> str:
        """Its name where there is no key bar: the word from there, or else its own."""
        return self.label or self.name.removeprefix("app.").replace("_", " ").capitalize()

    @property
    def id(self) -> str:
        """Its name in the settings, such as `study.undo`."""
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


OTHER_WORDS = {
    "add": "new create note write",
    "app.choose_theme": "dark light mode color colors scheme appearance",
    "app.help": "keys keybindings hotkeys shortcuts manual",
    "app.quit": "exit close end",
    "app.suspend_process": "stop background shell",
    "accept": "correct override",
    "ahead": "early more extra cram",
    "apart": "no",
    "audio": "sound replay hear",
    "begin": "start go",
    "browse": "list cards notes change delete remove tags flag suspend reset duplicate leeches",
    "bury": "bury skip postpone later",
    "catch_up": "overdue behind",
    "close": "collapse fold",
    "columns": "fields",
    "dates": "time clock",
    "deck": "filter",
    "delete": "remove erase",
    "delete_deck": "remove erase",
    "did_not": "no wrong",
    "discard": "drop cancel delete",
    "duplicate": "copy clone",
    "edit": "change correct fix rewrite",
    "editor": "vim external",
    "export": "save as share anki csv apkg backup write",
    "find": "search look filter",
    "flag": "mark star",
    "hardest": "difficult leeches cram",
    "hint": "clue",
    "history": "stats statistics progress results charts graphs forecast calendar",
    "image": "picture view",
    "import": "open load anki csv apkg bring",
    "join": "link",
    "kind": "filter view",
    "knew": "yes right",
    "leave": "quit exit close back end stop cancel home",
    "mark": "select",
    "mark_all": "select everything",
    "minutes": "by time timer session timed",
    "new_deck": "create make add",
    "open": "details info expand",
    "problems": "errors warnings check",
    "quiz": "exam practice",
    "reload": "refresh update",
    "relink": "link join same",
    "rename_deck": "title name",
    "reset": "forget default again",
    "retag": "label",
    "retry": "repeat again",
    "reveal": "show flip turn next",
    "same": "yes",
    "save": "store keep",
    "search": "filter find",
    "separator": "delimiter comma",
    "settings": "options preferences config configure keybindings hotkeys shortcuts limits",
    "sort": "order",
    "study": "review revise learn start begin",
    "submit": "next go on take rating",
    "suspend": "pause disable stop aside",
    "sync": "synchronise synchronize devices cloud",
    "undo": "revert restore back mistake",
    "write": "save export",
}
"""Other words for actions, by name: palette and help find them by these too."""


def _in(group: str, *actions: Action) -> tuple[Action, ...]:
    return tuple(
        action if action.name.startswith("app.") else action._replace(group=group)
        for action in actions
    )


WRITES, DROPS = Danger.WRITES, Danger.DROPS

HELP = Action("app.help", ("question_mark", "f1"), "Help", "Show what the keys do.")
TRUE = Action("true", ("t",), "True", "Say that the statement is true.", WRITES)
FALSE = Action("false", ("f",), "False", "Say that the statement is false.", WRITES)
TAKE_BACK = Action(
    "take_back", ("backspace",), "Take back", "Take back the last item of a list or order."
)
IMAGE = Action("image", ("i", "f6"), "Image", "Open the image of the card.")
AUDIO = Action("audio", ("a", "f7"), "Listen", "Play the recording of the card.")
LEAVE = Action(
    "leave", ("escape", "q", "ctrl+q"), "Leave", "Leave; what you answered is kept.",
)  # fmt: skip
UNDO = Action(
    "undo", ("u", "ctrl+underscore"), "Undo", "Take back your last step, whatever it was.",
    WRITES,
)  # fmt: skip
AHEAD = Action("ahead", ("A",), "", "Study cards of the deck that are not due yet.")
HARDEST = Action("hardest", ("x",), "", "Go over the ten hardest cards of the deck.")
QUIZ_KEY = ("z",)

HOME = _in(
    "home",
    Action("study", ("enter",), "Study", "Study what is due in the selected deck."),
    AHEAD,
    Action("minutes", ("m",), "", "Study for some minutes: the cards most at risk first."),
    HARDEST,
    Action(
        "open",
        ("right",),
        "",
        "Show the decks below a parent; again: go to the first.",
        shown="→",
    ),
    Action(
        "close",
        ("left",),
        "",
        "Hide the decks below a parent, or go up to the parent.",
        shown="←",
    ),
    Action("catch_up", ("c",), "Catch up", "Plan how to clear a backlog, or change the plan."),
    Action("problems", ("p",), "Problems", "Show which deck files have mistakes, and where."),
    Action("relink", ("l",), "Edited cards", "Say which edited cards are the same as before."),
    Action("dates", ("d",), "Dates", "Correct the dates of answers that a wrong clock gave."),
    Action("quiz", QUIZ_KEY, "Quiz", "Take a quiz: a scored test that moves no due date."),
    Action("browse", ("b",), "Browse", "Look through all cards: find, sort, set aside, edit."),
    Action("find", ("slash",), "Find", "Look for cards."),
    Action("history", ("h",), "History", "Show scores, answers and cards so far."),
    Action("add", ("a",), "Add card", "Write a card into a deck of your own."),
    Action("new_deck", ("N",), "New deck", "Begin a deck of your own."),
    Action("rename_deck", ("f2",), "", "Give the selected deck another title."),
    Action(
        "delete_deck", ("D", "delete"), "", "Delete the selected deck; undo brings it back.", WRITES
    ),
    Action("import", ("i",), "Import", "Import cards from a file of another app."),
    Action("export", ("X",), "Export", "Write decks to a file for another app."),
    UNDO._replace(label=""),
    Action("reload", ("r",), "", "Read deck files that changed."),
    Action("sync", ("Y",), "Sync", "Sync with your other devices now."),
    Action("settings", ("s",), "Settings", "Change settings, keys too."),
    Action("app.choose_theme", ("C",), "Theme", "Choose the colours."),
    Action("leave", ("q", "ctrl+q"), "Quit", "Leave sco-quiz; it asks once."),
    Action("app.quit", ("Q",), "", "Leave sco-quiz at once."),
    HELP,
)

STUDY = _in(
    "study",
    Action(
        "submit",
        ("enter",),
        "Answer",
        "Give the answer; after it, take the proposed rating.",
        WRITES,
    ),
    Action(
        "reveal",
        ("space",),
        "Reveal",
        "Show the answer of a card you think about; then go on.",
        WRITES,
    ),
    Action(
        "digit",
        tuple("123456789"),
        "Choose",
        "Pick, mark or place a choice; after the answer, 1 Again, 2 Hard, 3 Good, 4 Easy.",
        WRITES,
        shown="1–9",
    ),
    TRUE,
    FALSE,
    TAKE_BACK,
    Action("hint", ("h", "tab"), "Hint", "Show the hint; a right answer then proposes Hard."),
    IMAGE,
    AUDIO,
    Action("accept", ("plus",), "I was right", "Accept your answer, now and from then on.", WRITES),
    LEAVE._replace(help="Leave; what you rated is kept."),
    UNDO,
    Action("edit", ("e", "f4"), "Edit", "Edit the card; the study goes on with its new text."),
    Action(
        "suspend", ("exclamation_mark", "f9"), "Suspend", "Don't ask this card any more.", WRITES
    ),
    Action("editor", ("E", "f5"), "", "Open the card's file in your editor, at its line."),
    Action("bury", ("minus", "ctrl+o"), "Tomorrow", "Put this card off until tomorrow.", WRITES),
    Action("flag", ("asterisk", "ctrl+t"), "Flag", "Flag the card, or take its flag away.", WRITES),
    HELP,
)

SUMMARY = _in(
    "summary",
    Action("leave", ("enter", "escape", "q", "ctrl+q"), "Decks", "Go back to the decks."),
    UNDO,
    AHEAD._replace(label="Ahead"),
    HARDEST._replace(label="Hardest"),
    Action("quiz", QUIZ_KEY, "Quiz", "Take a quiz."),
    HELP,
)

MINUTES = _in(
    "minutes",
    Action("begin", ("enter",), "Begin", "Study for this many minutes."),
    Action("app.focus_next", ("tab",), "Next field", "Go to the next field; arrows change it."),
    Action("leave", ("escape", "q", "ctrl+q"), "Leave", "Leave without studying."),
    HELP,
)

CATCH_UP = _in(
    "catch_up",
    Action("begin", ("enter",), "Keep to it", "Keep to the plan from now on.", WRITES),
    Action("leave", ("escape", "q", "ctrl+q"), "Leave", "Leave everything as it is."),
    HELP,
)

HISTORY = _in(
    "history",
    Action("open", ("enter",), "Open", "Show a session, a deck's scores, a pair, or a card."),
    Action("next_tab", ("tab",), "Next tab", "Go to the next tab."),
    Action("previous_tab", ("shift+tab",), "", "Go to the tab before."),
    Action(
        "earlier",
        ("left",),
        "",
        "Go to the point at the left in a chart; a line describes it.",
        shown="←",
    ),
    Action("later", ("right",), "Points", "Go from point to point in a chart.", shown="←→"),
    Action("deck", ("d",), "Deck", "Look at one deck, or at all of them."),
    Action("kind", ("v",), "Kind", "Look at quizzes, at study sessions, or at both."),
    Action("sort", ("s",), "Sort", "Sort sessions by time, score, answers, or time spent."),
    Action("leave", ("escape", "q", "ctrl+q"), "Decks", "Go back to the decks."),
    HELP,
)

QUIZ_SETUP = _in(
    "quiz_setup",
    Action("begin", ("enter",), "Begin", "Draw the questions and begin."),
    Action("mark", ("space", "insert"), "Mark", "Mark the deck; without a mark all are asked."),
    Action("app.focus_next", ("tab",), "Next", "Go to the next field; arrows change it."),
    Action("leave", ("escape", "q", "ctrl+q"), "Leave", "Leave without a quiz."),
    HELP,
)

QUIZ = _in(
    "quiz",
    Action(
        "submit", ("enter", "space"), "Answer", "Give the answer; after the verdict, go on.", WRITES
    ),
    Action(
        "digit", tuple("123456789"), "Choose", "Pick, mark or place a choice.", WRITES, shown="1–9"
    ),
    TRUE,
    FALSE,
    TAKE_BACK,
    IMAGE,
    AUDIO,
    Action(
        "knew", ("y",), "I knew it", "Say that you knew an answer that cannot be checked.", WRITES
    ),
    Action("did_not", ("n",), "I did not", "Say that you did not know it.", WRITES),
    Action(
        "accept", ("plus",), "I was right", "Count your answer, and accept it from then on.", WRITES
    ),
    LEAVE,
    HELP,
)

RESULT = _in(
    "result",
    Action("leave", ("enter", "escape", "q", "ctrl+q"), "Decks", "Go back to the decks."),
    Action("retry", ("r",), "Retry the missed", "Ask the missed questions again."),
    Action(
        "bring",
        ("S",),
        "Study them today",
        "Bring the missed into today's study, or undo it.",
        WRITES,
    ),
    HELP,
)

SESSION = _in(
    "session",
    Action("leave", ("escape", "q", "enter", "ctrl+q"), "Back", "Go back to the history."),
    Action("retry", ("r",), "Retry the missed", "Ask again what was missed in the quiz."),
    Action("bring", ("S",), "Study them today", "Bring the missed into today's study.", WRITES),
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
    Action("choose", ("enter",), "Choose", "Choose what is under the cursor.", WRITES),
    Action("leave", ("escape", "q", "ctrl+q"), "Back", "Leave it as it was."),
)

FORM = _in(
    "form",
    Action("save", ("ctrl+s",), "Save", "Write it to the deck's file.", WRITES),
    Action("app.focus_next", ("tab",), "Next", "Go to the next field, as Enter does in one line."),
    Action("leave", ("escape", "q", "ctrl+q"), "Leave", "Leave the form; what is written is kept."),
    Action("discard", ("f8",), "Drop", "Leave the form, and drop what is not saved.", DROPS),
    HELP,
)

NOTE_FORM = (
    FORM[0],
    *_in(
        "form",
        Action("take_other", ("f3",), "Take theirs", "Use what the file has now for this field."),
        FORM[1],
        Action("more", ("f2",), "More", "Show all fields, or hide the empty ones."),
    ),
    *FORM[2:],
)

BROWSE = _in(
    "browse",
    Action("open", ("enter",), "Card", "Show all that is known of a card, and its history."),
    Action("search", ("slash",), "Search", "Type what to find; Enter goes back to the list."),
    Action("mark", ("space",), "Mark", "Mark the card; the next step is for all marked cards."),
    Action("mark_all", ("ctrl+a",), "All", "Mark all cards that were found, or none."),
    Action("leave", ("escape", "q", "ctrl+q"), "Decks", "Go back to the decks."),
    UNDO,
    Action(
        "suspend",
        ("exclamation_mark", "f9"),
        "Suspend",
        "Suspend cards, or end their suspension.",
        WRITES,
    ),
    Action("edit", ("e", "f4"), "Edit", "Edit the card in a form."),
    Action("retag", ("T",), "Tags", "Add tags to the notes of the cards, or take some away."),
    Action("sort", ("o",), "Sort", "Choose the column to sort by; the same one again reverses it."),
    Action("bury", ("minus",), "Tomorrow", "Put cards off until tomorrow.", WRITES),
    Action("digit", tuple("1234567"), "Flag", "Give cards a flag.", WRITES, shown="1–7"),
    Action("unflag", ("0",), "", "Take the flags of cards away.", WRITES),
    Action(
        "delete",
        ("D", "delete"),
        "Delete",
        "Delete the notes of the cards from their decks.",
        WRITES,
    ),
    Action("duplicate", ("c",), "Duplicate", "Write a new card that begins as a copy of this one."),
    Action("reset", ("R",), "Reset", "Learn cards again from the start, as if never seen.", WRITES),
    Action("join", ("l",), "", "Give the card the history of a card that is in no deck any more."),
    Action("editor", ("E", "f5"), "", "Open the card's file in your editor, at its line."),
    HELP,
)

SETTINGS = _in(
    "settings",
    Action("change", ("enter",), "Change", "Change the setting under the cursor.", WRITES),
    Action("add_key", ("plus",), "Add a key", "Give the action one more key.", WRITES),
    Action("reset", ("R", "delete"), "Reset", "Go back to the default.", WRITES),
    Action("search", ("slash",), "Search", "Find settings and keys by their words."),
    Action("leave", ("escape", "q", "ctrl+q"), "Back", "Leave the field, the search, the screen."),
    HELP,
)

CHOOSE_FILE = _in(
    "choose_file",
    Action("open", ("enter",), "Open", "Open the folder or the file under the cursor."),
    Action("complete", ("tab",), "Complete", "Complete the path, as far as it is clear."),
    Action("leave", ("escape", "q", "ctrl+q"), "Leave", "Leave without importing."),
    HELP,
)

IMPORT = _in(
    "import",
    Action(
        "begin", ("enter",), "Import", "Import what is shown; after it, go to the deck.", WRITES
    ),
    Action("leave", ("escape", "q", "ctrl+q"), "Back", "Cancel the import; go back."),
    Action("into", ("d",), "Into", "Choose one deck for everything, or a deck for each."),
    Action("columns", ("c",), "Columns", "Say what the columns of a table hold."),
    Action("separator", ("s",), "Separator", "Choose the sign between the cells of a table."),
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
    Action("write", ("enter",), "Write", "Write the decks to the file.", WRITES),
    Action("mark", ("space", "insert"), "Mark", "Mark the deck; without a mark all are written."),
    Action("next_field", ("tab",), "Next field", "Complete the path; else go to the next field."),
    Action("leave", ("escape", "q", "ctrl+q"), "Leave", "Leave without writing."),
    HELP,
)

RELINK = _in(
    "relink",
    Action(
        "same", ("y",), "Same card", "Give the old history to the card in its new words.", WRITES
    ),
    Action(
        "apart",
        ("n",),
        "Another card",
        "Let the new card begin without a history; the old one is kept.",
        WRITES,
    ),
    Action("leave", ("escape", "q", "ctrl+q"), "Later", "Decide another time."),
)

READING = _in("reading", Action("leave", ("escape", "q", "enter", "ctrl+q"), "Back", "Go back."))

HELP_PAGE = _in(
    "help",
    Action("search", ("slash",), "Search", "Find actions by their words."),
    Action("leave", ("escape", "q", "enter", "ctrl+q"), "Back", "Leave the search, the page."),
)

THEMES = _in(
    "themes",
    Action("choose", ("enter",), "Take", "Keep the colours that are shown.", WRITES),
    Action("leave", ("escape", "q", "ctrl+q"), "Back", "Leave the colours as they were."),
)

EVERYWHERE = _in(
    "everywhere",
    Action(
        "app.command_palette",
        ("ctrl+p", "colon"),
        "Palette",
        "Find a deck, an action or a setting.",
    ),
    Action(
        "app.suspend_process",
        ("ctrl+z",),
        "Shell",
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
    "Colours": THEMES,
    "This help": HELP_PAGE,
    "Everywhere": EVERYWHERE,
}
"""What the help screen lists, by where it holds."""


LOOKING = (SUMMARY, RESULT, HISTORY, SESSION, PAIR, BROWSE, SETTINGS, HELP_PAGE, READING)
"""Of screens that can be left at any time, and nothing is lost."""

EVERY_TABLE = (*GROUPS.values(), READING, FORM)
ACTIONS = {action.id: action for table in EVERY_TABLE for action in table}
"""Every action by its id."""

TYPING = (MINUTES, QUIZ_SETUP, NOTE_FORM, STUDY, QUIZ, SETTINGS, CHOOSE_FILE, EXPORT)
"""Where text is typed, so that what has a key beside the characters must keep one."""


OWN = "sco-quiz"
"""The preset of those who choose none."""
PRESETS: dict[str, dict[str, names.Keys]] = {
    OWN: {},
    "anki": {
        "home.history": ("t", "h"),
        "home.dates": ("K",),
        "home.undo": ("u", "ctrl+z", "ctrl+underscore"),
        "study.leave": ("escape", "d", "q", "ctrl+q"),
        "study.suspend": ("at", "exclamation_mark", "f9"),
        "study.audio": ("r", "a", "f7"),
        "study.true": ("T",),
        "study.false": ("F",),
        "study.undo": ("u", "ctrl+z", "ctrl+underscore"),
        "summary.leave": ("enter", "escape", "d", "q", "ctrl+q"),
        "summary.undo": ("u", "ctrl+z", "ctrl+underscore"),
        "quiz.leave": ("escape", "d", "q", "ctrl+q"),
        "quiz.audio": ("r", "a", "f7"),
        "quiz.true": ("T",),
        "quiz.false": ("F",),
        "result.leave": ("enter", "escape", "d", "q", "ctrl+q"),
        "history.leave": ("escape", "d", "q", "ctrl+q"),
        "history.deck": ("K",),
        "browse.leave": ("escape", "d", "q", "ctrl+q"),
        "browse.retag": ("L",),
        "browse.suspend": ("at", "exclamation_mark", "f9"),
        "browse.undo": ("u", "ctrl+z", "ctrl+underscore"),
        "import.undo": ("u", "ctrl+z", "ctrl+underscore"),
        "app.suspend_process": ("f12",),
    },
}
"""The keys of other apps, by action, where there is such an action and its own keys are others."""


def preset(chosen: Mapping[str, names.Keys]) -> Mapping[str, names.Keys]:
    """Return the keys of the preset that was chosen; none if there is no such preset."""
    return PRESETS.get(" ".join(chosen.get(PRESET, ())), {})


def resolve(chosen: Mapping[str, names.Keys]) -> tuple[dict[str, names.Keys], list[str]]:
    """Return the keys that the learner chose, as far as they can be used; see `keys.resolve`.

    What is chosen for one action goes above the preset.
    """
    if not chosen:
        return {}, []
    usual, problems = preset(chosen), []
    wanted = " ".join(chosen.get(PRESET, (OWN,)))
    if wanted not in PRESETS:
        close = nearest(wanted, PRESETS) or f"; there are {', '.join(PRESETS)}"
        problems.append(f"{KEYS}.{PRESET}: there is no preset {wanted!r}{close}")
    tables = [
        {action.id: action.on(usual).keys for action in (*table, *EVERYWHERE)}
        for table in EVERY_TABLE
    ]
    typed = {
        action.id
        for table in TYPING
        for action in table
        if not all(map(names.character, action.keys))
    }
    single = {action: keys for action, keys in chosen.items() if action != PRESET}
    keys, more = names.resolve(single, tables, typed)
    return {**usual, **keys}, problems + more
