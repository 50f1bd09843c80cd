"""Copies of a video in a CDN are dropped when it is published, changed or withdrawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from application.content.cdn import CAUSES, COPIES_LAST, CdnUnavailable
from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.cdn import build_cdn_subscription, dropping_copies
from domain.content import commands
from domain.content.events import Audience
from domain.ids import DEFAULT_TENANT, UserId
from tests.adapters.content.cloudfront_peer import CloudFrontPeer, cloudfront_peer
from tests.api.published import AT, LESSON, execute, publish
from tests.waiting import wait_until

ADA = UserId("ada")
PATHS = ("/v1/published-content*", f"/v1/content/{LESSON}*")


@dataclass
class Copies:
    """A CDN that keeps the paths by reference, unless it is away."""

    dropped: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    is_away: bool = False

    def invalidate(self, paths: Sequence[str], reference: str) -> None:
        if self.is_away:
            raise CdnUnavailable
        self.dropped[reference] = tuple(paths)


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudFrontPeer]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with cloudfront_peer() as peer:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFRONT", peer.url)
        yield peer


def causes(platform: Platform) -> dict[str, str]:
    """Return the names of the events of the video that make copies out of date, by event id."""
    history = platform.log.load(DEFAULT_TENANT, f"content-{LESSON}")
    names = {str(each.event_id): each.event.event_name for each in history}
    return {key: name for key, name in names.items() if name in CAUSES}


@pytest.mark.both_compositions
def test_copies_are_dropped_once_for_each_change(platform: Platform, settings: Settings) -> None:
    """R-CON-07: `content.ready` fans out to the CDN; so does what changes or withdraws a video.

    While the CDN is away, nothing is skipped.
    """
    copies = Copies(is_away=True)
    publish(platform, ADA, Audience(is_free=True))
    execute(platform, ADA, commands.UnpublishContent(at=AT))
    with (
        build_cdn_subscription(settings, platform, copies) as subscription,
        pytest.raises(CdnUnavailable),
    ):
        subscription.run_once()
    assert copies.dropped == {}
    copies.is_away = False
    for _ in range(2):
        with build_cdn_subscription(settings, platform, copies) as subscription:
            subscription.run_once()
    found = causes(platform)
    names = ["content.captions_added", "content.ready", "content.unpublished"]
    assert sorted(found.values()) == names
    assert copies.dropped == dict.fromkeys(found, PATHS)


def test_copies_of_earlier_days_have_expired(platform: Platform, settings: Settings) -> None:
    """R-CON-07: a new CDN is not told about all videos, as CloudFront charges for each path."""
    copies = Copies()
    publish(platform, ADA)
    later = replace(platform, clock=lambda: platform.clock() + COPIES_LAST)
    with build_cdn_subscription(settings, later, copies) as subscription:
        subscription.run_once()
    assert causes(platform)
    assert copies.dropped == {}


def test_a_process_that_serves_tells_cloudfront(
    platform: Platform, settings: Settings, peer: CloudFrontPeer
) -> None:
    """R-CON-07"""
    own = settings.model_copy(update={"cloudfront_distribution": peer.distribution})
    with dropping_copies(own, platform):
        publish(platform, ADA)
        wait_until(lambda: peer.invalidations == dict.fromkeys(causes(platform), PATHS))
    with dropping_copies(settings, platform):
        pass  # no CDN, no work
