"""Add notes to a new Anki collection: `python anki_notes.py FOLDER < pairs.json`.

Runs on the Python that has `anki`. Writes what Clanki needs: a collection of the first profile, and
a list of profiles. Prints how long Anki's one call took, in seconds.
"""

from __future__ import annotations

import json
import pickle
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

from anki.collection import AddNoteRequest, Collection

NEW_PER_DAY = 1000


def main() -> None:
    """Make the collection."""
    base = Path(sys.argv[1])
    (base / "User 1").mkdir(parents=True)
    with closing(Collection(str(base / "User 1" / "collection.anki2"))) as collection:
        kind = collection.models.by_name("Basic")
        deck = collection.decks.id("Plain")
        requests = []
        for fields in json.load(sys.stdin):
            note = collection.new_note(kind)
            note.fields[:] = fields
            requests.append(AddNoteRequest(note, deck))
        start = time.perf_counter()
        collection.add_notes(requests)
        taken = time.perf_counter() - start
        settings = collection.decks.config_dict_for_deck_id(deck)
        settings["new"]["perDay"] = NEW_PER_DAY
        collection.decks.update_config(settings)
    with closing(sqlite3.connect(base / "prefs21.db")) as db:
        db.execute("CREATE TABLE profiles (name TEXT PRIMARY KEY, data BLOB NOT NULL)")
        nothing = pickle.dumps({})
        db.executemany(
            "INSERT INTO profiles VALUES (?, ?)", [("_global", nothing), ("User 1", nothing)]
        )
        db.commit()
    print(taken)


main()
