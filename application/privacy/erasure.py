"""How a person is forgotten: step by step, resumed after any crash, and shown to be complete."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from application.kernel.cloud_events import Decode
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import Clock, EventLog, NewId
from application.kernel.relay import EncodedLog
from application.privacy.erasure_certificate import content_of, digest, signed
from application.privacy.identifying_terms import Term, identifying_terms
from application.privacy.pii_scan import Finding, Place, search
from application.privacy.pii_terms import TermMatcher
from application.privacy.ports import (
    Certificates,
    CertificateSigner,
    DueErasures,
    ErasureTarget,
    Retained,
    WantedTerms,
)
from application.privacy.subject_data import SubjectData
from application.privacy.subject_data import belongings as load_subject_data
from application.privacy.user_erasure import AccountErasure
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
from domain.users.user import USER

GIVEN: Final = "given"
"""The kind of terms that whoever erases has named beside those of the log."""


class TermsLost(Rejected):
    """The person's key is gone already, so nobody can tell what to look for; name it."""

    code = "erasure.terms_lost"


@dataclass(frozen=True)
class NotCertified:
    """What still tells who the person was, and where."""

    findings: tuple[Finding, ...]


Outcome = Mapping[str, Any] | NotCertified
"""A certificate, or why there is none."""


@dataclass(frozen=True)
class Plan:
    """What an erasure would remove, by step."""

    whose: SubjectData
    counts: Mapping[str, int]


