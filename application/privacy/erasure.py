"""Erasure of a person, step by step: resumable after a crash, and verified to be complete."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from application.kernel.cloud_events import Decode
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.encryption import FieldCipher
from application.kernel.ports import Clock, EventLog, NewId
from application.kernel.relay import EncodedLog
from application.privacy.erasure_certificate import build_content, digest, sign
from application.privacy.events_of_others import find_in_events_of_others
from application.privacy.last_administrator import require_other_administrator
from application.privacy.pii_scan import Finding, IdMatcher, ScanTarget, TermMatcher, scan
from application.privacy.ports import (
    Certificates,
    CertificateSigner,
    DueErasures,
    ErasureTarget,
    RetainedData,
    ScanTermStore,
)
from application.privacy.subject_data import (
    SubjectData,
    Term,
    identifying_terms,
    load_subject_data,
)
from application.users.accounts import Accounts
from application.users.ports import Credentials, IdentityIndex, SingleUseLinks
from application.users.sign_in import SignInService
from domain.erasures import events
from domain.erasures.commands import (
    BeginErasure,
    CancelErasure,
    CertifyErasure,
    CompleteStep,
    ErasureCommand,
    ErasureUnknown,
    RefuseCertificate,
    RequestErasure,
)
from domain.erasures.erasure import ERASURE, Certified, Erasure, NotRequested, Pending, Underway
from domain.erasures.events import STEPS, Step
from domain.ids import TenantId, UserId
from domain.kernel import Origin, Recorded, Rejected
from domain.users.commands import EraseUser
from domain.users.user import USER

GIVEN: Final = "given"
"""Kind of the terms that the caller adds to those of the log."""


COMPACTION: Final[Step] = "compaction"
"""The step that each run repeats before its search, as rows may have been deleted since."""


class TermsLost(Rejected):
    """The person's key is already destroyed, so their identifying terms are unknown. Name them."""

    code = "erasure.terms_lost"


@dataclass(frozen=True)
class NotCertified:
    """Remaining personal data, which prevents the certificate."""

    findings: tuple[Finding, ...]


Outcome = Mapping[str, Any] | NotCertified
"""A certificate, or the reason for not issuing one."""


@dataclass(frozen=True)
class Plan:
    """Number of items that an erasure would remove, by step."""

    subject: SubjectData
    counts: Mapping[str, int]


@dataclass(frozen=True)
class AccountErasure:
    """Erases an account (C-24). Rows, media and caches are separate erasure targets."""

    accounts: Accounts
    credentials: Credentials
    identities: IdentityIndex
    links: SingleUseLinks
    sign_in_service: SignInService
    cipher: FieldCipher
    clock: Clock

    def erase(self, user_id: UserId, *, origin: Origin, command_id: UUID) -> datetime:
        """Erase an account and return when its key was destroyed. Idempotent.

        Raises UserUnknown.
        """
        tenant_id, now = origin.tenant_id, self.clock()
        command = EraseUser(at=now)
        self.accounts.execute(user_id, [command], origin=origin, command_id=command_id)
        self.sign_in_service.sign_out_everywhere(tenant_id, user_id)
        self.credentials.remove(tenant_id, user_id)
        self.identities.release_all(tenant_id, user_id)
        self.sign_in_service.second_factors.remove_all(tenant_id, user_id)
        self.links.withdraw(tenant_id, user_id, "verify_email")
        self.links.withdraw(tenant_id, user_id, "email_verified")
        self.links.withdraw(tenant_id, user_id, "reset_password")
        self.links.withdraw(tenant_id, user_id, "password_reset")
        return self.cipher.destroy(tenant_id, user_id, now)


