"""Identities of other providers: sign-in and linking (R-IDN-02)."""

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from application.kernel.ports import Clock, NewId
from application.users.accounts import Accounts
from application.users.email_requests import EmailRequests
from application.users.errors import (
    AccountExists,
    IdentityTaken,
    ProviderDomainRefused,
    SignInRefused,
)
from application.users.ports import (
    Credentials,
    IdentityIndex,
    IdTokens,
    MintKey,
)
from application.users.provider_scopes import ProviderScopes
from application.users.sign_in import SignInService
from application.users.tenant_registry import TenantRegistry
from application.users.tokens import ProviderUser, SignedIn
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.pose_coach.key import PoseCoachKey
from domain.users import commands
from domain.users.identities import FIREBASE, MAX_NAME_LENGTH, Provider, email_address
from domain.users.user import Erased, Registered, Unregistered
from domain.values import InvalidValue


@dataclass(frozen=True)
class ExternalIdentityService:
    """Signs in with identities of other providers, and links them to accounts.

    The log decides which identities are linked. The index only finds the account of an identity: an
    entry without a link in the log, left by a crash or by a concurrent request, signs in nobody.
    Links are claimed in the index before and after their event, unlinked ones released after it. If
    another account has claimed an identity between the two claims, it is unlinked from this one.
    """

    accounts: Accounts
    credentials: Credentials
    identities: IdentityIndex
    emails: EmailRequests
    id_tokens: IdTokens
    sign_in_service: SignInService
    tenants: TenantRegistry
    scopes: ProviderScopes
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
        """Sign in with a provider's ID token; a new user gets an account (R-IDN-02).

        Raises IdTokenRefused, ProviderUnavailable, and what `sign_in` raises.
        """
        self.scopes.require(provider, origin.tenant_id)
        person = self.id_tokens.read(provider, id_token, nonce)
        return self.sign_in(person, origin=origin, command_id=command_id)

    def sign_in(self, person: ProviderUser, *, origin: Origin, command_id: UUID) -> SignedIn:
        """Sign in a verified provider user: find or open their account.

        An account with the same address is not linked: its owner signs in to it and links the
        provider there. Only an unverified address goes to the user for whom the provider vouches.

        Raises ProviderUnknown, ProviderDomainRefused, TenantUnknown, JoiningRefused, AccountExists,
        IdentityTaken and SignInRefused.
        """
        tenant_id = origin.tenant_id
        scope = self.scopes.require(person.provider, tenant_id)
        user_id = self._find_linked(person, tenant_id)
        if user_id is None:
            if not scope.vouches_for(_verified_email(person)):
                raise ProviderDomainRefused
            user_id = self._find_by_address(person, tenant_id)
            if user_id is None:
                if self.accounts.is_executed(tenant_id, command_id):
                    raise SignInRefused  # the account was erased since
                self.tenants.join_policy(tenant_id).require_admits(_verified_email(person))
                user_id = UserId(str(self.new_id()))
            else:
                self._require_unclaimed(user_id, person.provider, origin=origin)
            user_id = self.identities.claim(tenant_id, person.provider, person.subject, user_id)
        match self.accounts.user(tenant_id, user_id):
            case Unregistered():
                self._open(user_id, person, origin=origin, command_id=command_id)
            case Registered() as registered:
                self._join(user_id, registered, person, origin=origin, command_id=command_id)
            case Erased():
                raise SignInRefused
        user = self.accounts.user(tenant_id, user_id)
        if not isinstance(user, Registered):
            raise SignInRefused
        return self.sign_in_service.begin(tenant_id, user_id, user)

    def link(
        self, user_id: UserId, person: ProviderUser, *, origin: Origin, command_id: UUID
    ) -> None:
        """Link a provider's identity to a signed-in user, and tell them by e-mail.

        Raises ProviderUnknown, IdentityTaken and ProviderAlreadyLinked.
        """
        tenant_id, provider = origin.tenant_id, person.provider
        self.scopes.require(provider, tenant_id)
        if self._has_other_identity(tenant_id, user_id, person):
            raise commands.ProviderAlreadyLinked
        self._find_linked(person, tenant_id)  # releases an entry that is not linked
        owner = self.identities.claim(tenant_id, provider, person.subject, user_id)
        if owner != user_id:
            raise IdentityTaken
        linking = self._link_commands(user_id, person)
        linking.append(self.emails.command("identity_linked", provider))
        try:
            self.accounts.execute(user_id, linking, origin=origin, command_id=command_id)
        except commands.ProviderAlreadyLinked:  # by a concurrent request
            self._restore_index(tenant_id, user_id, provider)
            raise
        self._claim_again(user_id, person, origin=origin)

    def unlink(
        self, user_id: UserId, provider: Provider, *, origin: Origin, command_id: UUID
    ) -> None:
        """Unlink a provider, and tell the user by e-mail. Raises LastWayToSignIn.

        Repeating it completes one that crashed.
        """
        user = self.accounts.user(origin.tenant_id, user_id)
        unlink = commands.UnlinkIdentity(provider=provider, at=self.clock())
        changes: list[commands.UserCommand] = [unlink]
        if isinstance(user, Registered) and user.identity(provider) is not None:
            changes.append(self.emails.command("identity_unlinked", provider))
        self.accounts.execute(user_id, changes, origin=origin, command_id=command_id)
        self._restore_index(origin.tenant_id, user_id, provider)

    def _claim_again(self, user_id: UserId, person: ProviderUser, *, origin: Origin) -> None:
        """Claim an identity after the event of its link, or unlink it if another account has it.

        A concurrent request may have released the entry before the event. Raises IdentityTaken.
        """
        tenant_id, provider = origin.tenant_id, person.provider
        if self.identities.claim(tenant_id, provider, person.subject, user_id) == user_id:
            return
        user = self.accounts.user(tenant_id, user_id)
        linked = user.identity(provider) if isinstance(user, Registered) else None
        if linked is not None and linked.subject.value == person.subject:
            command = commands.UnlinkIdentity(provider=provider, at=self.clock(), is_taken=True)
            self.accounts.execute(user_id, [command], origin=origin, command_id=self.new_id())
        raise IdentityTaken

    def _find_linked(self, person: ProviderUser, tenant_id: TenantId) -> UserId | None:
        """Find the account of an identity. Release its entry if the account has not linked it.

        The entry of an account that is not open yet is of a sign-up that crashed, and is kept.
        """
        user_id = self.identities.find(tenant_id, person.provider, person.subject)
        user = None if user_id is None else self.accounts.user(tenant_id, user_id)
        if user_id is None or not isinstance(user, Registered):
            return user_id
        linked = user.identity(person.provider)
        if linked is not None and linked.subject.value == person.subject:
            return user_id
        self._restore_index(tenant_id, user_id, person.provider)
        return None

    def _restore_index(self, tenant_id: TenantId, user_id: UserId, provider: Provider) -> None:
        """Release a user's identities of a provider in the index, except the one that is linked.

        The log is read after the release, so a link that is made meanwhile is claimed again.
        """
        self.identities.release(tenant_id, user_id, provider)
        user = self.accounts.user(tenant_id, user_id)
        linked = user.identity(provider) if isinstance(user, Registered) else None
        if linked is not None and isinstance(linked.subject.value, str):
            self.identities.claim(tenant_id, provider, linked.subject.value, user_id)

    def _find_by_address(self, person: ProviderUser, tenant_id: TenantId) -> UserId | None:
        """Find the account with the address that the provider has verified.

        None if it is linked to another identity of this provider: that is a different person.
        """
        email = _verified_email(person)
        user_id = None if email is None else self.identities.find(tenant_id, "email", email)
        if user_id is None or self._has_other_identity(tenant_id, user_id, person):
            return None
        return user_id

    def _require_unclaimed(self, user_id: UserId, provider: Provider, *, origin: Origin) -> None:
        """Raise AccountExists, and tell the owner, if an account belongs to somebody.

        It does if its address is verified, or if it was opened for a member of the staff.
        """
        user = self.accounts.user(origin.tenant_id, user_id)
        is_staff = len(self.accounts.roles(origin.tenant_id, user_id)) > 1  # not only a member
        if isinstance(user, Registered) and (user.email_verified or is_staff):
            self.emails.request(user_id, "linking_refused", provider, origin=origin)
            raise AccountExists

    def _has_other_identity(
        self, tenant_id: TenantId, user_id: UserId, person: ProviderUser
    ) -> bool:
        user = self.accounts.user(tenant_id, user_id)
        linked = user.identity(person.provider) if isinstance(user, Registered) else None
        return linked is not None and linked.subject.value != person.subject

    def _open(
        self, user_id: UserId, person: ProviderUser, *, origin: Origin, command_id: UUID
    ) -> None:
        now = self.clock()
        opening: list[commands.UserCommand] = [commands.RegisterUser(at=now)]
        email = _verified_email(person)
        if email is not None and user_id == self.identities.claim(
            origin.tenant_id, "email", email, user_id
        ):
            opening.append(commands.ChangeEmail(email=Personal(user_id, email)))
            opening.append(commands.VerifyEmail(at=now))
        name = (person.name or "").strip()[:MAX_NAME_LENGTH].strip()
        if name:
            opening.append(commands.ChangeProfile(username=Personal(user_id, name)))
        if person.provider != FIREBASE:
            opening.append(commands.AssignPoseCoachKey(key=Personal(user_id, self.mint_key())))
        opening.extend(self._link_commands(user_id, person))
        with suppress(commands.UserAlreadyRegistered):  # by a concurrent request
            self.accounts.execute(user_id, opening, origin=origin, command_id=command_id)
        self._claim_again(user_id, person, origin=origin)

    def _join(
        self,
        user_id: UserId,
        user: Registered,
        person: ProviderUser,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> None:
        """Link an account whose address nobody has verified, and tell its owner by e-mail.

        A stranger may have registered the address in advance. So their password and links are
        invalidated, and all their devices signed out.
        """
        if user.identity(person.provider) is not None:
            return
        changes = self._link_commands(user_id, person)
        changes.append(self.emails.command("identity_linked", person.provider))
        is_unverified = not user.email_verified
        if is_unverified:
            now = self.clock()
            changes += [commands.VerifyEmail(at=now), commands.RemovePassword(at=now)]
            self.credentials.remove(origin.tenant_id, user_id)
        self.accounts.execute(user_id, changes, origin=origin, command_id=command_id)
        if is_unverified:
            self.emails.links.withdraw(origin.tenant_id, user_id, "verify_email")
            self.emails.links.withdraw(origin.tenant_id, user_id, "reset_password")
            self.sign_in_service.sign_out_everywhere(origin.tenant_id, user_id)
        self._claim_again(user_id, person, origin=origin)

    def _link_commands(self, user_id: UserId, person: ProviderUser) -> list[commands.UserCommand]:
        """Return the commands that link an identity.

        A Firebase UID also becomes the pose coach key (R-IDN-14).
        """
        subject = Personal(user_id, person.subject)
        linking: list[commands.UserCommand] = [
            commands.LinkIdentity(provider=person.provider, subject=subject, at=self.clock())
        ]
        if person.provider == FIREBASE:
            key = PoseCoachKey(person.subject)
            linking.append(commands.AssignPoseCoachKey(key=Personal(user_id, key)))
        return linking


def _verified_email(person: ProviderUser) -> str | None:
    """Return the person's address if the provider has verified it and it is well-formed."""
    if not person.email_verified or person.email is None:
        return None
    try:
        return email_address(person.email)
    except InvalidValue:
        return None
