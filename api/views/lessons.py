"""Lessons: the exercises that trainers' videos show, and the trainers' corrections."""

from typing import Annotated, Final
from uuid import UUID, uuid5

from pydantic import Field

from api.views.base import Body, StrictBody, documented, write
from api.views.content import ContentWritten, own_content
from api.views.content_playback import open_content
from api.views.prescriptions import Name, Target, WorkoutWritten
from api.views.sessions import Tempo
from application.caller import ANONYMOUS, Caller
from application.content.items import require_item
from application.content.lesson_state import require_lesson
from application.content.lesson_workout import to_exercises
from application.content.playback import PLAYBACK_PREFIX
from application.content.pose_track import PIECE_S, piece_name
from application.kernel.command_handler import Request
from domain.content import lesson_commands as commands
from domain.content.lesson import LESSON, AnalysisStage
from domain.content.lesson import Lesson as State
from domain.content.lesson_events import LessonExercise, Targets
from domain.content.lesson_events import Segment as StoredSegment
from domain.ids import ExerciseId, WorkoutId
from domain.motion.exercises.library import get_exercise
from domain.values import Span, within
from domain.values import Tempo as TempoValue
from domain.workouts.commands import PrescribeWorkout
from domain.workouts.workout import WORKOUT

PROBLEMS: Final[dict[str, str]] = {
    "nobody_seen": "Nobody was found in the video.",
    "nothing_recognized": "No exercise was recognized. Add the exercises that the video shows.",
    "too_many_exercises": "The video has more than a hundred sets. Cut it into parts.",
    "not_decodable": "The pictures of the video could not be read.",
    "failed": "The analysis failed. Add the exercises that the video shows.",
}
"""Reasons of analyses without a result, for trainers."""

Degrees = Annotated[float, documented(minimum=0, maximum=commands.MAX_RANGE_DEG)]


TOLERANCE_MS: Final = 1000
"""Time by which a rendition can be longer than its video, as players show it."""


class LessonSegment(Body):
    """A part of a video that shows one set of an exercise."""

    number: int
    exercise_id: str
    start_ms: int
    end_ms: int
    repetitions: int | None = Field(description="Null for a hold.")
    held_s: float | None = Field(description="Seconds of a hold.")
    tempo: Tempo | None = Field(description="Median of the trainer's repetitions.")
    range_of_motion_deg: float | None = Field(description="Median of the trainer's repetitions.")
    range_spread_deg: float | None = Field(description="Median distance from the median range.")
    corrected: bool = Field(description="The trainer added or changed it.")

    @classmethod
    def of(cls, segment: StoredSegment, *, corrected: bool) -> "LessonSegment":
        """Convert a segment."""
        content, targets = segment.content, segment.content.targets
        return cls(
            number=segment.number,
            exercise_id=content.exercise_id,
            start_ms=content.span.start_ms,
            end_ms=content.span.end_ms,
            repetitions=content.repetitions,
            held_s=content.held_s,
            tempo=None if targets.tempo is None else Tempo.model_validate(targets.tempo),
            range_of_motion_deg=targets.range_of_motion_deg,
            range_spread_deg=targets.range_spread_deg,
            corrected=corrected,
        )


class Lesson(Body):
    """The exercises of the published version of a video."""

    content_id: str
    number: int = Field(description="The version of the video.")
    revision: int = Field(description="Rises with each change of the segments.")
    status: AnalysisStage
    problem: str | None = Field(description="Reason why the analysis failed.")
    problem_detail: str | None = Field(description="The reason in a sentence.")
    confirmed: bool = Field(description="The trainer confirmed the segments.")
    segments: tuple[LessonSegment, ...]
    workouts: tuple[str, ...] = Field(description="Workouts that were made of the lesson.")
    piece_s: float = Field(description="Seconds of a piece of the pose track.")
    pose_urls: tuple[str, ...] = Field(
        description="Signed links to the trainer's poses, one for each piece, in order."
    )

    @classmethod
    def of(cls, state: State, token: str) -> "Lesson":
        """Convert a lesson; `token` is of the links to its video."""
        pieces = range(len(state.pieces) if state.stage != "underway" else 0)
        return cls(
            content_id=state.content_id,
            number=state.number,
            revision=state.revision,
            status=state.stage,
            problem=state.problem,
            problem_detail=None if state.problem is None else PROBLEMS[state.problem],
            confirmed=state.confirmed,
            segments=tuple(
                LessonSegment.of(each, corrected=each.number in state.corrected)
                for each in state.segments
            ),
            workouts=state.workouts,
            piece_s=PIECE_S,
            pose_urls=tuple(f"{PLAYBACK_PREFIX}{token}/{piece_name(each)}" for each in pieces),
        )


def content_lesson(caller: Caller, content_id: str) -> Lesson:
    """Return the lesson of a video that the caller may watch.

    Raises ContentNotFound, ContentAccessRequired and LessonNotFound.
    """
    opened = open_content(caller, content_id)
    link = opened.link
    log = caller.platform.log
    lesson = require_lesson(log, link.tenant_id, link.content_id, link.number)
    return Lesson.of(lesson, opened.token)


class LessonRead(StrictBody):
    """The lesson that the trainer read; a change is refused unless it is the current one.

    `revision` counts the changes of one version's lesson, so two versions can have the same.
    """

    revision: int
    number: int | None = Field(
        default=None,
        description="The version of the video that was read; without it, the published one.",
    )


