"""Build the health checks of `kinelog doctor`: more of a distributed platform than embedded."""

from typing import Final
from urllib.parse import urlsplit

from adapters.clock import utc_now
from adapters.health_checks import cluster, served
from adapters.health_checks import disk as machine
from adapters.health_checks.mail import mail
from adapters.health_checks.pose_coach import pose_coach_stores
from adapters.health_checks.sandbox import sandbox
from adapters.health_checks.speech_recognition import speech_recognition
from adapters.health_checks.virus_scanner import virus_scanner
from api.http.operations import build_readiness
from api.middleware.hosts import is_loopback
from application.kernel.dead_letters import find_group
from application.kernel.topics import EXERCISE_WORKER, GROUPS, POSE_WORKER
from application.operations.readiness import Check, Degraded, Readiness, Report
from application.payments.reconciliation_runs import problems_of
from application.platform import Platform
from application.pose_coach.sink_health import sink_problems
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.bus import kafka_config
from bootstrap.wiring.caption_drafts import build_speech_recognition
from bootstrap.wiring.content import build_clamd
from bootstrap.wiring.emails import build_smtp
from bootstrap.wiring.log_queues import count_dead_letters
from bootstrap.wiring.platform import ensure_folder
from bootstrap.wiring.pose_coach import LOCKS
from bootstrap.wiring.pose_stores import stores_in_files
from bootstrap.wiring.telemetry import build_readiness_checks
from domain.kernel import Rejected

WITHIN_S: Final = 20.0
"""`kinelog doctor` waits longer than a readiness probe."""

ANALYTICS: Final = find_group("real-time-analytics", GROUPS)
NEEDED_GROUPS: Final = (POSE_WORKER, EXERCISE_WORKER, ANALYTICS)
"""Without members of these groups, live sessions or the analysts' windows do not progress."""


def run_checks(settings: Settings, *, within_s: float = WITHIN_S) -> Report:
    """Run every check that applies to the settings. Failures are in the report, not raised."""
    checks = (*build_readiness_checks(settings), *doctor_checks(settings))
    try:
        with open_platform(settings, checks=checks) as platform:
            _, watch = build_readiness(platform)
            own = (
                Check("log", watch.log),
                Check("readModels", watch.read_models),
                Check("media", watch.media),
            )
            takes_payments = platform.gateways or not platform.tenant_accounts.store.is_empty()
            compared = (_reconciliation(platform),) if takes_payments else ()
            coached = (_pose_coach(platform),)
            linked = (_health_links(platform),) if platform.health_clouds else ()
            return _run((*own, *compared, *coached, *linked, *platform.checks), within_s)
    except Rejected as refusal:
        return _run((_failing(refusal), *checks), within_s)


def _run(checks: tuple[Check, ...], within_s: float) -> Report:
    return Readiness(checks, within_s=within_s).report().result()


def _failing(refusal: Rejected) -> Check:
    def look() -> str:
        raise refusal

    return Check("platform", look)


def doctor_checks(settings: Settings) -> tuple[Check, ...]:
    """Return the checks that only `kinelog doctor` runs."""
    is_public = not is_loopback(urlsplit(settings.public_url).hostname or "")
    checks = [
        machine.disk(ensure_folder(settings.home)),
        sandbox(),
        served.proxies(settings.port),
        mail(build_smtp(settings), is_public=is_public),
        virus_scanner(build_clamd(settings), required=settings.postgres_url is not None),
        speech_recognition(build_speech_recognition(settings)),
    ]
    if settings.postgres_url is not None:
        url = settings.postgres_url.get_secret_value()
        checks += [
            cluster.migrations(url),
            cluster.log_rights(url),
            cluster.runner(url),
            cluster.clock(url, utc_now),
            cluster.pose_coach_worker(url, LOCKS),
            pose_coach_stores(in_files=stores_in_files(settings), is_public=is_public),
        ]
        if settings.kafka is not None:
            checks.append(cluster.relay(url))
    if settings.kafka is not None:
        kafka = kafka_config(settings)
        checks += [
            cluster.topics(kafka),
            cluster.workers(kafka, NEEDED_GROUPS),
            cluster.dead_letters(kafka, GROUPS),
        ]
    if not settings.queues_on_bus:
        checks.append(_failed_events(settings))
    return tuple(checks)


def _reconciliation(platform: Platform) -> Check:
    """Find tenants whose payments were not compared for long, or differ from their gateways."""

    def look() -> str:
        problems = problems_of(platform.reconciliations.latest(), platform.clock())
        if problems:
            raise Degraded(" ".join(problems))
        return "The last reconciliations of payments found no differences."

    return Check("reconciliation", look, needed=False)


def _pose_coach(platform: Platform) -> Check:
    """Find sessions that a store of the pose coach does not take."""

    def look() -> str:
        problems = sink_problems(platform.pose_sinks, platform.log)
        if problems:
            raise Degraded(" ".join(problems))
        return "The stores of the pose coach take every session."

    return Check("poseCoach", look, needed=False)


def _health_links(platform: Platform) -> Check:
    """Count links to health clouds whose syncs have failed for good."""

    def look() -> str:
        count = platform.health_links.count_failed()
        if count:
            raise Degraded(f"Links to health clouds without a sync for days: {count}.")
        return "No link to a health cloud has failed."

    return Check("healthLinks", look, needed=False)


def _failed_events(settings: Settings) -> Check:
    """Count the events that queues without a bus could not handle."""

    def look() -> str:
        return cluster.report_dead_letters(count_dead_letters(settings))

    return Check("failedEvents", look, needed=False)
