"""Delivery of events to the queue of videos."""

from application.kernel.cloud_events import encoded
from application.platform import Platform
from bootstrap.wiring.videos import encode_video
from tests.golden.examples import CODEC


def deliver(platform: Platform) -> None:
    """Deliver all events to the queue `content-processing`."""
    for recorded in platform.log.scan(after=0, limit=1000):
        encode_video(platform, encoded(recorded, CODEC.encode))
