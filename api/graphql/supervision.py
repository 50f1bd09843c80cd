"""Trainers who see an athlete's training, and the athletes of a trainer, in GraphQL."""

from collections.abc import Collection
from typing import Any

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import (
    Connection,
    Node,
    connection,
    global_id,
    key_of,
)
from api.views import supervision as views
from api.views.supervision import AthleteInvitationWritten, SupervisionWritten
from application.kernel.pagination import window


@derived(views.OwnTrainer)
class OwnTrainer:
    """A trainer who sees your training, because you let them."""


@derived(views.LastSession)
class LastSession:
    """The latest session of an athlete."""


@derived(views.PlanAdherence)
class PlanAdherence:
    """How far an athlete has followed the trainer's plans, over all of them."""


@derived(views.Athlete)
class Athlete(Node):
    """An athlete who lets you see their training."""

    @classmethod
    def of(cls, view: views.Athlete) -> "Athlete":
        """Convert an athlete."""
        return convert(cls, view, id=global_id("Athlete", view.athlete_id))


@derived(views.AthleteInvitation)
class AthleteInvitation(Node):
    """An invitation of a trainer to let them see your training."""

    @classmethod
    def of(cls, view: views.AthleteInvitation) -> "AthleteInvitation":
        """Convert an invitation."""
        return convert(cls, view, id=global_id("AthleteInvitation", view.invitation_id))


def find_athletes(context: Context, keys: Collection[str]) -> dict[str, Athlete]:
    """Return athletes by their ids within the tenant."""
    found = views.find_athletes(context.caller, keys)
    return {key: Athlete.of(view) for key, view in found.items()}


def find_invitations(context: Context, keys: Collection[str]) -> dict[str, AthleteInvitation]:
    """Return invitations by their ids within the tenant."""
    context.may_keep = False  # an open one expires
    found = views.find_invitations(context.caller, keys)
    return {key: AthleteInvitation.of(view) for key, view in found.items()}


@strawberry.type
class SupervisionQueries:
    """Queries of supervision."""

    @reading("The trainers who see your training, the oldest permission first.")
    def own_trainers(self, info: Info) -> list[OwnTrainer]:
        """Return trainers."""
        return [convert(OwnTrainer, each) for each in views.own_trainers(info.context.caller)]

    @reading("One athlete who lets you see their training, by either id.")
    def athlete(self, info: Info, id: strawberry.ID) -> Athlete | None:  # noqa: A002  Relay's name
        """Return an athlete."""
        key = key_of("Athlete", id)
        return find_athletes(info.context, [key]).get(key)

    @reading("Athletes who let you see their training, the newest first; at most 100 a page.")
    def athletes(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Athlete]:
        """Return a page of athletes."""
        caller = info.context.caller
        page = views.athlete_page(caller, window(first, after, last, before))
        found = views.to_athletes(caller, (edge.row for edge in page.edges))
        return connection(
            page, lambda row: Athlete.of(found[row.user_id]) if row.user_id in found else None
        )

    @field("An invitation, to anyone who has the link with its id.")
    def athlete_invitation(self, info: Info, invitation_id: strawberry.ID) -> AthleteInvitation:
        """Return an invitation."""
        key = key_of("AthleteInvitation", invitation_id)
        return AthleteInvitation.of(views.get_invitation(info.context.caller, key))

    @field("Invitations that you have made, the newest first; at most 100 a page.")
    def athlete_invitations(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[AthleteInvitation]:
        """Return a page of invitations."""
        caller = info.context.caller
        page = views.invitation_page(caller, window(first, after, last, before))
        return connection(page, lambda row: AthleteInvitation.of(views.invitation_of(caller, row)))


@strawberry.type
class SupervisionPayload(MutationPayload):
    """The trainers who see your training after the change."""

    own_trainers: list[OwnTrainer]

    @classmethod
    def of(cls, context: Context, _: SupervisionWritten, **common: Any) -> "SupervisionPayload":
        """Return the payload of a command."""
        trainers = [convert(OwnTrainer, each) for each in views.own_trainers(context.caller)]
        return cls(own_trainers=trainers, **common)


@strawberry.type
class AthleteInvitationPayload(MutationPayload):
    """Invitation after the change."""

    athlete_invitation: AthleteInvitation

    @classmethod
    def of(
        cls, context: Context, written: AthleteInvitationWritten, **common: Any
    ) -> "AthleteInvitationPayload":
        """Return the payload of a command."""
        view = views.get_invitation(context.caller, written.invitation_id)
        return cls(athlete_invitation=AthleteInvitation.of(view), **common)
