"""Generator of golden files: writes what is new and never changes what exists.

Run `python -m tools.generate.golden` after adding an event to its union and to
`tests/golden/examples.py`, or a field, method or message to the worker contract.
"""

from collections.abc import Iterable
from pathlib import Path

from tests.golden import worker_examples
from tests.golden.examples import CODEC, EXAMPLES, FOLDER, ORIGINATOR, golden_path


def main() -> None:
    """Write missing golden files and print their names."""
    FOLDER.mkdir(exist_ok=True)
    for example in EXAMPLES:
        path = golden_path(example.event_name, example.schema_version)
        if not path.exists():
            path.write_bytes(CODEC.encode(example, ORIGINATOR))
            print(f"wrote {path.name}")
    append(worker_examples.FIELDS, worker_examples.fields_and_methods(worker_examples.contract()))
    append(worker_examples.MESSAGES, map(worker_examples.encodings, worker_examples.EXAMPLES))


def append(path: Path, lines: Iterable[str]) -> None:
    """Append the lines that a file lacks."""
    existing = path.read_text(encoding="utf-8")
    for line in lines:
        if f"{line}\n" not in existing:
            with path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
            print(f"wrote {path.name}: {line[:40]}")


if __name__ == "__main__":
    main()
