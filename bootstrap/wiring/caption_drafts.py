"""Build the drafts of captions, and what transcribes videos for them."""

from typing import Final

from adapters.clock import utc_now
from adapters.content.isolated import IsolatedContentEncoder
from adapters.content.isolated_sound import IsolatedSoundExtractor
from adapters.content.transcription_api import TranscriptionApi
from adapters.rate_limit.token_bucket import TokenBuckets
from application.content.caption_drafts import CaptionDrafts
from application.content.jobs import ContentJobStore
from application.content.transcription import Transcriber
from application.kernel.command_handler import CommandHandler
from application.kernel.ports import EventLog, MediaStore
from bootstrap.settings import Settings

HOUR_S: Final = 3600


def build_speech_recognition(settings: Settings) -> TranscriptionApi | None:
    """Return the client of the service that recognizes speech, or None if none is set."""
    if settings.speech_recognition_url is None:
        return None
    key = settings.speech_recognition_key
    return TranscriptionApi(
        settings.speech_recognition_url,
        settings.speech_recognition_model,
        None if key is None else key.get_secret_value(),
    )


def build_transcriber(
    settings: Settings, log: EventLog, commands: CommandHandler, media: MediaStore
) -> Transcriber:
    """Return what recognizes the speech of published videos."""
    return Transcriber(
        log=log,
        commands=commands,
        media=media,
        sounds=IsolatedSoundExtractor(IsolatedContentEncoder()),
        recognition=build_speech_recognition(settings),
        clock=utc_now,
    )


def build_caption_drafts(
    settings: Settings,
    log: EventLog,
    commands: CommandHandler,
    media: MediaStore,
    jobs: ContentJobStore,
) -> CaptionDrafts:
    """Return what requests and reads drafts."""
    redis_url = settings.redis_url
    limit = TokenBuckets(
        "caption_drafts",
        settings.caption_drafts_per_hour,
        window_s=HOUR_S,
        redis_url=None if redis_url is None else redis_url.get_secret_value(),
    )
    is_on = settings.speech_recognition_url is not None
    return CaptionDrafts(log, commands, media, jobs, utc_now, is_on=is_on, limit=limit)
