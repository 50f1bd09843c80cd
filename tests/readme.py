"""The commands in the code blocks of the README, run as a user does."""

import os
import re
import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
BLOCK: Final = re.compile(r"(?:^    .+\n)+", re.MULTILINE)
SESSION: Final = re.compile(r"[Ss]ession (?:is )?([0-9a-f-]{36})\b")


def block_with(command: str, page: str = "README.md") -> list[str]:
    """Return the lines of the code block of a page that has a command."""
    blocks = BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))
    (block,) = (each for each in blocks if command in each)
    return [line.strip() for line in block.splitlines()]


def check_out(folder: Path) -> None:
    """Make a folder look like this checkout, with services of its own."""
    folder.mkdir(exist_ok=True)
    for path in ROOT.iterdir():
        if path.name != ".services":
            (folder / path.name).symlink_to(path)


class Terminal:
    """A terminal in a folder; what a command exports is in the environment of the next ones."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = os.environ | environment
        self.names: dict[str, str] = {}
        """What a user writes in place of words such as SESSION."""

    def run(self, line: str) -> str:
        """Run a line; return what it prints. Fails if its exit status is not 0."""
        for word, name in self.names.items():
            line = re.sub(rf"\b{word}\b", name, line)
        after = self.folder / "environment"
        done = subprocess.run(
            ["bash", "-c", f'{line}\nstatus=$?; env -0 >"$0"; exit $status', after],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=500,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}"
        entries = after.read_text(encoding="utf-8").split("\0")[:-1]
        self.environment = dict(entry.split("=", maxsplit=1) for entry in entries)
        return done.stdout

    def run_block(self, command: str, page: str = "README.md") -> "Printed":
        """Run the code block that has a command, line by line."""
        printed = Printed()
        for line in block_with(command, page):
            printed[line] = self.run(line)
            if found := SESSION.search(printed[line]):
                self.names["SESSION"] = found[1]
        return printed


class Printed(dict[str, str]):
    """What each line of a block printed."""

    def line(self, command: str) -> str:
        """Return the line that has a command."""
        (line,) = (each for each in self if command in each)
        return line

    def by(self, command: str) -> str:
        """Return what the line that has a command printed."""
        return self[self.line(command)]
