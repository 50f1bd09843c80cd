"""Settings of the retention of data."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings


class RetentionSettings(BaseSettings):
    """The part of `Settings` that says how long data is kept; None keeps it forever."""

    retain_sign_ins_days: Annotated[int, Field(ge=1)] | None = Field(
        default=90, description="Days to keep ended sign-ins."
    )
    retain_jobs_days: Annotated[int, Field(ge=1)] | None = Field(
        default=30, description="Days to keep analysis jobs and their uploads."
    )
    retain_mails_days: Annotated[int, Field(ge=1)] | None = Field(
        default=30, description="Days to keep messages in the folder mail."
    )
    retain_quarantine_days: Annotated[int, Field(ge=1)] | None = Field(
        default=90, description="Days to keep trainers' files that failed a check."
    )
    retain_media_days: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Days to keep videos and landmarks; forever by default."
    )
    retain_inactive_days: Annotated[int, Field(ge=30)] | None = Field(
        default=None,
        description="Days without a sign-in after which an account is erased; never by default.",
    )
