"""The contract of the workers as files, for clients of other languages."""

from pathlib import Path

from adapters.rpc.json_schema import documents as schemas
from adapters.rpc.proto_text import moved, numbers, proto
from domain.kernel import Rejected

PROTO = "contract/kinelog.proto"


class BreakingChange(Rejected):
    """A number of a message means for ever what it meant first; what breaks that is a version 2."""

    code = "contract.moved"


def documents() -> dict[str, str]:
    """Make the files, by their names under `api/`."""
    return {PROTO: proto(), **{f"contract/{name}": text for name, text in schemas().items()}}


def write(folder: Path) -> None:
    """Write the files. Raises BreakingChange where a number would mean something else."""
    found = documents()
    if wrong := moved_in(folder, found[PROTO]):
        raise BreakingChange(f"The contract's numbers stay as they are: {'; '.join(wrong)}.")
    (folder / "contract").mkdir(exist_ok=True)
    for name, text in found.items():
        (folder / name).write_text(text, encoding="utf-8")


def moved_in(folder: Path, text: str) -> list[str]:
    """Say which numbers of the file that is there mean something else in this one."""
    path = folder / PROTO
    return moved(numbers(path.read_text(encoding="utf-8")), text) if path.is_file() else []


def check(folder: Path) -> list[str]:
    """Name the files that are missing or no longer say what the code does."""
    return [
        name
        for name, text in documents().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]
