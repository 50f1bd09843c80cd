"""Ladder of renditions (R-CON-05): from 480p to 2160p, never above the video."""

from fractions import Fraction

import pytest

from application.content.encoding import EncodingUnit, SourceVideo, constant_rate, plan_units


def video(width: int, height: int, *, has_audio: bool = True) -> SourceVideo:
    return SourceVideo(
        width=width, height=height, rate=Fraction(30), duration_s=60.0, has_audio=has_audio
    )


def sizes(source: SourceVideo) -> list[tuple[int, int]]:
    return [(unit.width, unit.height) for unit in plan_units(source) if unit.codec == "h264"]


def test_a_video_in_4k_has_all_renditions() -> None:
    assert sizes(video(3840, 2160)) == [
        (854, 480),
        (1280, 720),
        (1920, 1080),
        (2560, 1440),
        (3840, 2160),
    ]


def test_no_rendition_is_larger_than_the_video() -> None:
    assert sizes(video(1280, 720)) == [(854, 480), (1280, 720)]
    assert sizes(video(1300, 700)) == [(892, 480)]


def test_the_shorter_side_counts_in_a_video_held_upright() -> None:
    assert sizes(video(1080, 1920)) == [(480, 854), (720, 1280), (1080, 1920)]


@pytest.mark.parametrize(
    ("size", "encoded"), [((321, 241), (320, 240)), ((161, 121), (160, 120)), ((2, 400), (2, 400))]
)
def test_a_small_video_keeps_its_size_in_even_numbers(
    size: tuple[int, int], encoded: tuple[int, int]
) -> None:
    assert sizes(video(*size)) == [encoded]


@pytest.mark.parametrize(
    ("size", "codecs"),
    [
        ((4000, 16), ["h264"]), ((16, 320), ["h264"]), ((400, 63), ["h264"]),
        ((400, 64), ["h264", "av1"]),
    ],
)  # fmt: skip
def test_a_video_that_is_too_low_for_av1_has_h264_only(
    size: tuple[int, int], codecs: list[str]
) -> None:
    """R-CON-04: its encoder never ends for some of these sizes, and other videos would wait."""
    units = plan_units(video(*size))
    assert [unit.codec for unit in units if unit.kind == "video"] == codecs


def test_what_a_viewer_needs_first_is_done_first() -> None:
    names = [unit.name for unit in plan_units(video(1280, 720))]
    assert names == ["pictures", "audio", "h264-480", "h264-720", "av1-480", "av1-720"]


def test_a_silent_video_has_no_sound_to_encode() -> None:
    assert all(unit.kind != "audio" for unit in plan_units(video(640, 480, has_audio=False)))


@pytest.mark.parametrize(
    ("measured", "constant"),
    [
        (Fraction(30), Fraction(30)),
        (Fraction(30000, 1001), Fraction(30000, 1001)),
        (Fraction(2985, 100), Fraction(30000, 1001)),
        (Fraction(17), Fraction(24000, 1001)),
        (Fraction(120), Fraction(60)),
        (Fraction(1), Fraction(5)),
    ],
)
def test_the_rate_is_a_common_one_that_loses_no_frames(
    measured: Fraction, constant: Fraction
) -> None:
    assert constant_rate(measured) == constant


def test_segments_last_four_seconds() -> None:
    unit = EncodingUnit(name="h264-480", kind="video", rate=Fraction(30000, 1001))
    assert unit.frames_per_segment == 120
