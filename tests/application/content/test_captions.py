"""Captions: WebVTT that is checked before viewers get it."""

import pytest

from application.content.captions import MAX_BYTES, CaptionsInvalid, check_captions

VALID = """WEBVTT - lesson

NOTE of the translator

first
00:01.000 --> 00:02.500 align:start line:85%
Stand with your feet <b>apart</b>.
<v Ada>Breathe in.

01:00:03.000 --> 01:00:04.000
Приседайте & вставайте.
"""


def test_valid_captions_keep_their_cues() -> None:
    checked = check_captions(VALID.replace("\n", "\r\n").encode("utf-8-sig"))
    assert checked.startswith("WEBVTT\n\nNOTE")
    assert "\r" not in checked
    assert checked.count("-->") == 2
    assert check_captions(checked.encode()) == checked


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1\n00:01.000 --> 00:02.000\nHello\n", "begin with the line WEBVTT"),
        ("WEBVTT\n\n", "no cue"),
        ("WEBVTT\n00:01.000 --> 00:02.000\nHello\n", "Line 2"),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\nHello\n", "Line 3: a cue has the times"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nHello\n", "ends before"),
        ("WEBVTT\n\n00:0\u0661.000 --> 00:0\u0665.000\nHello\n", "Line 3: a cue has the times"),
        ("WEBVTT\n\n00:61.000 --> 01:02.000\nHello\n", "Line 3"),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\nA\n\n00:01.000 --> 00:02.000\nB\n", "Line 6"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<script>alert(1)</script>\n", "Line 4 has a tag"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<img src=x onerror=y>\n", "Line 4 has a tag"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nA\n00:03.000 --> 00:04.000\nB\n", "Line 5"),
        ("WEBVTT\n\nHello\n", "Line 3 is neither"),
        ("WEBVTT\n\n00:11.000 --> 00:12.000\nHello\n", "after the end of the video"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nA\0B\n", "null"),
        ("WEBVTT\n\nNOTE\n1\n00:01.000 --> 00:02.000\n<script>alert(1)</script>\n", "Line 5"),
        ("WEBVTT\n\nSTYLE\n::cue { background: URL (//e.example) }\n", "Line 3: styles"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n", "Line 3: the cue has no text"),
        ("WEBVTT\n\n1\n00:01.000 --> 00:02.000\n  \t\n", "Line 4: the cue has no text"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<b>&nbsp;</b>\n", "Line 3: the cue has no text"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\u200b\n", "Line 3: the cue has no text"),
        ("WEBVTT\n\nSTYLE\n@import '//e.example';\n", "Line 3: styles"),
        ("WEBVTT\n\nSTYLE\n::cue { background: image-set('//e.example' 1x) }\n", "Line 3: styles"),
        ("WEBVTT\n\nSTYLE\n::cue { background: \\75rl(//e.example) }\n", "Line 3: styles"),
    ],
)
def test_other_files_are_refused_with_the_line(text: str, problem: str) -> None:
    with pytest.raises(CaptionsInvalid, match=problem):
        check_captions(text.encode(), duration_s=10.0)


@pytest.mark.parametrize("content", [b"WEBVTT\n\n\xff\xfe", b"WEBVTT" + b" " * MAX_BYTES])
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(CaptionsInvalid):
        check_captions(content)
