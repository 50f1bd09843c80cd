"""Health data of a person."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from application.health.service import SentBatch
from application.platform import Platform
from domain.health.batch import Measured
from domain.health.events import Goal
from domain.ids import UserId
from domain.kernel import Origin


def measure(platform: Platform, user: UserId, origin: Origin) -> None:
    """Store a record of the person, and a goal."""
    health, at = platform.health, datetime.now(UTC) - timedelta(hours=1)
    health.connect(user, "apple_health", ["weight"], origin=origin, command_id=uuid4())
    record = Measured("scale-1", "weight", 61.25, "kg", at, at, "Scale of Ida")
    sent = SentBatch([record], [], "Europe/Berlin", "anchor-4711")
    health.push(user, "apple_health", sent, origin=origin, command_id=uuid4())
    goal = Goal("weight", 60.5, "at_most")
    health.set_goal(user, goal, origin=origin, command_id=uuid4())
