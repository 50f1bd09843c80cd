"""GraphQL mutations that delete, restore and tag sessions; the writes are those of REST."""

from collections.abc import Callable
from uuid import UUID

import strawberry

from api.graphql.context import Context, Info
from api.graphql.errors import Problem, attempt
from api.graphql.fields import mutation
from api.graphql.mutations import MutationInput, body_of, command_id_of, payload_fields
from api.graphql.pagination import key_of
from api.graphql.session_mutations import SessionPayload, SessionResult
from api.graphql.sessions import find_sessions
from api.views.session_commands import OverrideChecks
from api.views.session_writes import override_checks
from application.kernel.ports import AppendResult
from application.sessions import session_changes as writes


@strawberry.input
class DeleteSessionInput(MutationInput):
    """The session to delete."""

    session_id: strawberry.ID


@strawberry.input
class RestoreSessionInput(MutationInput):
    """The deleted session to restore."""

    session_id: strawberry.ID


@strawberry.input
class ChangeSessionTagsInput(MutationInput):
    """All tags of a session: at most ten, of at most thirty characters."""

    session_id: strawberry.ID
    tags: list[str]


@strawberry.input
class OverrideChecksInput(MutationInput):
    """The checks (`light`, `body`, `view`, `people`) that failed, and the time in ms."""

    session_id: strawberry.ID
    set: int
    checks: list[str]
    at_ms: int


@strawberry.type
class KeepingMutations:
    """Mutations of a session other than training."""

    @mutation("Delete a session with its recording; it can be restored for seven days.")
    def delete_session(self, info: Info, input: DeleteSessionInput) -> SessionResult:
        """Delete a session."""
        return _carried_out(
            info.context, input, input.session_id,
            lambda key, command_id: writes.delete_session(info.context.caller, key, command_id),
        )  # fmt: skip

    @mutation("Bring a deleted session back, with the recording that was deleted with it.")
    def restore_session(
        self,
        info: Info,
        input: RestoreSessionInput,
    ) -> SessionResult:
        """Restore a session."""
        return _carried_out(
            info.context, input, input.session_id,
            lambda key, command_id: writes.restore_session(info.context.caller, key, command_id),
        )  # fmt: skip

    @mutation("Replace the tags of a session, in place of those that it has.")
    def change_session_tags(
        self,
        info: Info,
        input: ChangeSessionTagsInput,
    ) -> SessionResult:
        """Change the tags."""

        def act(key: str, command_id: UUID) -> AppendResult:
            return writes.change_tags(info.context.caller, key, input.tags, command_id)

        return _carried_out(info.context, input, input.session_id, act)

    @mutation("Count all the same, with a red light before the camera.")
    def override_checks(
        self,
        info: Info,
        input: OverrideChecksInput,
    ) -> SessionResult:
        """Override checks."""

        def act(key: str, command_id: UUID) -> AppendResult:
            body = body_of(OverrideChecks, input)
            return override_checks(info.context.caller, key, body, command_id)

        return _carried_out(info.context, input, input.session_id, act)


def _carried_out(
    context: Context,
    mutation_input: MutationInput,
    session_id: str,
    act: Callable[[str, UUID], AppendResult],
) -> SessionPayload | Problem:
    def carry_out() -> SessionPayload:
        key, command_id = key_of("Session", session_id), command_id_of(context, mutation_input)
        appended = act(key, command_id)
        session = find_sessions(context, [key]).get(key)
        return SessionPayload(
            session=session, **payload_fields(mutation_input, command_id, appended)
        )

    return attempt(context, mutation_input.client_mutation_id, carry_out)
