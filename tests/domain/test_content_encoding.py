"""Units of work on a video, by given, when and then (R-CON-04)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.content.encoding import (
    CONTENT_ENCODING,
    BeginEncoding,
    Begun,
    EncodingBegun,
    EncodingBegunAgain,
    EncodingNotBegun,
    NoteUnit,
    SourceFacts,
    UnitDone,
    UnitFiles,
)
from domain.ids import ContentId
from domain.values import InvalidValue
from tests.specification import specification

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
DIGEST, INDEX = "ab" * 32, "cd" * 32
SOURCE = SourceFacts(1920, 1080, 30, 1, 60_000, has_audio=True)
SQUATS = ContentId("squats")

BEGIN = BeginEncoding(content_id=SQUATS, number=1, source=SOURCE, settings=1, at=AT)
NOTE = NoteUnit(beginning=1, unit="h264-480", digest=DIGEST, index=INDEX, size=7, at=AT)
BEGUN = EncodingBegun(content_id=SQUATS, number=1, source=SOURCE, settings=1, at=AT)
DONE = UnitDone(unit="h264-480", digest=DIGEST, index=INDEX, size=7, at=AT)
given = specification(CONTENT_ENCODING)


def test_encoding_begins_once() -> None:
    given().when(BEGIN).then(BEGUN)
    given(BEGUN, DONE).when(BEGIN).then_nothing()


def test_other_settings_begin_again_without_the_units_that_were_done() -> None:
    given(BEGUN, DONE).when(replace(BEGIN, settings=2)).then(replace(BEGUN, settings=2))
    assert CONTENT_ENCODING.fold([BEGUN, DONE, replace(BEGUN, settings=2)]) == Begun(
        SOURCE, 2, beginning=2
    )


def test_a_unit_is_done_once() -> None:
    given(BEGUN).when(NOTE).then(DONE)
    given(BEGUN, DONE).when(replace(NOTE, digest=INDEX)).then_nothing()
    state = CONTENT_ENCODING.fold([BEGUN, DONE])
    assert isinstance(state, Begun)
    assert state.done == {"h264-480": UnitFiles(DIGEST, INDEX)}


def test_a_unit_of_an_earlier_beginning_is_refused() -> None:
    again = replace(BEGUN, settings=2)
    given(BEGUN, again).when(NOTE).then_rejected(EncodingBegunAgain)
    given(BEGUN, again).when(replace(NOTE, beginning=2)).then(DONE)


def test_units_belong_to_a_video_that_was_inspected() -> None:
    given().when(NOTE).then_rejected(EncodingNotBegun)


def test_files_have_the_names_of_their_content() -> None:
    with pytest.raises(InvalidValue):
        replace(NOTE, digest="../../etc/passwd")
