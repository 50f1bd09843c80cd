"""Upload of videos for analysis in the background."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, File, Form, Header, Request, Response, UploadFile
from starlette.exceptions import HTTPException

from api.caller import CurrentCaller, NewId
from api.encrypted_forms import EncryptedForms
from api.idempotency import IdempotencyKeyReused
from api.middleware.http import UPLOAD_PATH
from api.problem_details import FieldError, Unprocessable, problem_responses
from api.unstorable_text import UNSTORABLE_TEXT, is_unstorable
from api.views.jobs import Job
from application.analysis.jobs import AnalysisJob
from application.analysis.quotas import UploadQuotaExceeded
from application.caller import Caller
from application.privacy.consents import ConsentMissing
from application.users.resource_access import athlete_of, require_consent
from domain.kernel import Rejected
from domain.motion.exercises.library import get_exercise
from domain.values import UnknownExercise

router = APIRouter(
    route_class=EncryptedForms,
    tags=["sessions"],
    responses=problem_responses(403, 413, 415, 422, 429, 503),
)

NAMESPACE: Final = UUID("0192f0c4-5d1e-7c3a-9a44-6b1f3e2d8c02")
"""Namespace of job ids, so that the same `Idempotency-Key` always leads to the same job."""

ATHLETE: Final = "athlete"
"""Athlete of an upload if sign-in is not required and no athlete is named."""


class AnotherSite(Rejected):
    """Pages of other sites may not upload videos."""

    code = "request.another_site"
    kind = "forbidden"


def _own_forms_only(request: Request) -> None:
    """Reject forms of other sites, and bodies of other types with 415 instead of missing fields.

    Browsers let any page send forms to any site, but name the page's site in `Sec-Fetch-Site`
    (https://www.w3.org/TR/fetch-metadata/). Programs leave it out.
    """
    if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        raise AnotherSite
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(415, "A video is sent as multipart/form-data, in the field `video`.")


@router.post(
    UPLOAD_PATH,
    operation_id="analyzeVideo",
    summary="Ask for the analysis of a workout video",
    status_code=202,
    dependencies=[Depends(_own_forms_only)],
    responses={202: {"headers": {"Location": {"schema": {"type": "string"}}}}},
)
def analyze(
    *,
    caller: CurrentCaller,
    response: Response,
    video: Annotated[UploadFile, File(description="The video, in any format FFmpeg reads.")],
    exercise: Annotated[str, Form(description="Its id; empty to have it recognized.")] = "",
    athlete: Annotated[
        NewId | None, Form(description="Id of the athlete. Default: the signed-in user.")
    ] = None,
    name: Annotated[str, Form(max_length=200, description="Name of the recording.")] = "",
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            description="Retries with the same key return the same job.",
        ),
    ] = None,
) -> Job:
    """Store the video and return its analysis job."""
    who = athlete_of(caller, athlete, ATHLETE)
    require_consent(caller, who, "images_leave_device")
    _check(caller, video, exercise, name)
    job_id = _job_id(caller, who, idempotency_key)
    new_job = AnalysisJob(
        id=job_id,
        tenant_id=caller.tenant_id,
        athlete_id=who,
        exercise=exercise or None,
        name=name or Path(video.filename or "").name,
        video="",
        correlation_id=caller.correlation_id,
        created_at=caller.platform.clock(),
        size=video.size or 0,
    )
    jobs, pending = caller.platform.jobs, caller.platform.pending_uploads
    try:
        jobs.require_room(new_job)
        with pending.noted(new_job.tenant_id, who, new_job.prefix, new_job.created_at):
            new_job = replace(new_job, video=_stored(caller, video, new_job))
            job = jobs.submit(new_job)
    except UploadQuotaExceeded as full:
        again = {"Retry-After": str(full.retry_after_s)}
        raise HTTPException(429, full.detail, headers=again) from full
    if (job.video, job.exercise, job.name) != (new_job.video, new_job.exercise, new_job.name):
        raise IdempotencyKeyReused
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return Job.of(job)


def _check(caller: Caller, video: UploadFile, exercise: str, name: str) -> None:
    """Reject input that would only fail later."""
    if is_unstorable([name, video.filename]):
        raise Unprocessable(_at("name", UNSTORABLE_TEXT, "text_lost"))
    kind = video.content_type or "application/octet-stream"
    if not kind.startswith("video/") and kind != "application/octet-stream":
        raise HTTPException(415, f"{kind} is not a video.")
    if not video.size:
        raise Unprocessable(_at("video", "The file is empty. Choose another video.", "video.empty"))
    limit = caller.platform.max_upload_bytes
    if video.size > limit:
        raise HTTPException(413, f"The video is larger than {limit / 1e6:.0f} MB.")
    try:
        if exercise:
            get_exercise(exercise)
    except UnknownExercise as unknown:
        raise Unprocessable(_at("exercise", unknown.detail, unknown.code)) from unknown


def _at(field: str, detail: str, code: str) -> FieldError:
    return FieldError(pointer=f"#/{field}", location="body", detail=detail, code=code)


def _job_id(caller: Caller, athlete: str, key: str | None) -> UUID:
    if key is None:
        return caller.platform.new_id()
    return uuid5(NAMESPACE, f"{caller.tenant_id}\x1f{athlete}\x1f{key}")


def _stored(caller: Caller, video: UploadFile, job: AnalysisJob) -> str:
    """Store the upload, an unnamed file on disk, under the job's prefix.

    That can last longer than the erasure of the athlete, who has no consents afterwards.
    """
    media = caller.platform.media
    digest = media.put_stream(job.tenant_id, video.file, prefix=job.prefix, subject=job.athlete_id)
    try:
        require_consent(caller, job.athlete_id, "images_leave_device")
    except ConsentMissing:
        media.clear(job.tenant_id, job.prefix)
        raise
    return digest
