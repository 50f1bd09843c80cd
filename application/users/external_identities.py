"""How somebody signs in with Google, Apple or Firebase, and how these are linked to an account."""

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from application.kernel.ports import Clock, NewId
from application.users.accounts import Accounts
from application.users.errors import IdentityTaken, SignInRefused
from application.users.ports import (
    Credentials,
    IdentityIndex,
    IdTokens,
    MintKey,
    SingleUseLinks,
)
from application.users.sign_in import SignInService
from application.users.tokens import ProviderUser, SignedIn
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.pose_coach import PoseCoachKey
from domain.users import commands
from domain.users.identities import FIREBASE, Provider, email_address
from domain.users.user import Erased, Registered, Unregistered
from domain.values import InvalidValue


@dataclass(frozen=True)
class ExternalIdentityService:
    """Identities of other providers: exchanged for a sign-in, linked and unlinked."""

    accounts: Accounts
    credentials: Credentials
    identities: IdentityIndex
    links: SingleUseLinks
    id_tokens: IdTokens
    sign_in_service: SignInService
    clock: Clock
    new_id: NewId
    mint_key: MintKey

    def exchange(
        self,
        provider: Provider,
        id_token: str,
        *,
        nonce: str | None = None,
        origin: Origin,
        command_id: UUID,
    ) -> SignedIn:
        """Sign in with a provider's identity token; whoever is new gets an account (R-IDN-02).

        Raises IdTokenRefused, ProviderUnavailable and SignInRefused.
        """
        person = self.id_tokens.read(provider, id_token, nonce)
        return self.welcome(person, origin=origin, command_id=command_id)

    def welcome(self, person: ProviderUser, *, origin: Origin, command_id: UUID) -> SignedIn:
        """Sign in somebody for whom a provider vouches: their account is found, linked or made."""
        tenant_id = origin.tenant_id
        user_id = self.identities.find(tenant_id, person.provider, person.subject)
        if user_id is None:
            user_id = self._with_their_address(person, tenant_id) or UserId(str(self.new_id()))
            user_id = self.identities.claim(tenant_id, person.provider, person.subject, user_id)
        match self.accounts.user(tenant_id, user_id):
            case Unregistered():
                self._open(user_id, person, origin=origin, command_id=command_id)
            case Registered() as known:
                self._join(user_id, known, person, origin=origin, command_id=command_id)
            case Erased():
                raise SignInRefused
        user = self.accounts.user(tenant_id, user_id)
        if not isinstance(user, Registered):
            raise SignInRefused
        return self.sign_in_service.begin(tenant_id, user_id, user)

    def link(
        self, user_id: UserId, person: ProviderUser, *, origin: Origin, command_id: UUID
    ) -> None:
        """Let somebody who is signed in sign in with a provider, too.

        Raises IdentityTaken and ProviderAlreadyLinked.
        """
        if self._has_another(origin.tenant_id, user_id, person):
            raise commands.ProviderAlreadyLinked
        owner = self.identities.claim(origin.tenant_id, person.provider, person.subject, user_id)
        if owner != user_id:
            raise IdentityTaken
        wishes = self._linked(user_id, person)
        self.accounts.execute(user_id, wishes, origin=origin, command_id=command_id)

    def unlink(
        self, user_id: UserId, provider: Provider, *, origin: Origin, command_id: UUID
    ) -> None:
        """Sign in with this provider no more. Raises LastWayToSignIn."""
        wish = commands.UnlinkIdentity(provider=provider, at=self.clock())
        self.accounts.execute(user_id, [wish], origin=origin, command_id=command_id)
        self.identities.release(origin.tenant_id, user_id, provider)

    def _with_their_address(self, person: ProviderUser, tenant_id: TenantId) -> UserId | None:
        """Find the account with the address that the provider has verified.

        None where another of the provider's identities is linked to it: this is somebody else.
        """
        email = _verified(person)
        user_id = None if email is None else self.identities.find(tenant_id, "email", email)
        if user_id is None or self._has_another(tenant_id, user_id, person):
            return None
        return user_id

    def _has_another(self, tenant_id: TenantId, user_id: UserId, person: ProviderUser) -> bool:
        user = self.accounts.user(tenant_id, user_id)
        linked = user.identity(person.provider) if isinstance(user, Registered) else None
        return linked is not None and linked.subject.value != person.subject

    def _open(
        self, user_id: UserId, person: ProviderUser, *, origin: Origin, command_id: UUID
    ) -> None:
        now = self.clock()
        wishes: list[commands.UserCommand] = [commands.RegisterUser(at=now)]
        email = _verified(person)
        if email is not None and user_id == self.identities.claim(
            origin.tenant_id, "email", email, user_id
        ):
            wishes.append(commands.ChangeEmail(email=Personal(user_id, email)))
            wishes.append(commands.VerifyEmail(at=now))
        name = (person.name or "").strip()[: commands.LONGEST_NAME].strip()
        if name:
            wishes.append(commands.ChangeDetails(username=Personal(user_id, name)))
        if person.provider != FIREBASE:
            wishes.append(commands.AssignPoseCoachKey(key=Personal(user_id, self.mint_key())))
        wishes.extend(self._linked(user_id, person))
        with suppress(commands.UserAlreadyRegistered):  # they came twice at the same moment
            self.accounts.execute(user_id, wishes, origin=origin, command_id=command_id)

    def _join(
        self,
        user_id: UserId,
        user: Registered,
        person: ProviderUser,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> None:
        """Link an account that was found by its address.

        If nobody had verified the address, whoever registered may be a stranger who waits for its
        owner: their password goes, their links, and every device they signed in with.
        """
        if user.identity(person.provider) is not None:
            return
        wishes = self._linked(user_id, person)
        stranger = not user.email_verified
        if stranger:
            now = self.clock()
            wishes += [commands.VerifyEmail(at=now), commands.RemovePassword(at=now)]
            self.credentials.remove(origin.tenant_id, user_id)
        self.accounts.execute(user_id, wishes, origin=origin, command_id=command_id)
        if stranger:
            self.links.withdraw(origin.tenant_id, user_id, "verify_email")
            self.links.withdraw(origin.tenant_id, user_id, "reset_password")
            self.sign_in_service.sign_out_everywhere(origin.tenant_id, user_id)

    def _linked(self, user_id: UserId, person: ProviderUser) -> list[commands.UserCommand]:
        """Link an identity; a Firebase UID is the key of the pose coach from then on (R-IDN-14)."""
        subject = Personal(user_id, person.subject)
        wishes: list[commands.UserCommand] = [
            commands.LinkIdentity(provider=person.provider, subject=subject, at=self.clock())
        ]
        if person.provider == FIREBASE:
            key = PoseCoachKey(person.subject)
            wishes.append(commands.AssignPoseCoachKey(key=Personal(user_id, key)))
        return wishes


def _verified(person: ProviderUser) -> str | None:
    """Give the person's address, if the provider has verified it and it is one."""
    if not person.email_verified or person.email is None:
        return None
    try:
        return email_address(person.email)
    except InvalidValue:
        return None
