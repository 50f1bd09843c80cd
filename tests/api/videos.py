"""Videos that tests make when they want to: no thread makes them meanwhile."""

from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.videos import build_video_subscription


def make_videos(settings: Settings, platform: Platform) -> None:
    """Work off the queue of videos."""
    with build_video_subscription(settings, platform) as subscription:
        subscription.run_once()
