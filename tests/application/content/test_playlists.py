"""Playlists of HLS and DASH over the same files (R-CON-04)."""

import re
from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree as ET

from application.content.encoding import Segment, Storyboard, Track
from application.content.playlists import (
    dash_manifest,
    hls_master,
    hls_playlist,
    storyboard_cues,
)

NAMES = {"dash": "urn:mpeg:dash:schema:mpd:2011"}


def video(unit: str, height: int, codecs: str = "avc1.64001f") -> Track:
    segments = (Segment(800, 40_000, 4.0), Segment(40_800, 5_000, 1.0))
    return Track(
        unit=unit,
        codecs=codecs,
        init_size=800,
        segments=segments,
        width=height * 4 // 3,
        height=height,
        rate=Fraction(30000, 1001),
    )


SMALL, LARGE = video("h264-480", 480), video("h264-720", 720)
MODERN = video("av1-480", 480, "av01.0.04M.08")
SOUND = Track(
    unit="audio", codecs="mp4a.40.2", init_size=700, segments=(Segment(700, 80_000, 5.0),)
)


def test_a_short_segment_at_the_end_does_not_raise_the_bandwidth() -> None:
    """R-CON-04: players choose renditions by it, and would choose a smaller one."""
    short = replace(SOUND, segments=(Segment(700, 80_000, 4.0), Segment(80_700, 1_000, 0.001)))
    assert short.peak_bits_per_s == 160_000


def test_hls_and_dash_name_the_same_bytes() -> None:
    ranges = re.findall(r"#EXT-X-BYTERANGE:(\d+)@(\d+)", hls_playlist(SMALL))
    in_hls = [f"{start}-{int(start) + int(size) - 1}" for size, start in ranges]
    manifest = ET.fromstring(dash_manifest([SMALL, LARGE, MODERN], SOUND))  # noqa: S314  our own
    path = ".//dash:Representation[@id='h264-480']//dash:SegmentURL"
    assert [each.get("mediaRange") for each in manifest.findall(path, NAMES)] == in_hls
    assert in_hls == ["800-40799", "40800-45799"]
    assert '#EXT-X-MAP:URI="h264-480.mp4",BYTERANGE="800@0"' in hls_playlist(SMALL)


def test_a_playlist_lasts_as_long_as_its_segments() -> None:
    lines = hls_playlist(SMALL).splitlines()
    assert [line for line in lines if line.startswith("#EXTINF")] == [
        "#EXTINF:4.000000,",
        "#EXTINF:1.000000,",
    ]
    assert "#EXT-X-TARGETDURATION:4" in lines
    assert lines[-1] == "#EXT-X-ENDLIST"


def test_the_master_playlist_describes_each_rendition() -> None:
    lines = hls_master([SMALL, LARGE, MODERN], SOUND).splitlines()
    streams = [line for line in lines if line.startswith("#EXT-X-STREAM-INF")]
    assert [line for line in lines if line.endswith(".m3u8")] == [
        "h264-480.m3u8",
        "h264-720.m3u8",
        "av1-480.m3u8",
    ]
    assert 'CODECS="av01.0.04M.08,mp4a.40.2",RESOLUTION=640x480,FRAME-RATE=29.970' in streams[2]
    # 40,000 bytes in 4 s, and the sound: 80,000 bytes in 5 s.
    assert "BANDWIDTH=208000,AVERAGE-BANDWIDTH=200000," in streams[0]
    assert any('TYPE=AUDIO,GROUP-ID="audio"' in line for line in lines)


def test_a_silent_video_has_no_group_of_sounds() -> None:
    master = hls_master([SMALL], None)
    assert "AUDIO" not in master
    assert 'CODECS="avc1.64001f",' in master
    assert "audio" not in dash_manifest([SMALL], None)


def test_dash_groups_renditions_by_codec_and_leaves_no_gap() -> None:
    manifest = ET.fromstring(dash_manifest([SMALL, LARGE, MODERN], SOUND))  # noqa: S314  our own
    groups = manifest.findall(".//dash:AdaptationSet", NAMES)
    assert [len(group.findall("dash:Representation", NAMES)) for group in groups] == [2, 1, 1]
    times = [
        (int(each.attrib["t"]), int(each.attrib["d"]))
        for each in groups[0].findall(".//dash:S", NAMES)
    ]
    assert times[:2] == [(0, 360_000), (360_000, 90_000)]
    assert manifest.get("mediaPresentationDuration") == "PT5.000S"


def test_storyboard_cues_name_a_part_of_the_image() -> None:
    board = Storyboard(tile_width=160, tile_height=90, columns=2, count=3, every_s=30.0)
    assert storyboard_cues(board, 80.0, "storyboard.jpg").splitlines() == [
        "WEBVTT",
        "",
        "00:00:00.000 --> 00:00:30.000",
        "storyboard.jpg#xywh=0,0,160,90",
        "",
        "00:00:30.000 --> 00:01:00.000",
        "storyboard.jpg#xywh=160,0,160,90",
        "",
        "00:01:00.000 --> 00:01:20.000",
        "storyboard.jpg#xywh=0,90,160,90",
    ]
