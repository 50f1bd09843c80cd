"""Events of a content item."""

from datetime import UTC, datetime

from domain.content import events
from domain.content.item import CONTENT
from domain.ids import UserId
from domain.personal import Personal
from tests.specification import specification

ADA = UserId("ada")
AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
DIGEST = "ab" * 32
FILE = events.DeclaredFile(5_000_000, "video/mp4", DIGEST)
TITLE, DESCRIPTION = Personal(ADA, "Squats"), Personal(ADA, "Slowly.")
ENCODING = events.Encoding(
    60_000,
    (events.Rendition(854, 480, "h264", 1_400_000), events.Rendition(1280, 720, "h264", 2_800_000)),
    DIGEST,
)
REQUESTED = events.UploadRequested(
    trainer_id=ADA, title=TITLE, description=DESCRIPTION, file=FILE, at=AT
)
UPLOADED = events.ContentUploaded(number=1, size=5_000_000, at=AT)
PASSED = events.ChecksPassed(number=1, media_type="video/mp4", duration_ms=60_000, at=AT)
QUARANTINED = events.FileQuarantined(number=1, at=AT)
REMOVED = events.QuarantineRemoved(number=1, at=AT)
ENCODED = events.ContentEncoded(number=1, encoding=ENCODING, at=AT)
READY = events.ContentReady(number=1, duration_ms=60_000, bitrates=(1_400_000, 2_800_000), at=AT)
REPLACEMENT = events.ReplacementRequested(number=2, file=FILE, at=AT)
LIVE = (REQUESTED, UPLOADED, PASSED, ENCODED, READY)
given = specification(CONTENT)
