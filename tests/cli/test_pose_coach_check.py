"""`kinelog pose-coach check`: the fourteen points, against a server process."""

import json
from pathlib import Path

import pytest

from application.pose_coach.checklist import POINTS
from bootstrap.exit_codes import BY_KIND, FAILED, OK
from tests.cli.conftest import Shell
from tests.live.site import Site


@pytest.mark.slow
def test_the_checklist_of_a_server_holds(tmp_path: Path) -> None:
    """R-PCH-27: as an operator runs it after a deployment, also with a store that is down."""
    site, shell = Site(None, None, tmp_path / "server"), Shell(tmp_path / "operator")
    site.folder.mkdir()
    with site.run("serve") as server:
        url = ("--url", server["url"])
        passed = shell.run("pose-coach", "check", *url, "--patience", "120", "--json")
        (site.folder / "pose_documents.other.sqlite3").mkdir()  # cannot be opened as a database
        failed = shell.run("pose-coach", "check", *url, "--tenant", "other", "--patience", "120")
    found = json.loads(passed.out)
    assert passed.status == OK, found
    assert [each["name"] for each in found["points"]] == list(POINTS)
    assert found["passed"]
    assert failed.status == FAILED
    assert " 1 front end: UID read from auth: passed" in failed.out
    assert " 2 front end: Session saved to the document store: FAILED" in failed.out
    assert " 7 back end: Session inserted: passed" in failed.out


def test_a_missing_server_has_an_exit_code_of_its_own(tmp_path: Path) -> None:
    ran = Shell(tmp_path).run("pose-coach", "check", "--url", "http://127.0.0.1:1", "--json")
    assert (ran.status, ran.out) == (BY_KIND["unavailable"], "")
    assert "cannot be reached" in ran.sentence
