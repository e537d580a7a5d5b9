"""A plugin for pytest: a ninth kind of notes, and a field that every note may have.

They are written into the two modules that say what a note is before anything imports those.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

KIND = """
    Kind.GROUP: KindSpec(
        "Find the members",
        "Write a group, what belongs to it, and what does not.",
        {"group": "Stans", "members": ["Kazakhstan", "Kyrgyzstan"], "strangers": ["Mongolia"]},
        prompt="group",
        answer="members",
        wrong="strangers",
        input=Input.SEVERAL,
        judging=Judging.OPTIONS,
    ),
"""
STRUCT = '''
class GroupNote(Note, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Members to find among strangers."""

    group: Annotated[Text, Meta(description="What they belong to.")]
    members: Annotated[Texts, Meta(min_length=1, description="All that belong to it.")]
    strangers: Annotated[Texts, Meta(min_length=1, description="Some that do not.")]


'''
FIELD = """
    mnemonic: Annotated[Text, Meta(description="What helps to keep it in mind.")] = ""
"""


def put_in(name: str, before: dict[str, str]) -> None:
    """Load a module with pieces of text put in before others."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).read_text(encoding="utf-8")
    for mark, piece in before.items():
        assert source.count(mark) == 1, mark
        source = source.replace(mark, piece.lstrip("\n") + mark)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    exec(compile(source, spec.origin, "exec"), module.__dict__)
    parent, _, leaf = name.rpartition(".")
    setattr(sys.modules[parent], leaf, module)


put_in(
    "sco_quiz.learning.kinds",
    {
        "\n    @property\n    def spec(self)": '    GROUP = "group"\n',
        '}  # fmt: skip\n"""The description of each kind': KIND,
    },
)
put_in(
    "sco_quiz.library.schema",
    {
        "    explain: Annotated": FIELD,
        "NOTES: dict": STRUCT,
        "    Kind.LIST: ListNote,\n": "    Kind.GROUP: GroupNote,\n",
    },
)
