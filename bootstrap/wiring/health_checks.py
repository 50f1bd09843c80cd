"""What the doctor looks at, by the settings: of one process less than of many machines."""

from typing import Final

from adapters.clock import utc_now
from adapters.health_checks import cluster
from adapters.health_checks import disk as machine
from api.http.operations import build_readiness
from application.kernel.dead_letters import find_group
from application.kernel.topics import EXERCISE_WORKER, GROUPS, POSE_WORKER
from application.operations.readiness import Check, Readiness, Report
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.bus import kafka_config
from bootstrap.wiring.platform import ensure_folder
from bootstrap.wiring.telemetry import build_readiness_checks
from domain.kernel import Rejected

WITHIN_S: Final = 20.0
"""A doctor has more patience than a probe."""

ANALYTICS: Final = find_group("real-time-analytics", GROUPS)
NEEDED_GROUPS: Final = (POSE_WORKER, EXERCISE_WORKER, ANALYTICS)
"""Without members of these, live sessions or the analysts' windows stand still."""


def run_checks(settings: Settings, *, within_s: float = WITHIN_S) -> Report:
    """Try everything there is with these settings. Raises nothing: what is wrong is told."""
    checks = (*build_readiness_checks(settings), *_checks(settings))
    try:
        with open_platform(settings, checks=checks) as platform:
            _, watch = build_readiness(platform)
            own = (
                Check("log", watch.log),
                Check("readModels", watch.read_models),
                Check("media", watch.media),
            )
            return _tried((*own, *platform.checks), within_s)
    except Rejected as refused:
        return _tried((_refusing(refused), *checks), within_s)


def _tried(checks: tuple[Check, ...], within_s: float) -> Report:
    return Readiness(checks, within_s=within_s).look().result()


def _refusing(refused: Rejected) -> Check:
    def look() -> str:
        raise refused

    return Check("platform", look)


def _checks(settings: Settings) -> tuple[Check, ...]:
    """Give what only the doctor tries."""
    found = [machine.disk(ensure_folder(settings.home))]
    if settings.postgres_url is not None:
        url = settings.postgres_url.get_secret_value()
        found += [
            cluster.migrations(url),
            cluster.runner(url),
            cluster.clock(url, utc_now),
        ]
        if settings.kafka is not None:
            found.append(cluster.relay(url))
    if settings.kafka is not None:
        kafka = kafka_config(settings)
        found += [
            cluster.topics(kafka),
            cluster.workers(kafka, NEEDED_GROUPS),
            cluster.dead_letters(kafka, GROUPS),
        ]
    return tuple(found)
