"""Health check of the speech recognition service for drafts of captions."""

from adapters.content.transcription_api import TranscriptionApi
from application.operations.readiness import Check, Degraded
from domain.kernel import Rejected


def speech_recognition(service: TranscriptionApi | None) -> Check:
    """Check that the service answers, and accepts the key."""

    def probe() -> str:
        if service is None:
            return "No captions are drafted: KINELOG_SPEECH_RECOGNITION_URL is not set."
        try:
            return service.check()
        except Rejected as obstacle:
            raise Degraded(obstacle.detail) from obstacle

    return Check("speechRecognition", probe, needed=False)
