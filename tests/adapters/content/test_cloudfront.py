"""CloudFront drops the copies of a changed video, once for each event."""

from collections.abc import Iterator

import pytest

from adapters.content.cloudfront import CloudFront
from application.content.cdn import CdnUnavailable
from tests.adapters.content.cloudfront_peer import CloudFrontPeer, cloudfront_peer

PATHS = ("/v1/published-content*", "/v1/content/c-1*")


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudFrontPeer]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with cloudfront_peer() as peer:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFRONT", peer.url)
        yield peer


def test_a_repeated_invalidation_counts_once(peer: CloudFrontPeer) -> None:
    """R-CON-07, R-EVT-16"""
    cdn = CloudFront(peer.distribution)
    for _ in range(2):
        cdn.invalidate(PATHS, "event-1")
    cdn.invalidate(PATHS, "event-2")
    assert peer.invalidations == {"event-1": PATHS, "event-2": PATHS}


def test_refusals_are_failures_that_name_the_code(peer: CloudFrontPeer) -> None:
    """R-CON-07: they are tried again, and nothing else waits for them."""
    peer.room = 0
    with pytest.raises(CdnUnavailable, match="TooManyInvalidationsInProgress"):
        CloudFront(peer.distribution).invalidate(PATHS, "event-1")
    with pytest.raises(CdnUnavailable, match="NoSuchDistribution"):
        CloudFront("E3OTHER").invalidate(PATHS, "event-1")
    assert peer.invalidations == {}


def test_an_outage_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-CON-07"""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFRONT", "http://127.0.0.1:1")
    with pytest.raises(CdnUnavailable, match="cannot be reached"):
        CloudFront("E2EXAMPLE").invalidate(PATHS, "event-1")
