"""Films that tests make when they want to: no thread makes them meanwhile."""

from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.films import build_film_subscription


def make_films(settings: Settings, platform: Platform) -> None:
    """Work off the queue of films."""
    with build_film_subscription(settings, platform) as subscription:
        subscription.run_once()
