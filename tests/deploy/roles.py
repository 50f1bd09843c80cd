"""Roles with images, commands and settings that deployments may use."""

import json
import re
from pathlib import Path

from typer.core import TyperGroup
from typer.main import get_command

from bootstrap.cli.main import app
from bootstrap.settings import Settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
STAGE = re.compile(r"^FROM kinelog AS (?P<role>\S+)\n(?P<lines>(?:(?!FROM ).*\n)+)", re.MULTILINE)

IMAGES: dict[str, list[str]] = {
    stage["role"]: json.loads(re.findall(r"^CMD (\[.*\])$", stage["lines"], re.MULTILINE)[-1])
    for stage in STAGE.finditer(DOCKERFILE)
}
"""The images that the Dockerfile builds, by role, with their default commands."""

SETTINGS = {f"KINELOG_{name.upper()}" for name in Settings.model_fields}


def is_command(words: list[str]) -> bool:
    """Return whether `kinelog` has this command with these options."""
    found = get_command(app)
    while isinstance(found, TyperGroup) and words:
        context = found.make_context("kinelog", [], resilient_parsing=True)
        _, command, words = found.resolve_command(context, words)
        if command is None:
            return False
        found = command
    options = {option for each in found.params for option in each.opts}
    return not isinstance(found, TyperGroup) and {w for w in words if w[:2] == "--"} <= options
