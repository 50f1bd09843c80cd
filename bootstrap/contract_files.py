"""Generated files: the worker contract, for clients in other languages. Write and check them."""

from pathlib import Path

from adapters.rpc.json_schema import documents as schemas
from adapters.rpc.proto_text import moved, numbers, proto
from domain.kernel import Rejected

PROTO = "contract/kinelog.proto"


class BreakingChange(Rejected):
    """Field numbers of a message never change their meaning. Make a version 2 instead."""

    code = "contract.moved"


def documents() -> dict[str, str]:
    """Generate the files, by their names under `api/`."""
    return {PROTO: proto(), **{f"contract/{name}": text for name, text in schemas().items()}}


def write(folder: Path) -> None:
    """Write the files. Raises BreakingChange if a field number would change its meaning."""
    files = documents()
    if changes := changed_numbers(folder, files[PROTO]):
        raise BreakingChange(f"Field numbers must not change their meaning: {'; '.join(changes)}.")
    (folder / "contract").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def changed_numbers(folder: Path, text: str) -> list[str]:
    """List the field numbers that the existing file defines differently."""
    path = folder / PROTO
    return moved(numbers(path.read_text(encoding="utf-8")), text) if path.is_file() else []


def check(folder: Path) -> list[str]:
    """List the files that are missing or differ from the code."""
    return [
        name
        for name, text in documents().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]
