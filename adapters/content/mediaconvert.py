"""Job documents of AWS Elemental MediaConvert (R-CON-04), with the ladder of our own encoder.

The document is validated against botocore's model of the service before it is sent. MediaConvert
writes one file for each track, as our encoder does, and both playlists.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import botocore.session  # type: ignore[import-untyped]  # no type stubs
from botocore.validate import ParamValidator  # type: ignore[import-untyped]  # as above

from application.content.encoding import SEGMENT_S, EncodingUnit

API_VERSION: Final = "2017-08-29"
LOUDNESS_LKFS: Final = -16
TRUE_PEAK_DBTP: Final = -1.5
QUALITY: Final = 7
BITS_PER_PIXEL: Final = {"h264": 0.12, "av1": 0.06}
LEAST_BITS_PER_S: Final = 200_000
THUMBNAILS: Final = 3


class JobInvalidError(Exception):
    """A job document does not have the form that MediaConvert accepts."""


def build_job(
    *,
    role: str,
    source: str,
    destination: str,
    units: Iterable[EncodingUnit],
    token: str,
) -> dict[str, Any]:
    """Return the request that starts a job. `token` makes repeated requests start it once.

    `source` and `destination` are addresses such as `s3://bucket/key`. Raises JobInvalidError.
    """
    videos = [unit for unit in units if unit.codec is not None]
    has_audio = any(unit.kind == "audio" for unit in units)
    outputs = [_video_output(unit) for unit in videos]
    if has_audio:
        outputs.append(_audio_output())
    job: dict[str, Any] = {
        "Role": role,
        "ClientRequestToken": token,
        "StatusUpdateInterval": "SECONDS_10",
        "Settings": {
            "TimecodeConfig": {"Source": "ZEROBASED"},
            "Inputs": [_input(source, has_audio=has_audio)],
            "OutputGroups": [_streams(destination, outputs), _thumbnails(destination)],
        },
    }
    validate_job(job)
    return job


def validate_job(job: Mapping[str, Any]) -> None:
    """Check a document against the service's model. Raises JobInvalidError."""
    botocore_session: Any = botocore.session
    validator: Any = ParamValidator()
    model = botocore_session.get_session().get_service_model("mediaconvert", API_VERSION)
    shape = model.operation_model("CreateJob").input_shape
    report = validator.validate(job, shape)
    problems = [report.generate_report()] if report.has_errors() else []
    problems += _unknown_words(job, shape, "")
    if problems:
        raise JobInvalidError("; ".join(problems))


def _unknown_words(value: Any, shape: Any, path: str) -> list[str]:
    """Return the words that are none of the model's; botocore leaves them to the service."""
    if shape.type_name == "structure":
        return [
            problem
            for name, each in value.items()
            if name in shape.members
            for problem in _unknown_words(each, shape.members[name], f"{path}.{name}")
        ]
    if shape.type_name == "list":
        return [problem for each in value for problem in _unknown_words(each, shape.member, path)]
    words = getattr(shape, "enum", None)
    return [f"{path} is {value!r}, not one of {words}"] if words and value not in words else []


def _input(source: str, *, has_audio: bool) -> dict[str, Any]:
    described: dict[str, Any] = {
        "FileInput": source,
        "TimecodeSource": "ZEROBASED",
        "VideoSelector": {"Rotate": "AUTO"},
    }
    if has_audio:
        described["AudioSelectors"] = {"Audio Selector 1": {"DefaultSelection": "DEFAULT"}}
    return described


def _streams(destination: str, outputs: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "Name": "streams",
        "OutputGroupSettings": {
            "Type": "CMAF_GROUP_SETTINGS",
            "CmafGroupSettings": {
                "Destination": f"{destination}/master",
                "SegmentControl": "SINGLE_FILE",
                "SegmentLength": round(SEGMENT_S),
                "FragmentLength": round(SEGMENT_S),
                "WriteHlsManifest": "ENABLED",
                "WriteDashManifest": "ENABLED",
            },
        },
        "Outputs": outputs,
    }


def _video_output(unit: EncodingUnit) -> dict[str, Any]:
    codec = unit.codec or "h264"
    pixels_per_s = unit.width * unit.height * float(unit.rate)
    settings: dict[str, Any] = {
        "RateControlMode": "QVBR",
        "QvbrSettings": {"QvbrQualityLevel": QUALITY},
        "MaxBitrate": max(LEAST_BITS_PER_S, round(pixels_per_s * BITS_PER_PIXEL[codec])),
        "FramerateControl": "SPECIFIED",
        "FramerateNumerator": unit.rate.numerator,
        "FramerateDenominator": unit.rate.denominator,
        "GopSize": float(unit.frames_per_segment),
    }
    if codec == "h264":
        settings |= {"GopSizeUnits": "FRAMES", "SceneChangeDetect": "DISABLED"}
    name = "Av1Settings" if codec == "av1" else "H264Settings"
    return {
        "NameModifier": f"-{unit.name}",
        "ContainerSettings": {"Container": "CMFC"},
        "VideoDescription": {
            "Width": unit.width,
            "Height": unit.height,
            "CodecSettings": {"Codec": "AV1" if codec == "av1" else "H_264", name: settings},
        },
    }


def _audio_output() -> dict[str, Any]:
    return {
        "NameModifier": "-audio",
        "ContainerSettings": {"Container": "CMFC"},
        "AudioDescriptions": [
            {
                "AudioSourceName": "Audio Selector 1",
                "AudioNormalizationSettings": {
                    "Algorithm": "ITU_BS_1770_4",
                    "AlgorithmControl": "CORRECT_AUDIO",
                    "PeakCalculation": "TRUE_PEAK",
                    "TargetLkfs": LOUDNESS_LKFS,
                    "TruePeakLimiterThreshold": TRUE_PEAK_DBTP,
                },
                "CodecSettings": {
                    "Codec": "AAC",
                    "AacSettings": {
                        "Bitrate": 128_000,
                        "CodingMode": "CODING_MODE_2_0",
                        "SampleRate": 48_000,
                    },
                },
            }
        ],
    }


def _thumbnails(destination: str) -> dict[str, Any]:
    return {
        "Name": "thumbnails",
        "OutputGroupSettings": {
            "Type": "FILE_GROUP_SETTINGS",
            "FileGroupSettings": {"Destination": f"{destination}/thumbnail"},
        },
        "Outputs": [
            {
                "ContainerSettings": {"Container": "RAW"},
                "VideoDescription": {
                    "Width": 320,
                    "CodecSettings": {
                        "Codec": "FRAME_CAPTURE",
                        "FrameCaptureSettings": {
                            "FramerateNumerator": 1,
                            "FramerateDenominator": 10,
                            "MaxCaptures": THUMBNAILS,
                            "Quality": 80,
                        },
                    },
                },
            }
        ],
    }
