# The commands that people need: https://just.systems. `just` alone lists them.

bin := if os_family() == "windows" { ".venv/Scripts" } else { ".venv/bin" }
python := if os_family() == "windows" { "python" } else { "python3" }

_list:
    @{{just_executable()}} --list --unsorted

# Make the environment, with everything that tests and checks need
setup:
    {{python}} -m venv .venv
    {{bin}}/python -m pip install --quiet --editable '.[test]'

# Run sco-quiz, in a home of its own: just run study --plain
run *arguments:
    SCO_QUIZ_HOME=.sco-quiz {{bin}}/sco-quiz {{arguments}}

# Run all tests, or those that are named: just test tests/learning -k leech
test *arguments="-n auto":
    {{bin}}/python -m pytest {{arguments}}

# Check format, lint, types and imports
check:
    {{bin}}/ruff format --check .
    {{bin}}/ruff check .
    {{bin}}/lint-imports
    {{bin}}/mypy

# Write what is made from the code: man page, tables, schema
docs:
    {{bin}}/python docs/man/make.py
    {{bin}}/sco-quiz schema > docs/deck.schema.json
