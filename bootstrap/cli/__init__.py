"""The `kinelog` command: noun first, then verb; `--json` and `--help` everywhere."""
