"""Health diagnosis: the state of each dependency, with advice for operators."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from application.operations.readiness import Report, State

ADVICE: Final[Mapping[str, str]] = {
    "platform": "Fix what the check reports; nothing works until then.",
    "log": "Start the database, or free disk space for it.",
    "readModels": "Run kinelog worker projections; see kinelog projections quarantined.",
    "media": "Make the data folder writable, or free space in it; or fix KINELOG_S3_BUCKET's key.",
    "poseModel": "Analyze a video once, or set KINELOG_POSE_MODEL to a model.",
    "kafka": "Start Kafka, then run kinelog events topics create.",
    "redis": "Start Redis; until then, responses are not cached.",
    "migrations": "Run kinelog db upgrade with this version.",
    "logRights": "Separate the two database logins: see Upgrade in docs/how-to/deploy.md.",
    "topics": "Run kinelog events topics create; --grow widens those that are narrower, and"
    " --configure changes other settings.",
    "relay": "Run kinelog events relay.",
    "runner": "Run kinelog worker projections.",
    "workers": "Run kinelog worker with the name of each worker that is missing. If one is running,"
    " its log says why Kafka does not let it join its group.",
    "deadLetters": "Run kinelog dlq list, fix the cause, then run kinelog dlq replay.",
    "failedEvents": "Run kinelog dlq list, fix the cause, then run kinelog dlq replay.",
    "proxies": "Name the proxy in KINELOG_TRUSTED_PROXIES, and restart the API.",
    "clock": "Synchronize the clocks of both machines by NTP.",
    "keys": "Restore the key file from your copy, or let this process use KINELOG_KMS_KEY: see Keys"
    " in docs/how-to/sign-in.md.",
    "disk": "Free disk space for the data folder.",
    "reconciliation": "Look at /payments.html, and see docs/how-to/payments.md; kinelog serve"
    " compares daily.",
    "healthLinks": "Look for health.sync_postponed in the log of kinelog serve, and fix the"
    " settings of the cloud; its webhooks and people who link it again resume the syncs.",
    "poseCoach": "Look for pose_coach.sink_failed in the log of the worker, fix the cause, then"
    " run kinelog pose-coach replay; for a restored log, kinelog pose-coach verify.",
    "poseCoachWorker": "Run kinelog worker pose-coach.",
    "poseCoachStores": "Set KINELOG_POSE_COACH_FIRESTORE_PROJECT and"
    " KINELOG_POSE_COACH_MYSQL_URL, or share the data folder between all machines.",
    "mail": "Set KINELOG_SMTP_URL to a mail server that is running, with its user and password.",
    "speechRecognition": "Start the service, and check KINELOG_SPEECH_RECOGNITION_URL and"
    " KINELOG_SPEECH_RECOGNITION_KEY.",
    "virusScanner": "Start clamd with current definitions (freshclam), and set KINELOG_CLAMD to its"
    " host:port.",
    "sandbox": "Install libseccomp (Debian, Ubuntu: apt-get install libseccomp2), and allow"
    " containers to use seccomp.",
}
"""What to do when a check is not ok, by the name of the check."""


@dataclass(frozen=True)
class Diagnosis:
    """Result of a check with advice, which is empty if the check is ok."""

    name: str
    state: State
    detail: str
    advice: str
    duration_ms: float


def diagnosed(report: Report) -> tuple[Diagnosis, ...]:
    """Add advice to each finding."""
    return tuple(
        Diagnosis(
            each.name,
            each.state,
            each.detail,
            "" if each.state == "ok" else ADVICE[each.name],
            each.duration_ms,
        )
        for each in report.findings
    )
