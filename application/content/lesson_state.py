"""Lessons as the log has them now."""

from application.kernel.ports import EventLog
from domain.content.lesson import LESSON, Lesson
from domain.content.lesson_commands import LessonNotFound
from domain.ids import ContentId, TenantId


def find_lesson(
    log: EventLog, tenant_id: TenantId, content_id: ContentId, number: int
) -> Lesson | None:
    """Return the lesson of a version of a video, or None if it was not analyzed."""
    history = log.load(tenant_id, f"{LESSON.category}-{content_id}.{number}")
    state = LESSON.fold(recorded.event for recorded in history)
    return state if isinstance(state, Lesson) else None


def require_lesson(
    log: EventLog, tenant_id: TenantId, content_id: ContentId, number: int
) -> Lesson:
    """Return the lesson of a version of a video. Raises LessonNotFound."""
    lesson = find_lesson(log, tenant_id, content_id, number)
    if lesson is None:
        raise LessonNotFound
    return lesson
