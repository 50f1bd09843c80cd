"""Generator of golden files: writes one for each new event and never changes existing ones.

Run `python -m tools.generate.golden` after adding an event to its union and to
`tests/golden/examples.py`.
"""

from tests.golden.examples import CODEC, EXAMPLES, FOLDER, ORIGINATOR, golden_path


def main() -> None:
    """Write missing golden files and print their names."""
    FOLDER.mkdir(exist_ok=True)
    for example in EXAMPLES:
        path = golden_path(example.event_name, example.schema_version)
        if not path.exists():
            path.write_bytes(CODEC.encode(example, ORIGINATOR))
            print(f"wrote {path.name}")


if __name__ == "__main__":
    main()
