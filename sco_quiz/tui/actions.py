"""The one table of actions: keys, key bar and help screen all come from it."""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding, BindingType


class Action(NamedTuple):
    """Something the learner can do.

    Attributes:
        name: The Textual action.
        keys: What triggers it; the first is shown.
        label: Its word in the key bar; empty keeps it out of there.
        help: What it does, a sentence for the help screen.
        shown: How the key is written, when not as Textual names it.
    """

    name: str
    keys: tuple[str, ...]
    label: str
    help: str
    shown: str = ""

    @property
    def key(self) -> str:
        """The key as it is written on screen."""
        return self.shown or written(self.keys[0])

    def while_typing(self) -> Action:
        """The action under a key that does not type a character."""
        quiet = [key for key in self.keys if len(key) > 1 and _WRITTEN.get(key, key) not in "?!-*"]
        return self._replace(keys=(*quiet, *self.keys))


def written(key: str) -> str:
    """A key as it is written on screen."""
    return _WRITTEN.get(key, key.replace("ctrl+", "^"))


_WRITTEN = {
    "escape": "esc",
    "ctrl+underscore": "^_",
    "question_mark": "?",
    "exclamation_mark": "!",
    "plus": "+",
    "minus": "-",
    "slash": "/",
    "asterisk": "*",
}

HELP = Action("app.help", ("question_mark", "f1"), "Help", "Show what the keys do.")
LEAVE = Action("leave", ("escape", "ctrl+q"), "Leave", "Leave; what you answered is kept.")
UNDO = Action(
    "undo", ("u", "ctrl+underscore"), "Undo", "Take back your last step, whatever it was."
)
AHEAD = Action("ahead", ("A",), "", "Study cards of the deck that are not due yet.")
HARDEST = Action("hardest", ("x",), "", "Go over the ten hardest cards of the deck.")

HOME = (
    Action("study", ("enter",), "Study", "Study what is due in the selected deck."),
    AHEAD,
    Action("minutes", ("m",), "", "Study for some minutes: the cards most at risk first."),
    HARDEST,
    Action("problems", ("p",), "Problems", "Show which deck files have mistakes, and where."),
    Action("relink", ("l",), "Edited cards", "Say which edited cards are the same as before."),
    Action("quiz", ("q",), "Quiz", "Take a quiz: a scored test that moves no due date."),
    Action("history", ("h",), "History", "Show scores, answers and cards so far."),
    Action("add", ("a",), "Add card", "Write a card into a deck of your own."),
    Action("new_deck", ("n",), "New deck", "Begin a deck of your own."),
    UNDO._replace(label=""),
    Action("reload", ("r",), "", "Read deck files that changed."),
    Action("app.toggle_theme", ("t",), "Theme", "Switch between the dark and the light colours."),
    Action("app.quit", ("Q", "ctrl+q"), "Quit", "Leave sco-quiz."),
    HELP,
)

STUDY = (
    Action("submit", ("enter",), "Answer", "Give the answer; after it, take the proposed rating."),
    Action("reveal", ("space",), "Reveal", "Show the answer of a card you think about."),
    Action(
        "digit",
        tuple("123456789"),
        "Choose",
        "Pick, mark or place a choice; after the answer, 1 Again, 2 Hard, 3 Good, 4 Easy.",
        shown="1–9",
    ),
    Action("true", ("t",), "True", "Say that the statement is true."),
    Action("false", ("f",), "False", "Say that the statement is false."),
    Action("take_back", ("backspace",), "Take back", "Take back the last item of a list or order."),
    Action("hint", ("h", "tab"), "Hint", "Show the hint; a right answer then proposes Hard."),
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

SUMMARY = (
    Action("leave", ("enter", "escape", "ctrl+q"), "Decks", "Go back to the decks."),
    UNDO,
    AHEAD._replace(label="Ahead"),
    HARDEST._replace(label="Hardest"),
    Action("quiz", ("q",), "Quiz", "Take a quiz."),
    HELP,
)

MINUTES = (
    Action("begin", ("enter", "ctrl+s"), "Begin", "Study for so long."),
    Action("app.focus_next", ("tab",), "Next field", "Go to the next field; arrows change it."),
    Action("leave", ("escape", "ctrl+q"), "Leave", "Leave without studying."),
    HELP,
)

HISTORY = (
    Action("open", ("enter",), "Open", "Show the answers of the session under the cursor."),
    Action("next_tab", ("tab", "right"), "Next tab", "Go to the next tab."),
    Action("previous_tab", ("shift+tab", "left"), "", "Go to the tab before."),
    Action("leave", ("escape", "q", "ctrl+q"), "Decks", "Go back to the decks."),
    HELP,
)

QUIZ_SETUP = (
    Action("begin", ("enter", "ctrl+s"), "Begin", "Draw the questions and begin."),
    Action("app.focus_next", ("tab",), "Next field", "Go to the next field; arrows change it."),
    Action("leave", ("escape", "ctrl+q"), "Leave", "Leave without a quiz."),
    HELP,
)

QUIZ = (
    Action("submit", ("enter", "space"), "Answer", "Give the answer; after the verdict, go on."),
    Action("digit", tuple("123456789"), "Choose", "Pick, mark or place a choice.", shown="1–9"),
    Action("true", ("t",), "True", "Say that the statement is true."),
    Action("false", ("f",), "False", "Say that the statement is false."),
    Action("take_back", ("backspace",), "Take back", "Take back the last item of a list or order."),
    Action("knew", ("y",), "I knew it", "Say that you knew an answer that cannot be checked."),
    Action("did_not", ("n",), "I did not", "Say that you did not know it."),
    Action("leave", ("escape", "ctrl+q"), "Leave", "Leave; what you answered is kept."),
    HELP,
)

RESULT = (
    Action("leave", ("enter", "escape", "q", "ctrl+q"), "Decks", "Go back to the decks."),
    Action("retry", ("r",), "Retry the missed", "Ask the missed questions again."),
    Action("bring", ("s",), "Study them today", "Bring the missed into today's study, or undo it."),
    HELP,
)

FORM = (
    Action("save", ("ctrl+s",), "Save", "Write it to the deck's file."),
    Action("app.focus_next", ("tab",), "Next field", "Go to the next field."),
    Action("leave", ("escape", "ctrl+q"), "Leave", "Leave the form."),
    HELP,
)

RELINK = (
    Action("same", ("y",), "Same card", "Keep the history for the card in its new words."),
    Action("apart", ("n",), "Another card", "Leave the new card new; the history is kept aside."),
    Action("leave", ("escape", "q", "ctrl+q"), "Later", "Decide another time."),
)

READING = (Action("leave", ("escape", "q", "enter", "ctrl+q"), "Back", "Go back."),)

GROUPS = {
    "Decks": HOME,
    "Study": STUDY,
    "After a session": SUMMARY,
    "Before study by time": MINUTES,
    "Before a quiz": QUIZ_SETUP,
    "Quiz": QUIZ,
    "After a quiz": RESULT,
    "History": HISTORY,
    "Add and edit": FORM,
    "Edited cards": RELINK,
}
"""What the help screen lists, by where it holds."""


def bindings(actions: tuple[Action, ...]) -> list[BindingType]:
    """The actions as Textual wants them. An action for several digits is given the one pressed."""
    made: list[BindingType] = []
    for action in actions:
        for key in action.keys:
            name = f"{action.name}({key})" if action.name == "digit" else action.name
            made.append(Binding(key, name, action.label or action.help, show=False))
    return made
