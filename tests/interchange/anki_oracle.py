"""Anki itself, asked by the tests: one JSON request a line on stdin, one answer a line on stdout.

Runs on the Python that has `anki`, as a program; imports nothing of the app, and nobody imports it.
`tests/interchange/oracle.py` speaks to it and says what each request takes and gives.
"""

from __future__ import annotations

import base64
import json
import sys
import traceback
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)
from anki.deck_config_pb2 import UpdateDeckConfigsRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DAY = 86_400
_REVIEW = 2
_LOG = "SELECT id, ease, ivl, lastIvl, factor, time, type FROM revlog WHERE cid = ? ORDER BY id"


def main() -> None:
    """Answer until there is nothing more to answer."""
    doing: dict[str, Callable[..., Any]] = {
        "make": make, "study": study, "export": export, "take": take, "show": show,
    }  # fmt: skip
    answers = sys.stdout
    sys.stdout = sys.stderr  # Anki prints its own remarks
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"answer": doing[request.pop("do")](**request)}
        except Exception:  # noqa: BLE001 -- the test that asked shows it
            answer = {"error": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def make(
    base: str,
    notes: list[dict[str, Any]],
    types: list[dict[str, Any]],
    media: dict[str, str],
    fsrs: bool,
) -> None:
    """A new collection."""
    with _opened(base, fsrs=fsrs) as col:
        for name, content in media.items():
            col.media.write_data(name, base64.b64decode(content))
        for each in types:
            kind = col.models.new(each["name"])
            for name in each["fields"]:
                col.models.add_field(kind, col.models.new_field(name))
            for name, question, answer in each["templates"]:
                template = col.models.new_template(name)
                template.update(qfmt=question, afmt=answer)
                col.models.add_template(kind, template)
            col.models.add(kind)
        for each in notes:
            note = col.new_note(col.models.by_name(each["type"]))
            note.fields[:] = each["fields"]
            note.tags = each["tags"]
            note.guid = each["guid"] or note.guid
            col.add_note(note, col.decks.id(each["deck"]))


def study(
    base: str, answers: list[list[int]], suspended: list[list[int]], flags: list[list[int]]
) -> None:
    """Answer cards of a collection, on days before today, and mark them."""
    days = dict.fromkeys(day for day, *_ in answers)
    for day, until in pairwise([*days, 0]):
        # Anki takes the time from the machine alone, so all that happened is made older instead;
        # and it remembers which day it is for as long as it is open.
        with _opened(base) as col:
            for then, note, order, rating, milliseconds in answers:
                if then != day:
                    continue
                card = _card(col, note, order)
                card.start_timer()
                states = col._backend.get_scheduling_states(card.id)
                given = col.sched.build_answer(card=card, states=states, rating=rating - 1)
                given.milliseconds_taken = milliseconds
                col.sched.answer_card(given)
            _age(col, until - day)
    with _opened(base) as col:
        for note, order in suspended:
            col.sched.suspend_cards([_card(col, note, order).id])
        for note, order, flag in flags:
            col.set_user_flag_for_cards(flag, [_card(col, note, order).id])


def export(base: str, to: str, legacy: bool, scheduling: bool) -> None:
    """Write a collection as a package: `.apkg` or `.colpkg`."""
    with _opened(base) as col:
        if to.endswith(".colpkg"):
            col.export_collection_package(to, include_media=True, legacy=legacy)
            return
        options = ExportAnkiPackageOptions(
            with_scheduling=scheduling,
            with_deck_configs=scheduling,
            with_media=True,
            legacy=legacy,
        )
        col.export_anki_package(out_path=to, options=options, limit=None)


def take(base: str, package: str, fsrs: bool) -> None:
    """Import a package into a collection; a new one, if there is none."""
    with _opened(base, fsrs=fsrs) as col:
        if not package.endswith(".colpkg"):
            options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
            request = ImportAnkiPackageRequest(package_path=package, options=options)
            col.import_anki_package(request)
            return
        col.close()
        col._backend.import_collection_package(
            col_path=col.path,
            backup_path=package,
            media_folder=col.media.dir(),
            media_db=str(Path(base) / "collection.media.db2"),
        )


def show(base: str) -> dict[str, Any]:
    """All that a collection holds."""
    with _opened(base) as col:
        folder = Path(col.media.dir())
        return {
            "notes": [_note(col, col.get_note(each)) for each in sorted(col.find_notes(""))],
            "media": {
                path.name: base64.b64encode(path.read_bytes()).decode()
                for path in sorted(folder.iterdir())
            },
        }


def _note(col: Any, note: Any) -> dict[str, Any]:
    return {
        "guid": note.guid,
        "type": note.note_type()["name"],
        "fields": dict(note.items()),
        "tags": note.tags,
        "cards": [_shown(col, card) for card in note.cards()],
    }


def _shown(col: Any, card: Any) -> dict[str, Any]:
    rendered, memory = card.render_output(), card.memory_state
    replayed = col.compute_memory_state(card.id) if memory else None
    return {
        "order": card.ord,
        "deck": col.decks.name(card.odid or card.did),
        "type": card.type,
        "queue": card.queue,
        "due": card.due,
        "due_in": card.due - col.sched.today if card.type == _REVIEW else None,
        "interval": card.ivl,
        "factor": card.factor,
        "reps": card.reps,
        "lapses": card.lapses,
        "flag": card.user_flag(),
        "stability": memory.stability if memory else None,
        "difficulty": memory.difficulty if memory else None,
        "replayed": replayed.stability if replayed else None,
        "question": rendered.question_text,
        "answer": rendered.answer_text,
        "reviews": col.db.all(_LOG, card.id),
    }


@contextmanager
def _opened(base: str, *, fsrs: bool = False) -> Iterator[Any]:
    Path(base).mkdir(parents=True, exist_ok=True)
    col = Collection(str(Path(base) / "collection.anki2"))
    try:
        if fsrs:
            _turn_fsrs_on(col)
        yield col
    finally:
        col.close()


def _card(col: Any, note: int, order: int) -> Any:
    cards = col.get_note(sorted(col.find_notes(""))[note]).cards()
    return next(card for card in cards if card.ord == order)


def _age(col: Any, days: int) -> None:
    """Have everything happened that many days earlier."""
    col.db.execute("UPDATE col SET crt = crt - ?", days * _DAY)
    # In two steps, since an earlier answer may have the id that a later one gets.
    col.db.execute("UPDATE revlog SET id = -id")
    col.db.execute("UPDATE revlog SET id = -id - ?", days * _DAY * 1000)
    col.db.execute("UPDATE cards SET due = due - ? WHERE queue = 1", days * _DAY)
    for card, text in col.db.all("SELECT id, data FROM cards WHERE data LIKE '%lrt%'"):
        data = json.loads(text)
        data["lrt"] -= days * _DAY  # when the card was last answered
        col.db.execute("UPDATE cards SET data = ? WHERE id = ?", json.dumps(data), card)


def _turn_fsrs_on(col: Any) -> None:
    shown = col._backend.get_deck_configs_for_update(1)
    request = UpdateDeckConfigsRequest(
        target_deck_id=1,
        configs=[each.config for each in shown.all_config],
        card_state_customizer=shown.card_state_customizer,
        fsrs=True,
    )
    col._backend.update_deck_configs_raw(request.SerializeToString())


if __name__ == "__main__":
    main()
