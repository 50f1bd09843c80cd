"""Peers of WebRTC."""

import aiortc

from api.websocket import webrtc


async def offered() -> str:
    """Return the offer of a peer that then disappears."""
    connection = aiortc.RTCPeerConnection(aiortc.RTCConfiguration(iceServers=[]))
    connection.createDataChannel(webrtc.CHANNEL)
    await connection.setLocalDescription(await connection.createOffer())
    sdp = connection.localDescription.sdp
    await connection.close()
    return str(sdp)
