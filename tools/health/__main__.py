"""Run simulators of all health clouds: `python -m tools.health [COMMAND ...]`.

A command, such as `kinelog demo`, is run with the settings of the simulators. Without one,
it prints the settings and serves until it is stopped. Each cloud has one account with a month of
sample data, to which everyone who agrees on its page is linked.

There are no simulators where a cloud is set up, or where others may reach the API: then, the
command runs without them.
"""

import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import httpx2
import structlog

from bootstrap.deprecated_settings import PREFIX
from bootstrap.settings import Settings
from tools.health.clouds import simulated_clouds
from tools.payments.simulator import Sent
from tools.simulated_settings import print_settings, reachable_by_others, serve

CLOUDS: Final = ("google_health", "strava", "withings", "polar", "oura", "garmin")
TIMEOUT_S: Final = 30.0

logger = structlog.get_logger()


def main(command: list[str]) -> int:
    """Run until the command ends, or without one until a signal; return the exit status."""
    settings = Settings()
    reason = _reason_for_none(settings)
    if reason is not None:
        sys.stderr.write(f"kinelog: no simulators of health clouds are started: {reason}\n")
        if command:
            return subprocess.call(command)
        print_settings({})
        return 0
    with simulated_clouds() as clouds, tempfile.TemporaryDirectory() as folder:
        clouds.add_samples(datetime.now(UTC))
        address = f"{settings.public_url}/v1/webhooks/health/garmin"
        clouds.garmin.deliver = partial(_deliver, address, clouds.garmin.webhook_secret)
        found = clouds.settings(Path(folder))
        return serve(command, {f"{PREFIX}{key.upper()}": str(each) for key, each in found.items()})


def _reason_for_none(settings: Settings) -> str | None:
    """Return why there are no simulators, or None: with them, anybody could link an account."""
    for name in CLOUDS:
        if getattr(settings, f"{name}_secret") is not None:
            return f"{name} is set up."
    return reachable_by_others(settings)


def _deliver(address: str, secret: str, sent: Sent) -> None:
    """Send a webhook of Garmin, which lists no records, to the API."""
    headers = {"Content-Type": sent.media_type, **sent.headers}
    try:
        httpx2.post(
            address,
            content=sent.body,
            headers=headers,
            params={"key": secret},
            timeout=TIMEOUT_S,
        ).raise_for_status()
    except httpx2.HTTPError as failed:
        logger.warning("simulator.webhook_undelivered", reason=str(failed).replace(secret, "…"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