@dataclass(frozen=True)
class ErasureService:
    """Erases people (C-24).

    `targets` are erased in the order of STEPS, then `scan_targets` are scanned. Other processes may
    use a destroyed key for up to `key_ttl`. `grace` is the time between the request and the
    erasure. `checks` returns further content of a certificate, such as the state of the hash chain.
    `close_payments` ends what would cost the person money, or would be sold in their name, before
    the first step and again when they can do nothing more; it gets the names of their streams.
    `end_supervision` withdraws the permissions of their trainers, at the same times.
    `end_health_links` revokes the tokens of linked clouds, while they can still be decrypted.
    """

    log: EventLog
    encoded_log: EncodedLog
    decode: Decode
    commands: CommandHandler
    account_erasure: Callable[[], AccountErasure]
    targets: Sequence[ErasureTarget]
    scan_targets: Callable[[TenantId], Sequence[ScanTarget]]
    retained: Sequence[RetainedData]
    terms: ScanTermStore
    signer: CertificateSigner
    certificates: Certificates
    due_dates: DueErasures
    vocabulary: frozenset[str]
    clock: Clock
    new_id: NewId
    grace: timedelta
    key_ttl: timedelta
    checks: Callable[[TenantId], Mapping[str, Any]]
    close_payments: Callable[[TenantId, Sequence[str]], None]
    end_supervision: Callable[[UserId, Origin], None]
    end_health_links: Callable[[TenantId, UserId], None]
    wait: Callable[[float], None] = field(default=time.sleep)

    def state(self, tenant_id: TenantId, user_id: UserId) -> Erasure:
        """Return the state of a person's erasure."""
        return ERASURE.fold(recorded.event for recorded in self._history(tenant_id, user_id))

    def request(
        self,
        user_id: UserId,
        *,
        origin: Origin,
        at_once: bool = False,
        command_id: UUID | None = None,
    ) -> Erasure:
        """Request an erasure, due after the grace period or at once; once per `command_id`.

        Raises LastAdministrator if the tenant would have no administrator left, except `at_once`,
        which is for operators.
        """
        now = self.clock()
        command = RequestErasure(at=now, due_at=now if at_once else now + self.grace)
        is_new = command_id is None or self.log.done(origin.tenant_id, command_id) is None
        if is_new and isinstance(self.state(origin.tenant_id, user_id), NotRequested):
            # Before the event: a due date without a request is dropped, not the reverse.
            self.due_dates.set_due(origin.tenant_id, user_id, command.due_at)

        def following(events: Sequence[Any], _: Erasure) -> Sequence[Request]:
            return [require_other_administrator(user_id)] if events and not at_once else ()

        request = Request(ERASURE, user_id, [command], followed_by=following)
        self.commands.execute(request, origin=origin, command_id=command_id or self.new_id())
        state = self.state(origin.tenant_id, user_id)
        if isinstance(state, Pending):
            self.due_dates.set_due(origin.tenant_id, user_id, state.due_at)
        return state

    def cancel(self, user_id: UserId, *, origin: Origin, command_id: UUID | None = None) -> None:
        """Cancel a pending erasure, once per `command_id`.

        Raises ErasureUnknown, and ErasureUnderway if it has begun.
        """
        command = CancelErasure(at=self.clock())
        self._execute(user_id, command, origin=origin, command_id=command_id)
        if not isinstance(self.state(origin.tenant_id, user_id), Pending):  # not requested again
            self.due_dates.set_due(origin.tenant_id, user_id, None)
            again = self.state(origin.tenant_id, user_id)
            if isinstance(again, Pending):  # requested at this moment
                self.due_dates.set_due(origin.tenant_id, user_id, again.due_at)

    def due(self, tenant_id: TenantId) -> Sequence[UserId]:
        """Return the users whose erasure is due."""
        return self.due_dates.due(tenant_id, self.clock())

    def is_readable(self, tenant_id: TenantId, user_id: UserId) -> bool:
        """Return whether a user's data can be decrypted: the key exists, or was restored."""
        return bool(self._decrypted_terms(tenant_id, user_id))

    def find_begun(self, tenant_id: TenantId, address: str) -> UserId | None:
        """Return the only person who has had this address and whose erasure has begun, or None.

        The erasure may have removed the address from the index of identities already.
        """
        found = [each for each in self.due(tenant_id) if self._has_had(tenant_id, each, address)]
        return found[0] if len(found) == 1 else None

    def _has_had(self, tenant_id: TenantId, user_id: UserId, address: str) -> bool:
        return any(
            term.kind.endswith(".email") and term.text.casefold() == address.casefold()
            for term in self.terms.load_terms(tenant_id, user_id) or ()
        )

    def drop_due(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Drop the due date of a cancelled erasure whose process crashed before dropping it."""
        self.due_dates.set_due(tenant_id, user_id, None)

    def plan(self, tenant_id: TenantId, user_id: UserId) -> Plan:
        """Count what an erasure would remove, without changing anything."""
        subject = self.subject_data(tenant_id, user_id)
        counts: dict[str, int] = {
            step: sum(target.count(subject) for target in self.targets if target.step == step)
            for step in STEPS
        }
        return Plan(subject, counts)

    def run(self, user_id: UserId, *, origin: Origin, extra_terms: Sequence[str] = ()) -> Outcome:
        """Run a requested erasure, or resume an interrupted one.

        `extra_terms` are scanned for, too. A certified erasure returns the same certificate again,
        or repeats all steps if a backup has restored the person's key. Raises ErasureUnknown,
        ErasureNotDue, UserUnknown, TermsLost, PaymentsOpen, and what targets raise: then retry it.
        """
        tenant_id, now = origin.tenant_id, self.clock()
        is_certified = isinstance(self.state(tenant_id, user_id), Certified)
        is_restored = is_certified and self.is_readable(tenant_id, user_id)
        if is_restored:
            self.due_dates.set_due(tenant_id, user_id, now)  # until the end, also after a crash
        if is_restored or not is_certified:
            self._execute(user_id, BeginErasure(at=now, again=is_restored), origin=origin)
            subject = self.subject_data(tenant_id, user_id)
            self._save_terms(subject, extra_terms)
            self._end_agreements(subject, origin)
            self.end_health_links(tenant_id, user_id)
            self._take_steps(user_id, origin)
            refusal = self._certify(user_id, origin)
            if refusal is not None:
                return refusal
        self.terms.delete_terms(tenant_id, user_id)
        self.due_dates.set_due(tenant_id, user_id, None)
        certificate = self.certificates.get(tenant_id, user_id)
        if certificate is None:
            raise ErasureUnknown
        return certificate

    def subject_data(self, tenant_id: TenantId, user_id: UserId) -> SubjectData:
        """Return a person's data, with the identifying terms as they were before the first step."""
        subject = load_subject_data(self.encoded_log, self.decode, tenant_id, user_id)
        terms = self.terms.load_terms(tenant_id, user_id)
        if terms is None:
            terms = self._decrypted_terms(tenant_id, user_id)
        return replace(subject, terms=terms)

    def _decrypted_terms(self, tenant_id: TenantId, user_id: UserId) -> tuple[Term, ...]:
        """Return the identifying terms in the account's events; none if its key is destroyed."""
        return identifying_terms(user_id, self.log.load(tenant_id, f"{USER.category}-{user_id}"))

    def _save_terms(self, subject: SubjectData, extra: Sequence[str]) -> None:
        """Save the identifying terms while they can still be decrypted."""
        texts = {term.text for term in subject.terms}
        terms = [*subject.terms, *(Term(GIVEN, text) for text in extra if text not in texts)]
        if not terms:
            raise TermsLost
        self.terms.save_terms(subject.tenant_id, subject.user_id, terms)

    def _end_agreements(self, subject: SubjectData, origin: Origin) -> None:
        """End what would cost the person money, and what their trainers may see."""
        self.close_payments(subject.tenant_id, subject.others)
        self.end_supervision(subject.user_id, origin)

    def _take_steps(self, user_id: UserId, origin: Origin) -> None:
        subject = self.subject_data(origin.tenant_id, user_id)
        for step in STEPS:
            state = self.state(origin.tenant_id, user_id)
            if isinstance(state, Underway) and (step not in state.done or step == COMPACTION):
                removed = self._take_step(step, subject, origin)
                command = CompleteStep(step=step, removed=removed, at=self.clock())
                self._execute(user_id, command, origin=origin)
                if step == "keys_let_go":  # from now on, none of their devices can add data
                    subject = self.subject_data(origin.tenant_id, user_id)

    def _take_step(self, step: Step, subject: SubjectData, origin: Origin) -> int:
        if step == "account":
            self._erase_account(subject.user_id, origin)
        if step == "keys_let_go":
            destroyed_at = self._erase_account(subject.user_id, origin)
            remaining = (destroyed_at + self.key_ttl - self.clock()).total_seconds()
            self.wait(max(0.0, remaining))
            # Again, because the person could buy or allow something until they were signed out.
            self._end_agreements(self.subject_data(origin.tenant_id, subject.user_id), origin)
        return sum(target.remove(subject) for target in self.targets if target.step == step)

    def _erase_account(self, user_id: UserId, origin: Origin) -> datetime:
        return self.account_erasure().erase(user_id, origin=origin, command_id=self.new_id())

    def _certify(self, user_id: UserId, origin: Origin) -> NotCertified | None:
        """Scan all stores. Store a certificate, or return the findings.

        Terms in events of other people, and their copies in tables and topics, are listed in the
        certificate instead of preventing it, or logged, if they are of other tenants. So are terms
        in dead letters of other people. Terms in the person's own streams, rows and messages
        prevent it, whatever others wrote.
        """
        tenant_id = origin.tenant_id
        subject = self.subject_data(tenant_id, user_id)
        matcher = TermMatcher(subject.terms, self.vocabulary)
        own_ids = IdMatcher(subject, self.vocabulary)
        result = scan(matcher, self.scan_targets(tenant_id), own_ids)
        kinds = {each.kind for each in result.findings}
        others = find_in_events_of_others(self.encoded_log, self.decode, subject, matcher, kinds)
        left = tuple(
            each
            for each in result.findings
            if each.is_own
            or not (each.has_dead_letters or (each.has_events and each.kind in others.kinds))
        )
        if left:
            refusal = RefuseCertificate(findings=len(left), at=self.clock())
            self._execute(user_id, refusal, origin=origin)
            return NotCertified(left)
        history = self._history(tenant_id, user_id)
        now = self.clock()
        content = build_content(
            subject,
            matcher=matcher,
            result=result,
            removed=_removed(history),
            times=_times(history) | {"certifiedAt": now},
            left=[each for data in self.retained for each in data.describe(subject)],
            others=others,
            checks=self.checks(tenant_id),
        )
        document = sign(content, self.signer)
        self.certificates.put(tenant_id, user_id, document)
        certify = CertifyErasure(digest=digest(document), at=now)
        self._execute(user_id, certify, origin=origin)
        return None

    def _history(self, tenant_id: TenantId, user_id: UserId) -> Sequence[Recorded[Any]]:
        return self.log.load(tenant_id, f"{ERASURE.category}-{user_id}")

    def _execute(
        self,
        user_id: UserId,
        command: ErasureCommand,
        *,
        origin: Origin,
        command_id: UUID | None = None,
    ) -> None:
        request = Request(ERASURE, user_id, [command])
        self.commands.execute(request, origin=origin, command_id=command_id or self.new_id())


def _removed(history: Sequence[Recorded[Any]]) -> dict[str, int]:
    """Sum up the removed items by step, over all attempts."""
    removed: dict[str, int] = dict.fromkeys(STEPS, 0)
    for recorded in history:
        if isinstance(recorded.event, events.ErasureStepCompleted):
            removed[recorded.event.step] += recorded.event.removed
    return removed


def _times(history: Sequence[Recorded[Any]]) -> dict[str, datetime]:
    """Return the times of the last request, the beginning and the key destruction."""
    times: dict[str, datetime] = {}
    for recorded in history:
        match recorded.event:
            case events.ErasureRequested(at=at):
                times["requestedAt"] = at
            case events.ErasureBegun(at=at):
                times["begunAt"] = at
            case events.ErasureStepCompleted(step="account", at=at):
                times["keyDestroyedAt"] = at
            case _:
                continue
    return times
