"""Sessions named by the beginning of their id."""

from typing import Final

from application.kernel.read_models import Containing, ReadModels, Window
from domain.ids import SessionId, TenantId
from domain.kernel import Rejected
from projections.session_summary import SESSION_SUMMARY

MOST_NAMED: Final = 5
MOST_READ: Final = 500


class SessionAmbiguous(Rejected):
    """Several sessions have an id with this beginning."""

    code = "session.ambiguous"
    kind = "invalid"


def full_id(read: ReadModels, tenant_id: TenantId, given: str) -> SessionId:
    """Return the id of the session that is named by its id or by the beginning of it.

    A text that names no session is returned as it is: the command refuses it. Raises
    SessionAmbiguous, which names the candidates.
    """
    if not given or read.get(SESSION_SUMMARY, tenant_id, given) is not None:
        return SessionId(given)
    page = read.page(
        SESSION_SUMMARY,
        tenant_id,
        window=Window(first=MOST_READ),
        where={"id": Containing(given)},
        order_by="started_at",
        descending=True,
    )
    found = [edge.row.id for edge in page.edges if edge.row.id.startswith(given)]
    if len(found) > 1:
        more = ", …" if len(found) > MOST_NAMED else ""
        named = ", ".join(found[:MOST_NAMED])
        raise SessionAmbiguous(f"{given} is the beginning of {len(found)} ids: {named}{more}.")
    return found[0] if found else SessionId(given)
