"""A user who has left much personal data, and the terms that identify them."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from application.analysis.jobs import AnalysisJob
from application.health.imports import HealthImport
from application.kernel.command_handler import Request
from application.platform import Platform
from application.privacy.consents import TEXTS
from application.privacy.data_archive import Archive
from application.users.registration import Registration
from domain.ids import (
    DEFAULT_TENANT,
    ExerciseId,
    RecordingId,
    SessionId,
    TenantId,
    UserId,
    WorkoutId,
)
from domain.kernel import Origin
from domain.personal import Personal
from domain.recordings import commands as recordings
from domain.recordings.recording import RECORDING
from domain.sessions import commands as sessions
from domain.sessions.session import SESSION
from domain.tenants.join_policy import OPEN
from domain.users import commands as users
from domain.users.identities import GOOGLE
from domain.users.user import USER
from domain.values import CountedBy, Span, Tempo
from domain.workouts import commands as workouts
from domain.workouts.events import PrescribedExercise
from domain.workouts.workout import WORKOUT

ADDRESS = "Amalie.Noether@Example.org"
SECOND = "amalie@göttingen.example"
NAME = "Amalie Emmy Nöther"
SUBJECT = "google-oauth2-118200000000000000042"
WORKOUT_NAME = "Gentle legs after the knee operation"
REVISED_NAME = "Gentler legs, the knee still hurts"
EXERCISE_NOTE = "Stop above the operated knee"
RECORDING_NAME = "FrameBatch by sister Ida"
RENAMED = "FrameBatch in the Auditorienhaus"
DESCRIPTION = "the physiotherapist wants to see it"
PSEUDONYM = "Invariant Heron"
PASSWORD = "three quiet walruses 1871"  # noqa: S105  of nobody


WRITTEN = (
    WORKOUT_NAME,
    REVISED_NAME,
    EXERCISE_NOTE,
    RECORDING_NAME,
    RENAMED,
    DESCRIPTION,
    PSEUDONYM,
)
"""Words in the names, notes and descriptions of their data, and their pseudonym."""


@dataclass(frozen=True)
class Person:
    """The registered user and their session."""

    id: UserId
    session: SessionId
    job: str
    uid: str

    def texts(self) -> tuple[str, ...]:
        """Return all texts that identify the user, and everything they wrote."""
        return (ADDRESS, SECOND, NAME, SUBJECT, self.uid, *WRITTEN)


def settle(
    platform: Platform, tenant: TenantId = DEFAULT_TENANT, *, video: str = f"{NAME}.mp4"
) -> Person:
    """Register a user who then does everything that stores personal data."""
    accounts = platform.accounts()
    origin = Origin(tenant_id=tenant, actor="anonymous", correlation_id=uuid4())
    if tenant != DEFAULT_TENANT:
        accounts.administration.create_tenant(
            "Elsewhere", UserId("operator"), join=OPEN, origin=origin, command_id=uuid4()
        )
    accounts.registration.register(
        Registration(email=ADDRESS, password=PASSWORD, username=NAME),
        origin=origin,
        command_id=uuid4(),
    )
    accounts.follow_email_requests.run_once()
    user_id = accounts.identities.find(tenant, "email", ADDRESS)
    assert user_id is not None
    at = platform.clock()
    requested = [
        users.VerifyEmail(at=at),
        users.ChangeEmail(email=Personal(user_id, SECOND)),
        users.VerifyEmail(at=at),
        users.LinkIdentity(provider=GOOGLE, subject=Personal(user_id, SUBJECT), at=at),
        users.GiveConsent(purpose="leaderboards", version="1", at=at),
        users.GiveConsent(purpose="health_data", version=TEXTS["health_data"].version, at=at),
        users.JoinLeaderboards(pseudonym=Personal(user_id, PSEUDONYM), at=at),
    ]
    own = Origin(tenant_id=tenant, actor=user_id, correlation_id=uuid4())
    platform.commands.execute(Request(USER, user_id, requested), origin=own, command_id=uuid4())
    user = accounts.accounts.user(tenant, user_id)
    accounts.sign_in_service.begin(tenant, user_id, user)  # type: ignore[arg-type]  # is registered
    data = accounts.accounts.data(tenant, user_id, user)  # type: ignore[arg-type]  # same
    session = train(platform, user_id, own)
    job = analysis(platform, user_id, tenant, video)
    import_file(platform, user_id, tenant)
    return Person(user_id, session, job, data.pose_coach_uid)


def train(platform: Platform, user_id: UserId, origin: Origin, *, alone: bool = False) -> SessionId:
    """Perform a session with a recording, from an own workout; `alone`: without both."""
    session, at = SessionId(str(uuid4())), platform.clock()
    digest = platform.media.put(origin.tenant_id, uuid4().bytes * 100, prefix=session)
    legs = WorkoutId(str(uuid4()))
    beside = (
        () if alone else (prescribed(legs, user_id, at), recorded(session, user_id, digest, at))
    )
    did = Request(SESSION, session, trained(user_id, legs, at))
    platform.commands.execute(did, *beside, origin=origin, command_id=uuid4())
    return session


def trained(user_id: UserId, legs: WorkoutId, at: datetime) -> list[sessions.SessionCommand]:
    """Return the commands of a session with one squat, too shallow."""
    return [
        sessions.StartSession(athlete_id=user_id, workout_id=legs, at=at),
        sessions.StartSet(
            set=1,
            exercise_id=ExerciseId("squat"),
            counted_by=CountedBy("device", "blazepose", 1),
        ),
        sessions.CountRepetition(
            source="server", set=1, number=1, span=Span(0, 2000), tempo=Tempo(0.5, 0.5, 0.5, 0.5),
            range_of_motion_deg=90.0, symmetry=1.0, form=1.0, confidence=1.0,
            faults=("shallow",),
        ),
        sessions.NoteFault(set=1, repetition=1, fault="shallow", cue="Go deeper.", at_ms=1000),
        sessions.CompleteSet(set=1, span=Span(0, 2000)),
        sessions.CompleteSession(at=at, specs={}),
    ]  # fmt: skip


def prescribed(legs: WorkoutId, user_id: UserId, at: datetime) -> Request:
    """Return a request that prescribes a workout and revises it."""
    (once, twice) = (
        (PrescribedExercise(ExerciseId("squat"), sets=sets, target_repetitions=1),)
        for sets in (1, 2)
    )
    return Request(
        WORKOUT,
        legs,
        [
            workouts.PrescribeWorkout(name=WORKOUT_NAME, author_id=user_id, exercises=once, at=at),
            workouts.ReviseWorkout(
                name=REVISED_NAME, exercises=twice, notes=(EXERCISE_NOTE,), at=at
            ),
        ],
    )


def recorded(session: SessionId, user_id: UserId, digest: str, at: datetime) -> Request:
    """Return a request that records a session and renames the recording."""
    return Request(
        RECORDING,
        RecordingId(session),
        [
            recordings.StartRecording(
                user_id=user_id,
                session_id=session,
                name=RECORDING_NAME,
                description=DESCRIPTION,
                aspect_ratio=1.5,
                at=at,
            ),
            recordings.DescribeRecording(name=RENAMED, description=DESCRIPTION),
            recordings.AttachVideo(digest=digest, media_type="video/mp4"),
            recordings.CompleteRecording(duration_ms=2000, at=at),
        ],
    )


def analysis(platform: Platform, user_id: UserId, tenant: TenantId, name: str) -> str:
    """Queue the analysis of an invalid video."""
    job = uuid4()
    digest = platform.media.put(tenant, b"a video", prefix=str(job))
    platform.jobs._store.add(
        AnalysisJob(
            id=job,
            tenant_id=tenant,
            athlete_id=user_id,
            exercise=None,
            name=name,
            video=digest,
            correlation_id=uuid4(),
            created_at=platform.clock(),
            state="failed",
            problem_detail=f"{name} is no video.",
        )
    )
    return str(job)


def import_file(platform: Platform, user_id: UserId, tenant: TenantId) -> None:
    """Queue the import of a file of health records."""
    new = HealthImport(
        id=uuid4(),
        tenant_id=tenant,
        user_id=user_id,
        source="apple_health",
        format="csv",
        time_zone="UTC",
        since=None,
        digest="",
        created_at=platform.clock(),
    )
    platform.health_imports.submit(new, BytesIO(b"no records"))


def write_archive(platform: Platform, user_id: UserId, path: Path) -> Archive:
    """Write the archive of a user to a file."""
    with path.open("wb") as file:
        return platform.privacy().exports.writer.write_into(DEFAULT_TENANT, user_id, file)


def spellings(text: str) -> Iterator[bytes]:
    """Yield a text in the encodings in which files may have it, independently of the PII scan."""
    for variant in {text, text.lower(), text.upper()}:
        yield variant.encode()
        yield json.dumps(variant)[1:-1].encode()
        yield variant.encode().hex().encode()
        yield variant.encode().hex().upper().encode()
        yield base64.b64encode(variant.encode()).rstrip(b"=")[:-1]


def found(person: Person, *folders: Path) -> list[str]:
    """Return the files that contain any text that identifies the user."""
    wanted = {spelling for text in person.texts() for spelling in spellings(text)}
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if _holds(path, wanted)]


def _holds(path: Path, wanted: set[bytes]) -> bool:
    content = path.read_bytes()
    return any(each in content for each in wanted)
