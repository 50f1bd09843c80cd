"""Reasons that a trainer gets for a video that cannot be checked or encoded."""

from typing import Final

from application.content.encoding import VideoTooLong, VideoTooShort
from application.kernel.video import VideoEmpty, VideoTooLarge, VideoTruncated
from domain.content.events import Rejection
from domain.kernel import Rejected


class FileChanged(Rejected):
    """The file is not the one that was checked. Upload it again."""

    code = "content.file_changed"
    kind = "invalid"


REJECTIONS: Final[dict[str, Rejection]] = {
    VideoTooShort.code: "too_short",
    VideoTooLong.code: "too_long",
    VideoTooLarge.code: "too_many_pixels",
    VideoEmpty.code: "no_video",
    VideoTruncated.code: "damaged",
    FileChanged.code: "checksum_differs",
}
"""Reasons by the code of the decoder's or encoder's refusal."""


def rejection_of(refusal: Rejected) -> Rejection:
    """Return the reason for the trainer."""
    return REJECTIONS.get(refusal.code, "not_encodable")
