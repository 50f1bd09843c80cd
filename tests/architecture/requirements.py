"""The table of promises in docs/requirements.md."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "requirements.md").read_text()
LINE = re.compile(r"^\| (?P<id>(?:R-\w{3}|C)-\d{2}) \| [^|]+ \| (?P<tests>[^|]+) \|$", re.MULTILINE)
PROMISES = {match["id"]: re.findall(r"`([^`]+)`", match["tests"]) for match in LINE.finditer(PAGE)}
