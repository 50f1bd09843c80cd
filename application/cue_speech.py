"""Handler of `cue.make`: has the sentence of a cue ready before a device asks to hear it.

The cue itself is shown by the reply to its chunk and recorded by the exercise worker. Where speech
is off, or the cue is silent, there is nothing to do.
"""

from collections.abc import Callable
from typing import Any

import structlog

from application.kernel.bus import Delivery
from application.kernel.topics import COACH_WORKER as GROUP
from application.live.worker_contract import CueMessage
from application.speech import SentenceUnknown, SpeechService, SpeechUnavailable
from domain.coaching.phrasebook import CueLanguageUnknown

__all__ = ["GROUP", "prepare_speech"]

log: Any = structlog.get_logger()


def prepare_speech(
    delivered: Delivery, speech: SpeechService, decode: Callable[[bytes], CueMessage]
) -> None:
    """Synthesize and store the sentence of a cue, unless it is stored.

    A cue that cannot be spoken now is left out: its caption was shown, and devices may ask later.
    Raises what `decode` raises, MediaCorrupt and StorageUnavailable.
    """
    cue = decode(delivered.message.value or b"")
    if not speech.is_on or not cue.say:
        return
    try:
        if speech.find_stored(cue.say, cue.language) is None:
            speech.speak(cue.say, cue.language).result()
    except (SpeechUnavailable, SentenceUnknown, CueLanguageUnknown) as error:
        log.warning("cue.not_spoken", session=delivered.message.key, reason=error.code)
