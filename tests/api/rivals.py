"""A tenant whose members do squats and can join leaderboards."""

from datetime import datetime, timedelta
from uuid import uuid4

from application.kernel.command_handler import Request
from application.platform import Platform
from application.privacy.consents import TEXTS
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, TenantId, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.pose_coach.key import PoseCoachKey
from domain.sessions import commands as sessions
from domain.sessions.session import SESSION
from domain.users import commands as users
from domain.users.identities import ConsentPurpose
from domain.users.user import USER
from domain.values import CountedBy, Span, Tempo


def agreed(platform: Platform, purpose: ConsentPurpose) -> users.GiveConsent:
    """Return the consent to the current version of a purpose."""
    return users.GiveConsent(
        purpose=purpose, version=TEXTS[purpose].version, at=platform.clock(), source="rest"
    )


def settle(
    platform: Platform, pseudonym: str, *, compared: bool = False, tenant: str = DEFAULT_TENANT
) -> UserId:
    """Create an account without a sign-in that joins the leaderboards under a pseudonym."""
    who, at = UserId(str(uuid4())), platform.clock()
    query: list[users.UserCommand] = [
        users.RegisterUser(at=at),
        users.AssignPoseCoachKey(key=Personal(who, PoseCoachKey(f"uid-{who}"))),
        agreed(platform, "leaderboards"),
        users.JoinLeaderboards(pseudonym=Personal(who, pseudonym), at=at),
    ]
    if compared:
        query.append(agreed(platform, "population_insights"))
    platform.commands.execute(
        Request(USER, who, query), origin=_origin(who, tenant), command_id=uuid4()
    )
    return who


def squat(
    platform: Platform,
    who: str,
    repetitions: int,
    *,
    at: datetime | None = None,
    form: float = 0.8,
    exercise: str = "squat",
    tenant: str = DEFAULT_TENANT,
) -> SessionId:
    """Complete a session of one set."""
    session, began = SessionId(str(uuid4())), at or platform.clock()
    query: list[sessions.SessionCommand] = [
        sessions.StartSession(athlete_id=UserId(who), at=began),
        sessions.StartSet(
            set=1, exercise_id=ExerciseId(exercise), counted_by=CountedBy("manual", "", 1)
        ),
        *(_repetition(number, form) for number in range(1, repetitions + 1)),
        sessions.CompleteSet(set=1, span=Span(0, 2000 * repetitions)),
        sessions.CompleteSession(at=began + timedelta(minutes=5), specs={}),
    ]
    platform.commands.execute(
        Request(SESSION, session, query), origin=_origin(who, tenant), command_id=uuid4()
    )
    return session


def _repetition(number: int, form: float) -> sessions.CountRepetition:
    return sessions.CountRepetition(
        source="server", set=1, number=number, span=Span(2000 * (number - 1), 2000 * number),
        tempo=Tempo(1.0, 0.0, 1.0, 0.0), range_of_motion_deg=90.0, symmetry=None, form=form,
        confidence=1.0, faults=(),
    )  # fmt: skip


def _origin(who: str, tenant: str) -> Origin:
    return Origin(tenant_id=TenantId(tenant), actor=who, correlation_id=uuid4())
