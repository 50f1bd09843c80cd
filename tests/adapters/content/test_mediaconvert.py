"""Job documents of AWS Elemental MediaConvert, validated offline (R-CON-04)."""

from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest

from adapters.content.mediaconvert import JobInvalidError, build_job, validate_job
from application.content.encoding import SourceVideo, plan_units


def job(*, has_audio: bool = True) -> dict[str, Any]:
    source = SourceVideo(
        width=1920, height=1080, rate=Fraction(30), duration_s=60.0, has_audio=has_audio
    )
    return build_job(
        role="arn:aws:iam::123456789012:role/encoder",
        source="s3://uploads/video",
        destination="s3://videos/lesson",
        units=plan_units(source),
        token="0123456789abcdef",  # noqa: S106  a key of idempotency
    )


def test_the_job_has_the_ladder_and_the_sound_once() -> None:
    streams = job()["Settings"]["OutputGroups"][0]
    assert [output["NameModifier"] for output in streams["Outputs"]] == [
        "-h264-480",
        "-h264-720",
        "-h264-1080",
        "-av1-480",
        "-av1-720",
        "-av1-1080",
        "-audio",
    ]
    settings = streams["OutputGroupSettings"]["CmafGroupSettings"]
    assert settings["WriteHlsManifest"] == settings["WriteDashManifest"] == "ENABLED"


def test_thumbnails_are_a_separate_output() -> None:
    thumbnails = job()["Settings"]["OutputGroups"][1]["Outputs"][0]
    assert thumbnails["VideoDescription"]["CodecSettings"]["Codec"] == "FRAME_CAPTURE"


def test_a_silent_video_selects_no_sound() -> None:
    settings = job(has_audio=False)["Settings"]
    assert "AudioSelectors" not in settings["Inputs"][0]
    assert len(settings["OutputGroups"][0]["Outputs"]) == 6


def test_the_same_video_gives_the_same_job() -> None:
    assert job() == job()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("Role",), None),
        (("Settings", "Inputs", 0, "FileInput"), 7),
        (("Settings", "Inputs", 0, "Colour"), "red"),
        (("Settings", "Inputs", 0, "TimecodeSource"), "SUNDIAL"),
        (("Settings", "OutputGroups", 0, "Outputs", 0, "VideoDescription", "Width"), "wide"),
    ],
)
def test_documents_of_another_form_are_refused(path: tuple[Any, ...], value: object) -> None:
    document = deepcopy(job())
    *parents, last = path
    parent: Any = document
    for each in parents:
        parent = parent[each]
    parent[last] = value
    with pytest.raises(JobInvalidError):
        validate_job(document)
