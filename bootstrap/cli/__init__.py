"""The `kinelog` command: noun first, then verb; `--json` and `--help` everywhere."""

from bootstrap.cli.main import main

__all__ = ["main"]
