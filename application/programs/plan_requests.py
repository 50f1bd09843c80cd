"""The topic `program.plan`: more weeks for a program, on request (R-EVT-09, R-PRG-01).

A request has ids and numbers only: goal, equipment and injuries are encrypted in the log.
"""

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

from application.kernel.bus import Delivery, Message
from application.kernel.ports import Clock
from application.kernel.topics import WORKERS, Group
from application.programs.service import ProgramService
from domain.ids import ProgramId, TenantId, UserId
from domain.kernel import Origin, Rejected, value
from domain.programs.commands import ExtendProgram

TOPIC: Final = "program.plan"
GROUP: Final[Group] = next(group for group in WORKERS if group.topics == (TOPIC,))

NAMESPACE: Final = UUID("0197fb4e-11d6-7b0c-8e92-3a7d50c4b618")
"""UUID namespace of the commands of requests."""


class InvalidPlanRequest(Rejected):
    """A message on `program.plan` has `id`, `tenant_id`, `athlete_id`, `program_id` and `weeks`."""

    code = "program.plan_request_invalid"
    kind = "invalid"


@value
class PlanRequest:
    """A request for more weeks. Requests for an athlete with the same `id` count once."""

    id: str
    tenant_id: TenantId
    athlete_id: UserId
    program_id: ProgramId
    weeks: int


def to_message(request: PlanRequest) -> Message:
    """Encode a request; those for one athlete stay in order."""
    content = {
        "id": request.id,
        "tenant_id": request.tenant_id,
        "athlete_id": request.athlete_id,
        "program_id": request.program_id,
        "weeks": request.weeks,
    }
    headers = (
        ("ce_id", str(_command_id(request)).encode()),
        ("ce_type", TOPIC.encode()),
        ("ce_tenantid", request.tenant_id.encode()),
        ("content-type", b"application/json"),
    )
    key = f"{request.tenant_id}/{request.athlete_id}"
    return Message(TOPIC, key, json.dumps(content).encode(), headers)


def from_message(sent: Message) -> PlanRequest:
    """Decode a request. Raises InvalidPlanRequest."""
    try:
        content: Any = json.loads(sent.value or b"")
        return PlanRequest(
            id=_text(content["id"]),
            tenant_id=TenantId(_text(content["tenant_id"])),
            athlete_id=UserId(_text(content["athlete_id"])),
            program_id=ProgramId(_text(content["program_id"])),
            weeks=_number(content["weeks"]),
        )
    except (ValueError, KeyError, TypeError) as broken:
        raise InvalidPlanRequest from broken


def _text(given: Any) -> str:
    if not isinstance(given, str) or not given:
        raise TypeError
    return given


def _number(given: Any) -> int:
    if type(given) is not int:  # a Boolean is not a number
        raise TypeError
    return given


def _command_id(request: PlanRequest) -> UUID:
    # JSON keeps the parts of a name apart, whatever they contain.
    return uuid5(NAMESPACE, json.dumps([request.tenant_id, request.athlete_id, request.id]))


@dataclass(frozen=True)
class ProgramWorker:
    """Handles messages of `program.plan`."""

    programs: ProgramService
    clock: Clock

    def handle(self, delivery: Delivery) -> None:
        """Plan the weeks; a repeated request changes nothing.

        Raises InvalidPlanRequest, refusals of `domain.programs`, and StorageUnavailable.
        """
        request = from_message(delivery.message)
        command_id = _command_id(request)
        command = ExtendProgram(program_id=request.program_id, weeks=request.weeks, at=self.clock())
        self.programs.execute(
            request.athlete_id,
            command,
            origin=Origin(tenant_id=request.tenant_id, actor=GROUP.name, correlation_id=command_id),
            command_id=command_id,
        )
