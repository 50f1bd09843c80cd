"""`make audit`: exit status for findings and unavailable registries."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

NOTHING = "#!/bin/sh\nexit 0\n"
UV_FOUND = "#!/bin/sh\necho 'mildew 1.0 has 1 known vulnerability'\nexit 1\n"
UV_FOUND_IN_CLIENT = """#!/bin/sh
case $PWD in */tools/python_client) echo 'mildew 1.0 has 1 known vulnerability'; exit 1; esac
"""
UV_FAILED = "#!/bin/sh\nexit 2\n"
NPM_FOUND = '#!/bin/sh\necho \'{"auditReportVersion": 2, "of": "mildew"}\'\nexit 1\n'
NPM_FAILED = '#!/bin/sh\necho \'{"statusCode": 405, "error": {}}\'\nexit 1\n'


def audited(checkout: Path, *, uv: str, npm: str) -> "subprocess.CompletedProcess[str]":
    """Audit a checkout with these stubs of uv and npm."""
    for path, tool in ((".tools/bin/uv", uv), (".venv/bin/npm", npm)):
        place = checkout / path
        place.parent.mkdir(parents=True)
        place.write_text(tool)
        place.chmod(0o755)
    for folder in ("web", "tests/peers/oidc", "tools/python_client", "tools/typescript_client"):
        (checkout / folder).mkdir(parents=True)
    script = shutil.copy(ROOT / "scripts" / "audit.sh", checkout)
    return subprocess.run(
        ["sh", script], cwd=checkout, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize(
    ("uv", "npm", "status"),
    [
        (NOTHING, NOTHING, 0),
        (UV_FOUND, NOTHING, 1),
        (UV_FOUND_IN_CLIENT, NOTHING, 1),
        (NOTHING, NPM_FOUND, 1),
        (UV_FAILED, NOTHING, 2),
        (NOTHING, NPM_FAILED, 2),
        (UV_FAILED, NPM_FOUND, 1),
    ],
)
def test_exit_status_reports_findings_and_unavailable_registries(
    tmp_path: Path, uv: str, npm: str, status: int
) -> None:
    done = audited(tmp_path, uv=uv, npm=npm)
    assert done.returncode == status, done.stderr
    assert ("mildew" in done.stdout) == (status == 1)
    assert ("not checked" in done.stderr) == (uv == UV_FAILED or npm == NPM_FAILED)


def test_every_lock_file_is_checked() -> None:
    """A folder with a lock file of its own is named in the script."""
    tracked = subprocess.run(
        ["git", "ls-files", "*uv.lock", "*package-lock.json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    script = (ROOT / "scripts" / "audit.sh").read_text()
    listed = re.findall(r"^for folder in (.+); do$", script, re.MULTILINE)
    folders = {folder for line in listed for folder in line.split()}
    assert {str(Path(lock).parent) for lock in tracked} == folders