@dataclass(frozen=True)
class ErasureService:
    """The erasure of people (C-24).

    `traces` are taken in the order of STEPS, `places` are then looked through. `held` is how long
    other processes may still use a key that has been destroyed. `grace` passes between a wish and
    its fulfilment. `checks` says what else a certificate tells, such as that the log is whole.
    """

    log: EventLog
    stored: EncodedLog
    decode: Decode
    commands: CommandHandler
    account_erasure: Callable[[], AccountErasure]
    traces: Sequence[ErasureTarget]
    places: Callable[[TenantId], Sequence[Place]]
    retained: Sequence[Retained]
    terms: WantedTerms
    signer: CertificateSigner
    certificates: Certificates
    waiting: DueErasures
    vocabulary: frozenset[str]
    clock: Clock
    new_id: NewId
    grace: timedelta
    held: timedelta
    checks: Callable[[TenantId], Mapping[str, Any]]
    wait: Callable[[float], None] = field(default=time.sleep)

    def state(self, tenant_id: TenantId, user_id: UserId) -> Erasure:
        """Tell how far the erasure of a person is."""
        return ERASURE.fold(fact.event for fact in self._history(tenant_id, user_id))

    def request(self, user_id: UserId, *, origin: Origin, at_once: bool = False) -> Erasure:
        """Ask for a person to be forgotten, as soon as the grace period is over, or at once."""
        now = self.clock()
        wish = RequestErasure(at=now, due_at=now if at_once else now + self.grace)
        if isinstance(self.state(origin.tenant_id, user_id), NotRequested):
            self.waiting.set_due(origin.tenant_id, user_id, wish.due_at)  # we may be lost
        self._tell(user_id, wish, origin=origin)
        state = self.state(origin.tenant_id, user_id)
        if isinstance(state, Pending):
            self.waiting.set_due(origin.tenant_id, user_id, state.due_at)
        return state

    def cancel(self, user_id: UserId, *, origin: Origin) -> None:
        """Call an erasure off. Raises ErasureUnknown, and ErasureUnderway once it has begun."""
        self._tell(user_id, CancelErasure(at=self.clock()), origin=origin)
        self.waiting.set_due(origin.tenant_id, user_id, None)

    def due(self, tenant_id: TenantId) -> Sequence[UserId]:
        """Tell who is to be forgotten by now."""
        return self.waiting.due(tenant_id, self.clock())

    def not_asked(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Note that nobody waits for this: it was called off by a process that was lost then."""
        self.waiting.set_due(tenant_id, user_id, None)

    def plan(self, tenant_id: TenantId, user_id: UserId) -> Plan:
        """Tell what would be removed, and change nothing."""
        whose = self.belongings(tenant_id, user_id)
        counts: dict[str, int] = {
            step: sum(trace.count(whose) for trace in self.traces if trace.step == step)
            for step in STEPS
        }
        return Plan(whose, counts)

    def carry_out(
        self, user_id: UserId, *, origin: Origin, look_for: Sequence[str] = ()
    ) -> Outcome:
        """Erase a person for whom that was asked, or go on where it was cut short.

        `look_for` are texts to be looked for beside those that the log knows. Whoever has been
        certified already gets the same certificate again. Raises ErasureUnknown, ErasureNotDue,
        UserUnknown, TermsLost, and what the traces and places raise; then it is asked for again.
        """
        tenant_id = origin.tenant_id
        state = self.state(tenant_id, user_id)
        if not isinstance(state, Certified):
            self._tell(user_id, BeginErasure(at=self.clock()), origin=origin)
            self._keep_terms(self.belongings(tenant_id, user_id), look_for)
            self._take_steps(user_id, origin)
            refusal = self._certify(user_id, origin)
            if refusal is not None:
                return refusal
        self.terms.drop(tenant_id, user_id)
        self.waiting.set_due(tenant_id, user_id, None)
        certificate = self.certificates.get(tenant_id, user_id)
        if certificate is None:
            raise ErasureUnknown
        return certificate

    def _keep_terms(self, whose: SubjectData, given: Sequence[str]) -> None:
        """Keep what is looked for while it can still be read."""
        known = {term.text for term in whose.terms}
        terms = [*whose.terms, *(Term(GIVEN, text) for text in given if text not in known)]
        if not terms:
            raise TermsLost
        self.terms.keep(whose.tenant_id, whose.user_id, terms)

    def _take_steps(self, user_id: UserId, origin: Origin) -> None:
        whose = self.belongings(origin.tenant_id, user_id)
        for step in STEPS:
            state = self.state(origin.tenant_id, user_id)
            if isinstance(state, Underway) and step not in state.done:
                removed = self._take(step, whose, origin)
                taken = CompleteStep(step=step, removed=removed, at=self.clock())
                self._tell(user_id, taken, origin=origin)
                if step == "keys_let_go":  # no device of theirs begins anything any more
                    whose = self.belongings(origin.tenant_id, user_id)

    def _take(self, step: Step, whose: SubjectData, origin: Origin) -> int:
        if step == "account":
            self._forget(whose.user_id, origin)
        if step == "keys_let_go":
            destroyed_at = self._forget(whose.user_id, origin)
            left = (destroyed_at + self.held - self.clock()).total_seconds()
            self.wait(max(0.0, left))
        return sum(trace.remove(whose) for trace in self.traces if trace.step == step)

    def _forget(self, user_id: UserId, origin: Origin) -> datetime:
        return self.account_erasure().forget(user_id, origin=origin, command_id=self.new_id())

    def _certify(self, user_id: UserId, origin: Origin) -> NotCertified | None:
        """Look everywhere; certify that nothing is there, or tell what is."""
        tenant_id = origin.tenant_id
        whose = self.belongings(tenant_id, user_id)
        matcher = TermMatcher(whose.terms, self.vocabulary)
        found = search(matcher, self.places(tenant_id))
        if found.findings:
            refusal = RefuseCertificate(findings=len(found.findings), at=self.clock())
            self._tell(user_id, refusal, origin=origin)
            return NotCertified(found.findings)
        history = self._history(tenant_id, user_id)
        now = self.clock()
        content = content_of(
            whose,
            matcher=matcher,
            found=found,
            removed=_removed(history),
            times=_times(history) | {"certifiedAt": now},
            left=[each for kept in self.retained for each in kept.left(whose)],
            checks=self.checks(tenant_id),
        )
        document = signed(content, self.signer)
        self.certificates.put(tenant_id, user_id, document)
        certified = CertifyErasure(digest=digest(document), at=now)
        self._tell(user_id, certified, origin=origin)
        return None

    def belongings(self, tenant_id: TenantId, user_id: UserId) -> SubjectData:
        """Find what is theirs, and what would tell who they are: as it was before all steps."""
        whose = load_subject_data(self.stored, self.decode, tenant_id, user_id)
        kept = self.terms.kept(tenant_id, user_id)
        if kept is None:
            account = f"{USER.category}-{user_id}"
            kept = identifying_terms(user_id, self.log.load(tenant_id, account))
        return replace(whose, terms=kept)

    def _history(self, tenant_id: TenantId, user_id: UserId) -> Sequence[Recorded[Any]]:
        return self.log.load(tenant_id, f"{ERASURE.category}-{user_id}")

    def _tell(self, user_id: UserId, command: ErasureCommand, *, origin: Origin) -> None:
        request = Request(ERASURE, user_id, [command])
        self.commands.execute(request, origin=origin, command_id=self.new_id())


def _removed(history: Sequence[Recorded[Any]]) -> dict[str, int]:
    """Sum up what went in each step, over all the times that it was taken."""
    removed: dict[str, int] = dict.fromkeys(STEPS, 0)
    for recorded in history:
        if isinstance(recorded.event, events.ErasureStepCompleted):
            removed[recorded.event.step] += recorded.event.removed
    return removed


def _times(history: Sequence[Recorded[Any]]) -> dict[str, datetime]:
    """Tell when it was asked for the last time, and when it began."""
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
