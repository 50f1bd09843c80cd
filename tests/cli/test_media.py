"""`kinelog media` lists the media of a session and links to them."""

import json
import urllib.request
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from adapters.media.s3 import BucketAddress
from application.kernel.ports import MediaMissing
from bootstrap.cli.media import LinksNotGiven, app
from bootstrap.settings import Settings
from bootstrap.wiring.platform import build_media_store
from domain.ids import DEFAULT_TENANT, TenantId
from domain.sessions.commands import SessionNotFound

VIDEO = sha256(b"video").hexdigest()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINELOG_HOME", str(tmp_path))


@pytest.fixture
def in_a_bucket(bucket: BucketAddress, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINELOG_S3_BUCKET", bucket.bucket)
    monkeypatch.setenv("KINELOG_S3_ENDPOINT", str(bucket.endpoint))
    monkeypatch.setenv("KINELOG_S3_KEY_ID", str(bucket.key_id))
    monkeypatch.setenv("KINELOG_S3_SECRET", str(bucket.secret))


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def stored() -> list[str]:
    media = build_media_store(Settings())
    return sorted(
        media.put(DEFAULT_TENANT, each, prefix="s1") for each in (b"video", b"landmarks", b"more")
    )


def test_the_media_of_a_session_are_listed_in_pages() -> None:
    digests = stored()
    first = json.loads(run("list", "s1", "--first", "2", "--json").stdout)
    rest = json.loads(run("list", "s1", "--after", first["next"], "--json").stdout)
    assert [each["digest"] for each in first["media"] + rest["media"]] == digests
    assert rest["next"] is None
    assert (
        f"More: kinelog media list s1 --after {digests[0]}"
        in run("list", "s1", "--first", "1").stdout
    )


def test_the_command_for_more_names_the_tenant() -> None:
    """That of the default tenant would list other media."""
    media = build_media_store(Settings())
    digests = sorted(media.put(TenantId("gym"), each, prefix="s1") for each in (b"video", b"more"))
    shown = run("list", "s1", "--tenant", "gym", "--first", "1").stdout
    assert f"More: kinelog media list s1 --tenant gym --after {digests[0]}" in shown


@pytest.mark.parametrize(
    "words", [("s2",), ("s1", "--tenant", "gmy"), ("s2", "--after", VIDEO)], ids=" ".join
)
def test_an_unknown_session_is_refused(words: tuple[str, ...]) -> None:
    """An empty list would say that its media are gone."""
    stored()
    assert isinstance(run("list", *words).exception, SessionNotFound)


@pytest.mark.usefixtures("in_a_bucket")
def test_a_link_to_a_video_in_a_bucket_opens_it() -> None:
    """R-DAT-10"""
    stored()
    result = json.loads(run("link", "s1", VIDEO, "--json").stdout)
    with urllib.request.urlopen(result["url"]) as answer:  # noqa: S310  our own server
        assert answer.read() == b"video"
    assert result["minutes"] == 15
    assert run("link", "s1", VIDEO).stdout.startswith("http")
    assert isinstance(run("link", "s2", VIDEO).exception, MediaMissing)


def test_a_folder_store_offers_no_links() -> None:
    stored()
    assert isinstance(run("link", "s1", VIDEO).exception, LinksNotGiven)
