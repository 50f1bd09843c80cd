"""Ladder of renditions (R-CON-05): from 480p to 2160p, never above the film."""

from fractions import Fraction

import pytest

from application.content.encoding import EncodingUnit, SourceFilm, constant_rate, plan_units


def film(width: int, height: int, *, has_audio: bool = True) -> SourceFilm:
    return SourceFilm(
        width=width, height=height, rate=Fraction(30), duration_s=60.0, has_audio=has_audio
    )


def sizes(source: SourceFilm) -> list[tuple[int, int]]:
    return [(unit.width, unit.height) for unit in plan_units(source) if unit.codec == "h264"]


def test_a_film_in_4k_has_all_renditions() -> None:
    assert sizes(film(3840, 2160)) == [
        (854, 480),
        (1280, 720),
        (1920, 1080),
        (2560, 1440),
        (3840, 2160),
    ]


def test_no_rendition_is_larger_than_the_film() -> None:
    assert sizes(film(1280, 720)) == [(854, 480), (1280, 720)]
    assert sizes(film(1300, 700)) == [(892, 480)]


def test_the_shorter_side_counts_in_a_film_held_upright() -> None:
    assert sizes(film(1080, 1920)) == [(480, 854), (720, 1280), (1080, 1920)]


@pytest.mark.parametrize(
    ("size", "encoded"), [((321, 241), (320, 240)), ((161, 121), (160, 120)), ((2, 400), (2, 400))]
)
def test_a_small_film_keeps_its_size_in_even_numbers(
    size: tuple[int, int], encoded: tuple[int, int]
) -> None:
    assert sizes(film(*size)) == [encoded]


@pytest.mark.parametrize(
    ("size", "codecs"),
    [
        ((4000, 16), ["h264"]), ((16, 320), ["h264"]), ((400, 63), ["h264"]),
        ((400, 64), ["h264", "av1"]),
    ],
)  # fmt: skip
def test_a_film_that_is_too_low_for_av1_has_h264_only(
    size: tuple[int, int], codecs: list[str]
) -> None:
    """R-CON-04: its encoder never ends for some of these sizes, and other films would wait."""
    units = plan_units(film(*size))
    assert [unit.codec for unit in units if unit.kind == "video"] == codecs


def test_what_a_viewer_needs_first_is_done_first() -> None:
    names = [unit.name for unit in plan_units(film(1280, 720))]
    assert names == ["pictures", "audio", "h264-480", "h264-720", "av1-480", "av1-720"]


def test_a_silent_film_has_no_sound_to_encode() -> None:
    assert all(unit.kind != "audio" for unit in plan_units(film(640, 480, has_audio=False)))


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
