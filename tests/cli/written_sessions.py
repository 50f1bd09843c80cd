"""Commands of a session, written by a shell's platform."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from application.kernel.command_handler import Request
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, SessionId, UserId
from domain.kernel import Decider, Origin
from tests.cli.conftest import Shell

ID = SessionId("0193f0c4-5d1e-7c3a-9a44-6b1f3e2d8c02")
AT = datetime(2030, 1, 1, tzinfo=UTC)
ATHLETE = UserId("athlete-with-an-id-that-is-longer-than-its-column")


def execute(
    shell: Shell,
    decider: Decider[Any, Any, Any],
    commands: Sequence[object],
    stream: SessionId = ID,
) -> None:
    """Execute commands on a session or its recording."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    with open_platform(settings) as platform:
        origin = Origin(tenant_id=DEFAULT_TENANT, actor=ATHLETE, correlation_id=platform.new_id())
        sent = Request(decider, stream, commands)
        platform.commands.execute(sent, origin=origin, command_id=platform.new_id())
