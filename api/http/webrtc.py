"""Signaling of WebRTC data channels for frames: one offer, one answer (C-01)."""

from dataclasses import asdict
from typing import Any, Final, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from api.caller import CurrentCaller
from api.config import ApiConfig
from api.middleware.authentication import bearer
from api.problem_details import problem_responses
from api.views.base import Body
from api.websocket.turn_credentials import turn_credentials
from api.websocket.webrtc import OfferRefused, Peers

LONGEST_SDP: Final = 64 * 1024

router = APIRouter(prefix="/v1/live", tags=["live"], responses=problem_responses(422, 503))


class SessionDescription(Body):
    """SDP description of one end of a connection (RFC 8866), with all its candidates."""

    type: Literal["offer", "answer"]
    sdp: str = Field(max_length=LONGEST_SDP)


class IceServerBody(Body):
    """STUN or TURN server in the format of `RTCPeerConnection`."""

    urls: str = Field(description="Such as stun:stun.example.org:3478.")
    username: str | None = Field(default=None, description="Of a TURN server; good for 12 hours.")
    credential: str | None = None


class IceServers(Body):
    """ICE servers for peers that cannot connect directly."""

    ice_servers: list[IceServerBody]


@router.get(
    "/webrtc",
    operation_id="getIceServers",
    summary="Get the ICE servers",
    response_model_exclude_none=True,
)
def ice_servers(caller: CurrentCaller, request: Request, response: Response) -> IceServers:
    """Return the ICE servers in the format of `RTCPeerConnection`."""
    config: ApiConfig = request.app.state.config
    response.headers["Cache-Control"] = "no-store"
    servers = turn_credentials(config.ice_servers, config.turn_secret, caller.platform.clock())
    bodies = [IceServerBody(**asdict(each)) for each in servers]
    return IceServers(ice_servers=bodies)


@router.post(
    "/webrtc",
    operation_id="openDataChannel",
    summary="Open a WebRTC data channel for frames",
    status_code=201,
    responses={503: {"description": "Too many connections of this user or server."}},
)
async def offer(
    caller: CurrentCaller, request: Request, response: Response, offered: SessionDescription
) -> SessionDescription:
    """Answer an offer. The channel `frames` takes and answers chunks as `/ws/live` does."""
    if offered.type != "offer":
        raise OfferRefused
    peers: Peers = request.app.state.peers
    answer: Any = await peers.answer(request, caller, bearer(request), offered.sdp)
    response.headers["Cache-Control"] = "no-store"
    return SessionDescription(type="answer", sdp=answer.sdp)
