"""A message lies on the bus under the key of whoever it is about, and nobody else's.

Keys keep order, choose who works a message, and name its tenant: `tenant/stream`, `tenant/session`,
or the tenant alone. What headers or content say about it has to be the same. Otherwise somebody
could have the work of one tenant done to another's session.
"""

import json
from typing import Any, Final, cast

from application.kernel.bus import Message
from application.kernel.topics import EVENT_TOPICS
from domain.kernel import Rejected

TENANT: Final = "ce_tenantid"
SUBJECT: Final = "ce_subject"

EVENTS: Final = frozenset(topic.name for topic in EVENT_TOPICS)
BLANKS: Final = b" \t\r\n"
"""What may stand before JSON."""


class MessageMisplaced(Rejected):
    """A message's key, headers and content name different tenants, streams or sessions."""

    code = "bus.message_misplaced"
    kind = "invalid"


def require_belonging(message: Message) -> None:
    """Raise MessageMisplaced for a message that is about somebody else than its key names.

    Events say in their headers where they belong, and nothing of it in their payload. What cannot
    be read is left to whoever works it.
    """
    tenant, _, name = message.key.partition("/")
    subject = message.header(SUBJECT)
    content = {} if message.topic in EVENTS else _content(message.value)
    named = (message.header(TENANT), content.get("tenant_id"))
    if any(each not in {None, tenant} for each in named):
        raise MessageMisplaced
    if subject is not None and name != subject:
        raise MessageMisplaced
    if name and content.get("session_id") not in {None, name}:
        raise MessageMisplaced


def _content(value: bytes | None) -> dict[str, Any]:
    """Give the names in a JSON object that are words; nothing for anything else."""
    if value is None or not value.lstrip(BLANKS).startswith(b"{"):
        return {}
    try:
        read = cast("dict[str, Any]", json.loads(value))
    except ValueError:
        return {}
    return {name: said for name, said in read.items() if isinstance(said, str)}
