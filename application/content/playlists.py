"""Playlists of a video: HLS (RFC 8216) and DASH (ISO 23009-1) over the same files.

Segments are byte ranges of one file for each track, so both name the same bytes. All addresses are
relative: they hold wherever the files are.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil
from typing import Final
from xml.etree import ElementTree as ET

from application.content.encoding import Segment, Storyboard, Track

HLS_MASTER: Final = "master.m3u8"
DASH: Final = "manifest.mpd"
AUDIO: Final = "audio"

DASH_NAMESPACE: Final = "urn:mpeg:dash:schema:mpd:2011"
DASH_PROFILE: Final = "urn:mpeg:dash:profile:isoff-main:2011"
TIMESCALE: Final = 90_000


def file_name(unit: str) -> str:
    """Return the name of a track's file."""
    return f"{unit}.mp4"


def hls_playlist(track: Track) -> str:
    """Return the HLS playlist of a track."""
    longest = ceil(max(each.duration_s for each in track.segments))
    lines = [
        *("#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{longest}"),
        *("#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-INDEPENDENT-SEGMENTS"),
        f'#EXT-X-MAP:URI="{file_name(track.unit)}",BYTERANGE="{track.init_size}@0"',
    ]
    for each in track.segments:
        lines += [
            f"#EXTINF:{each.duration_s:.6f},",
            f"#EXT-X-BYTERANGE:{each.size}@{each.offset}",
            file_name(track.unit),
        ]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def hls_master(videos: Sequence[Track], audio: Track | None) -> str:
    """Return the HLS playlist that names all renditions, the smallest of each codec first."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if audio is not None:
        lines.append(
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{AUDIO}",NAME="{AUDIO}",DEFAULT=YES,AUTOSELECT=YES,'
            f'CHANNELS="2",URI="{AUDIO}.m3u8"'
        )
    for video in videos:
        codecs, peak, average = video.codecs, video.peak_bits_per_s, video.average_bits_per_s
        if audio is not None:
            codecs = f"{codecs},{audio.codecs}"
            peak, average = peak + audio.peak_bits_per_s, average + audio.average_bits_per_s
        stream = (
            f"#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},"
            f'CODECS="{codecs}",RESOLUTION={video.width}x{video.height},'
            f"FRAME-RATE={float(video.rate):.3f}"
        )
        lines += [stream if audio is None else f'{stream},AUDIO="{AUDIO}"', f"{video.unit}.m3u8"]
    return "\n".join([*lines, ""])


def dash_manifest(videos: Sequence[Track], audio: Track | None) -> str:
    """Return the DASH manifest: an adaptation set for each codec, and one for the sound."""
    duration_s = max(each.duration_s for each in (*videos, *([audio] if audio else [])))
    longest_s = max(segment.duration_s for each in videos for segment in each.segments)
    root = ET.Element(
        "MPD",
        xmlns=DASH_NAMESPACE,
        profiles=DASH_PROFILE,
        type="static",
        mediaPresentationDuration=_seconds(duration_s),
        minBufferTime=_seconds(longest_s),
    )
    period = ET.SubElement(root, "Period", id="0", duration=_seconds(duration_s))
    for codec in dict.fromkeys(each.unit.partition("-")[0] for each in videos):
        of_codec = [each for each in videos if each.unit.startswith(f"{codec}-")]
        _adaptation_set(period, "video", of_codec)
    if audio is not None:
        _adaptation_set(period, "audio", [audio])
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _adaptation_set(period: ET.Element, kind: str, tracks: Iterable[Track]) -> None:
    group = ET.SubElement(
        period,
        "AdaptationSet",
        contentType=kind,
        mimeType=f"{kind}/mp4",
        segmentAlignment="true",
        startWithSAP="1",
    )
    for track in tracks:
        form = {"id": track.unit, "bandwidth": str(track.peak_bits_per_s), "codecs": track.codecs}
        if kind == "video":
            rate = track.rate
            form |= {"width": str(track.width), "height": str(track.height), "sar": "1:1"}
            form["frameRate"] = f"{rate.numerator}/{rate.denominator}"
        else:
            form["audioSamplingRate"] = "48000"
        representation = ET.SubElement(group, "Representation", form)
        ET.SubElement(representation, "BaseURL").text = file_name(track.unit)
        _segment_list(representation, track)


def _segment_list(representation: ET.Element, track: Track) -> None:
    segments = ET.SubElement(representation, "SegmentList", timescale=str(TIMESCALE))
    ET.SubElement(segments, "Initialization", range=f"0-{track.init_size - 1}")
    timeline = ET.SubElement(segments, "SegmentTimeline")
    for start, length in _ticks(track.segments):
        ET.SubElement(timeline, "S", t=str(start), d=str(length))
    for each in track.segments:
        ET.SubElement(segments, "SegmentURL", mediaRange=_range(each))


def _ticks(segments: Iterable[Segment]) -> Iterable[tuple[int, int]]:
    """Yield start and length of each segment, without gaps by rounding."""
    end_s, start = Fraction(0), 0
    for each in segments:
        end_s += Fraction(each.duration_s)
        end = round(end_s * TIMESCALE)
        yield start, end - start
        start = end


def _range(segment: Segment) -> str:
    return f"{segment.offset}-{segment.offset + segment.size - 1}"


def _seconds(seconds: float) -> str:
    return f"PT{seconds:.3f}S"


def storyboard_cues(board: Storyboard, duration_s: float, image: str) -> str:
    """Return the WebVTT that names the part of the storyboard's image for each time."""
    cues = ["WEBVTT", ""]
    for number in range(board.count):
        start_s = number * board.every_s
        end_s = duration_s if number + 1 == board.count else start_s + board.every_s
        row, column = divmod(number, board.columns)
        place = f"{column * board.tile_width},{row * board.tile_height}"
        cues += [
            f"{cue_time(start_s)} --> {cue_time(end_s)}",
            f"{image}#xywh={place},{board.tile_width},{board.tile_height}",
            "",
        ]
    return "\n".join(cues)


def cue_time(seconds: float) -> str:
    """Return a time as WebVTT writes it."""
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{milliseconds / 1000:06.3f}"
