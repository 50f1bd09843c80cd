"""First check of an upload: format, size and quota, from what is declared."""

from dataclasses import dataclass
from typing import Final

from domain.content.events import DeclaredFile
from domain.kernel import Rejected

VIDEO_TYPES: Final = ("video/mp4", "video/quicktime", "video/webm", "video/x-matroska")
"""Formats that can be uploaded."""

GIBIBYTE: Final = 2**30


class FormatNotSupported(Rejected):
    """Upload the video as MP4, MOV, WebM or MKV."""

    code = "content.format_not_supported"
    kind = "invalid"


class FileTooLarge(Rejected):
    """The file is larger than the limit."""

    code = "content.too_large"
    kind = "invalid"


class ContentQuotaExceeded(Rejected):
    """There is no room for the file. Delete videos that you no longer need."""

    code = "content.quota_exceeded"
    kind = "conflict"


@dataclass(frozen=True, slots=True)
class ContentLimits:
    """Bytes of one file, and of all files of a trainer and of a tenant."""

    file: int
    trainer: int
    tenant: int

    def check(self, file: DeclaredFile) -> None:
        """Check format and size. Raises FormatNotSupported and FileTooLarge."""
        if file.media_type not in VIDEO_TYPES:
            raise FormatNotSupported
        if file.size > self.file:
            raise FileTooLarge(
                f"The file has {file.size / GIBIBYTE:.1f} GiB; the limit is"
                f" {self.file / GIBIBYTE:.1f} GiB. Upload a shorter or smaller video."
            )

    def check_room(self, size: int, trainer: int, tenant: int) -> None:
        """Check the bytes in use, of the trainer and the tenant. Raises ContentQuotaExceeded."""
        if trainer + size > self.trainer:
            raise ContentQuotaExceeded(
                f"Your videos would be larger than your quota of {self.trainer / GIBIBYTE:.1f} GiB."
                " Delete videos that you no longer need."
            )
        if tenant + size > self.tenant:
            raise ContentQuotaExceeded(
                "The videos of your organization would be larger than its quota of"
                f" {self.tenant / GIBIBYTE:.1f} GiB. Contact its administrators."
            )

    def check_quarantine(self, trainer: int, tenant: int) -> None:
        """Check the bytes of rejected files, which have as much room again as all videos.

        Raises ContentQuotaExceeded.
        """
        if trainer >= self.trainer or tenant >= self.tenant:
            owner = "of yours" if trainer >= self.trainer else "of your organization"
            raise ContentQuotaExceeded(
                f"Rejected files {owner}, which are kept for audits, are as large as the quota."
                " Upload again when the oldest were removed."
            )


UNLIMITED: Final = ContentLimits(2**63, 2**63, 2**63)
"""For tests of other rules."""
