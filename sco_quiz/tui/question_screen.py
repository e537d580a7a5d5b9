"""The base of the study and quiz screens: a question between the bars, and its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_quiz.tui.base import Screen
from sco_quiz.tui.widgets.question_view import QuestionView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sco_quiz.commands.actions import Action

UNSAID = ("reveal", "true", "false")
"""Actions that the key bar leaves out: Enter or a digit does them too, and is in it."""


class QuestionScreen(Screen[None]):
    """Asks one question after another. Dismissed when it is over or left."""

    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall"), (40, "-high")]  # noqa: RUF012
    AUTO_FOCUS = ""
    DEFAULT_CLASSES = "-bare"  # as most cards are, so that no first question is styled twice

    _moved_on = False
    """True while an answer is typed to a card that is not asked any more: it stays in view until
    Enter, since on another card what is typed on would be its answer, and elsewhere commands."""

    def _show_bars(self) -> None:
        raise NotImplementedError

    @property
    def _view(self) -> QuestionView:
        return self.query_one(QuestionView)

    @property
    def is_typed_at(self) -> bool:
        """Tell whether a character is a part of the answer."""
        return self._view.typing

    @property
    def _bar_width(self) -> int:
        return 8 if self.size.width < 80 else 17

    def _doable(self) -> Iterator[Action]:
        """Yield the actions that make sense now, as the key bar shows them."""
        view = self._view
        for action in self.ACTIONS:
            if action.name == "digit":
                if view.picking_keys:
                    yield action._replace(shown=view.picking_keys)
            elif self.check_action(action.name, ()) and action.name not in UNSAID:
                yield action.while_typing() if view.typing else action

    def why_not(self, action: str) -> str:
        """Say what there is instead, or that the card has none of it."""
        view = self._view
        match action:
            case "image":
                return "This card has no image to open now."
            case "audio":
                return "This card has no recording to play now."
            case "take_back":
                return "There is nothing to take back yet; undo takes back whole answers."
            case "digit" | "true" | "false" | "reveal" if view.asks:
                return view.way_to_answer(self.key_of(f"{self.ACTIONS[0].group}.submit"))
        return super().why_not(action)

    def names_of_digits(self) -> Sequence[str]:
        """The options."""
        return self._view.names_of_options

    def on_resize(self) -> None:
        """The bar on top is as long as there is room."""
        self._show_bars()

    def on_question_view_answer_changed(self) -> None:
        """Keys follow what is typed, marked and placed."""
        self._show_bars()

    def action_true(self) -> None:
        """Say that the statement is true."""
        self._view.pick_text("true")

    def action_false(self) -> None:
        """Say that the statement is false."""
        self._view.pick_text("false")

    def action_take_back(self) -> None:
        """Take back the last item of an order or list."""
        self._view.take_back()

    def action_image(self) -> None:
        """Open the image that is shown or named."""
        self._view.open_image()

    def action_audio(self) -> None:
        """Play the recording that is named."""
        self._view.play_audio()
