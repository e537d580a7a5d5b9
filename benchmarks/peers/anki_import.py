"""Import a package into a new Anki collection: `python anki_import.py FOLDER PACKAGE`.

Runs on the Python that has `anki`. Prints how long the import took, in seconds.
"""

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest


def main() -> None:
    """Make the collection."""
    base = Path(sys.argv[1])
    base.mkdir(parents=True)
    with closing(Collection(str(base / "collection.anki2"))) as collection:
        options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
        request = ImportAnkiPackageRequest(package_path=sys.argv[2], options=options)
        start = time.perf_counter()
        collection.import_anki_package(request)
        print(time.perf_counter() - start)


main()