class AddLessonSegment(LessonRead):
    """A set of an exercise, with either `repetitions` or `heldS`.

    It is refused unless `revision` is the current one of the lesson.
    """

    exercise_id: str
    start_ms: int
    end_ms: int
    repetitions: Target | None = None
    held_s: Annotated[float, documented(minimum=1, maximum=commands.MAX_HOLD_S)] | None = None
    tempo: Tempo | None = None
    range_of_motion_deg: Degrees | None = None
    range_spread_deg: Degrees | None = None


class ChangeLessonSegment(AddLessonSegment):
    """The whole segment after the change."""

    segment: int = Field(description="Number of the segment.")


class RemoveLessonSegment(LessonRead):
    """The segment that is removed; refused unless `revision` is the current one."""

    segment: int = Field(description="Number of the segment.")


class ConfirmLesson(LessonRead):
    """The lesson that is confirmed; refused unless `revision` is the current one."""


@write
def add_lesson_segment(
    caller: Caller, content_id: str, body: AddLessonSegment, command_id: UUID
) -> ContentWritten:
    """Add a set that the analysis did not find."""
    command = commands.AddSegment(
        revision=body.revision, content=_exercise(body), at=caller.platform.clock()
    )
    return _execute(caller, content_id, body, command, command_id)


@write
def change_lesson_segment(
    caller: Caller, content_id: str, body: ChangeLessonSegment, command_id: UUID
) -> ContentWritten:
    """Correct a segment. The correction wins over a later analysis."""
    command = commands.ChangeSegment(
        revision=body.revision,
        segment=body.segment,
        content=_exercise(body),
        at=caller.platform.clock(),
    )
    return _execute(caller, content_id, body, command, command_id)


@write
def remove_lesson_segment(
    caller: Caller, content_id: str, body: RemoveLessonSegment, command_id: UUID
) -> ContentWritten:
    """Remove a segment. A later analysis does not bring it back."""
    command = commands.RemoveSegment(
        revision=body.revision, segment=body.segment, at=caller.platform.clock()
    )
    return _execute(caller, content_id, body, command, command_id)


@write
def confirm_lesson(
    caller: Caller, content_id: str, body: ConfirmLesson, command_id: UUID
) -> ContentWritten:
    """Confirm the segments of a lesson. A later analysis changes none of them."""
    command = commands.ConfirmLesson(revision=body.revision, at=caller.platform.clock())
    return _execute(caller, content_id, body, command, command_id)


class MakeLessonWorkout(LessonRead):
    """Name of the workout; refused unless `revision` is the current one of the lesson."""

    name: Name


@write
def make_lesson_workout(
    caller: Caller, content_id: str, body: MakeLessonWorkout, command_id: UUID
) -> WorkoutWritten:
    """Make the segments of a lesson a workout, with the trainer's tempo and range as targets."""
    platform = caller.platform
    key = own_content(caller, content_id)
    item = require_item(platform.log, caller.tenant_id, key)
    caller.require("write", "workout", item.trainer_id)
    workout_id = WorkoutId(str(uuid5(command_id, "workout")))
    if done := platform.log.done(caller.tenant_id, command_id):
        return WorkoutWritten(workout_id, done.position, done.repeated)
    if item.live is None:
        raise commands.LessonNotFound
    _require_version(body, item.live.number)
    lesson = require_lesson(platform.log, caller.tenant_id, key, item.live.number)
    if not lesson.segments:
        raise commands.LessonEmpty
    note = commands.NoteWorkout(revision=body.revision, workout_id=workout_id, at=platform.clock())
    prescribe = PrescribeWorkout(
        name=body.name,
        author_id=item.trainer_id,
        exercises=to_exercises(lesson),
        at=platform.clock(),
    )
    appended = platform.commands.execute(
        Request(LESSON, f"{key}.{item.live.number}", [note]),
        Request(WORKOUT, workout_id, [prescribe]),
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    return WorkoutWritten(workout_id, appended.position, appended.repeated)


def _exercise(body: AddLessonSegment) -> LessonExercise:
    """Convert a segment. Raises UnknownExercise and InvalidValue."""
    tempo = body.tempo
    return LessonExercise(
        exercise_id=ExerciseId(get_exercise(body.exercise_id).id),
        span=Span(body.start_ms, body.end_ms),
        repetitions=body.repetitions,
        held_s=body.held_s,
        targets=Targets(
            tempo=None if tempo is None else TempoValue(**tempo.model_dump()),
            range_of_motion_deg=body.range_of_motion_deg,
            range_spread_deg=body.range_spread_deg,
        ),
    )


def _execute(
    caller: Caller,
    content_id: str,
    body: LessonRead,
    command: commands.LessonCommand,
    command_id: UUID,
) -> ContentWritten:
    key = own_content(caller, content_id)
    live = require_item(caller.platform.log, caller.tenant_id, key).live
    if live is None:
        raise commands.LessonNotFound
    if not caller.is_executed(command_id):
        _require_version(body, live.number)
        _require_within(command, live.encoding.duration_ms)
    request = Request(LESSON, f"{key}.{live.number}", [command])
    appended = caller.platform.commands.execute(
        request, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return ContentWritten(key, appended.position, appended.repeated)


def _require_version(body: LessonRead, number: int) -> None:
    """Raise LessonChanged if another version of the video was read than the published one."""
    if body.number is not None and body.number != number:
        raise commands.LessonChanged


def _require_within(command: commands.LessonCommand, duration_ms: int) -> None:
    """Raise InvalidValue for a segment that ends after the end of the video."""
    if isinstance(command, commands.AddSegment | commands.ChangeSegment):
        within("end", command.content.span.end_ms, 0, duration_ms + TOLERANCE_MS)
