"""Reports of errors in web pages. They have no free text, so they cannot hold personal data."""

from typing import Annotated, Literal

from pydantic import Field

from api.views.base import StrictBody

ErrorKind = Literal["camera", "model", "storage", "unhandled"]


class ClientError(StrictBody):
    """An error of a page: what failed, and where."""

    kind: ErrorKind
    name: Annotated[
        str,
        Field(
            max_length=64,
            pattern=r"^[A-Za-z][A-Za-z0-9_.]*$",
            description="Class or code of the error, without its message.",
            examples=["NotAllowedError"],
        ),
    ]
    page: Annotated[
        str,
        Field(
            max_length=64,
            pattern=r"^/([a-z_]+\.html)?$",
            description="Path of the page, without ids.",
            examples=["/pose_realtime.html"],
        ),
    ]
    script: Annotated[
        str | None,
        Field(
            max_length=128,
            pattern=r"^/static/[A-Za-z0-9_/.@-]+\.m?js$",
            description="Script of this server that failed.",
            examples=["/static/assets/pose_realtime-DNvVItte.js"],
        ),
    ] = None
    line: Annotated[
        int | None, Field(ge=0, le=10_000_000, description="Line of the script, from 1.")
    ] = None
    column: Annotated[
        int | None, Field(ge=0, le=10_000_000, description="Column of the line, from 1.")
    ] = None
