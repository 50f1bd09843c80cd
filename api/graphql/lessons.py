"""Lessons in GraphQL: the exercises that trainers' videos show."""

import strawberry

from api.graphql.context import Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.pagination import key_of
from api.graphql.repetitions import Tempo
from api.views import lessons as views


@derived(views.LessonSegment)
class LessonSegment:
    """A part of a video that shows one set of an exercise."""

    tempo: Tempo | None


@derived(views.Lesson)
class Lesson:
    """The exercises of the published version of a video."""


@strawberry.type
class LessonQueries:
    """Queries of lessons."""

    @field("Exercises of a video, with links to the trainer's poses, for those who may watch it.")
    def content_lesson(self, info: Info, content_id: strawberry.ID) -> Lesson:
        """Return the lesson of a video."""
        key = key_of("ContentItem", content_id)
        return convert(Lesson, views.content_lesson(info.context.caller, key))
