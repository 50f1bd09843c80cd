"""Examples of the events of content items."""

from datetime import UTC, datetime
from typing import Any, Final

from domain.content import encoding, events, viewing
from domain.content import lesson_events as lessons
from domain.ids import ContentId, ExerciseId, PlanId, UserId, WorkoutId
from domain.personal import Personal
from domain.values import Span, Tempo

ADA = UserId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6071")
AT = datetime(2030, 1, 1, 7, 30, 0, 123457, tzinfo=UTC)
LATER = datetime(2030, 1, 1, 8, 15, 30, tzinfo=UTC)
DIGEST = "0123456789abcdef" * 4
FILE = events.DeclaredFile(734_003_200, "video/mp4", DIGEST)
TITLE = Personal(ADA, "Squats for beginners")
VIDEO = ContentId("squats")
DESCRIPTION = Personal(ADA, "膝 & knees")

SQUATS = lessons.LessonExercise(
    exercise_id=ExerciseId("squat"),
    span=Span(12_000, 41_500),
    repetitions=8,
    targets=lessons.Targets(Tempo(2.0, 0.5, 1.0, 0.5), 98.5, 2.5),
)
PLANK = lessons.LessonExercise(
    exercise_id=ExerciseId("plank"), span=Span(60_000, 95_000), repetitions=None, held_s=35.0
)

EXAMPLES: Final[tuple[Any, ...]] = (
    events.UploadRequested(trainer_id=ADA, title=TITLE, description=DESCRIPTION, file=FILE, at=AT),
    events.ReplacementRequested(number=2, file=FILE, at=LATER),
    events.ContentDescribed(title=TITLE, description=DESCRIPTION, at=LATER),
    events.UploadEnded(number=1, reason="expired", at=LATER),
    events.ContentUploaded(number=1, size=734_003_200, at=LATER),
    events.ChecksPassed(number=1, media_type="video/mp4", duration_ms=600_040, at=LATER),
    events.ContentRejected(
        number=1,
        reason="malware_found",
        details=events.RejectionDetails(finding="Eicar-Test-Signature", at_ms=12_000),
        at=LATER,
    ),
    events.FileQuarantined(number=1, at=LATER),
    events.QuarantineRemoved(number=1, at=LATER),
    events.ContentEncoded(
        number=1,
        encoding=events.Encoding(600_040, (events.Rendition(854, 480, "h264", 1_400_000),), DIGEST),
        at=LATER,
    ),
    events.ContentReady(number=1, duration_ms=600_040, bitrates=(1_400_000,), at=LATER),
    events.ContentUnpublished(at=LATER),
    events.ContentRepublished(at=LATER),
    events.ContentTakenDown(reason="copyright", at=LATER),
    events.AudienceChanged(
        audience=events.Audience(is_free=True, plans=(PlanId("squats"),)), at=LATER
    ),
    events.CaptionsAdded(language="de", digest=DIGEST, at=LATER),
    events.CaptionsRemoved(language="de", at=LATER),
    events.CaptionDraftRequested(number=1, language="es", at=LATER),
    events.CaptionsDrafted(number=1, digest=DIGEST, at=LATER),
    events.CaptionPartRecognized(number=1, part=0, digest=DIGEST, at=LATER),
    events.CaptionDraftFailed(number=1, problem="no_speech", at=LATER),
    events.CaptionDraftDiscarded(number=1, at=LATER),
    events.ContentDeleted(at=LATER),
    encoding.EncodingBegun(
        content_id=ContentId("squats"),
        number=1,
        source=encoding.SourceFacts(1920, 1080, 30000, 1001, 600_040, has_audio=True),
        settings=1,
        at=AT,
    ),
    encoding.UnitDone(unit="h264-480", digest=DIGEST, index=DIGEST, size=70_012, at=LATER),
    lessons.AnalysisBegun(
        content_id=ContentId("squats"),
        number=1,
        model="pose_landmarker_full 1.01234567",
        at=AT,
    ),
    lessons.PieceExtracted(piece=0, digest=DIGEST, at=LATER),
    lessons.LessonAnalyzed(segments=(SQUATS, PLANK), at=LATER),
    lessons.AnalysisFailed(problem="nothing_recognized", at=LATER),
    lessons.SegmentAdded(segment=lessons.Segment(3, PLANK), at=LATER),
    lessons.SegmentChanged(segment=lessons.Segment(1, SQUATS), at=LATER),
    lessons.SegmentRemoved(segment=2, at=LATER),
    lessons.LessonConfirmed(at=LATER),
    lessons.WorkoutMade(workout_id=WorkoutId("legs"), at=LATER),
    viewing.ViewStarted(content_id=VIDEO, user_id=ADA, position_ms=0, at=AT),
    viewing.ViewMoved(content_id=VIDEO, user_id=ADA, position_ms=90_500, at=AT),
    viewing.PartReached(content_id=VIDEO, user_id=ADA, percent=25, position_ms=150_010, at=AT),
    viewing.ViewCompleted(content_id=VIDEO, user_id=ADA, position_ms=598_000, at=LATER),
)
