"""Erasure certificate: build, sign, verify.

It names the person only by the id of their account, which leads nowhere after the erasure.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from application.privacy.events_of_others import EventsOfOthers
from application.privacy.pii_scan import Finding, ScanResult, TermMatcher
from application.privacy.ports import CertificateSigner
from application.privacy.subject_data import SubjectData
from domain.kernel import Rejected

KIND: Final = "kinelog.erasure-certificate/1"

KEPT: Final = (
    "The events of the person's streams: movements, times, and the id of the account.",
    "Personal data in these events, encrypted with a key that no longer exists.",
    "Data of other tenants, which may contain the same names and addresses.",
    "Aggregates over many people, such as an hour's repetitions of a whole tenant.",
    "Earlier backups of the log and of the tables, which contain the same encrypted fields.",
)


class InvalidCertificate(Rejected):
    """This certificate was not signed by this platform, or was changed afterwards."""

    code = "certificate.forged"
    kind = "invalid"


def build_content(
    subject: SubjectData,
    *,
    matcher: TermMatcher,
    result: ScanResult,
    removed: Mapping[str, int],
    times: Mapping[str, datetime],
    left: list[Mapping[str, str]],
    others: EventsOfOthers,
    checks: Mapping[str, Any],
) -> dict[str, Any]:
    """Build the content of a certificate from a scan without findings of the person's own data.

    `others` are other people's events that contain a term. The log cannot change, and a person's
    erasure must not depend on what others wrote. For the same reason, dead letters of others that
    contain a term are listed. Events of other tenants, and their copies, are not: they would reveal
    that the person, or a namesake, is there.
    """
    letters = [finding for finding in result.findings if finding.has_dead_letters]
    copies = [
        finding
        for finding in result.findings
        if finding.kind in others.kinds and not finding.has_dead_letters
    ]
    return {
        "type": KIND,
        "tenant": subject.tenant_id,
        "person": subject.user_id,
        **{name: moment.isoformat().replace("+00:00", "Z") for name, moment in times.items()},
        "removed": dict(removed),
        "lookedFor": matcher.forms(),
        "notDistinguishable": sorted({term.kind for term in matcher.unsearchable}),
        "searched": [
            {"place": each.place, "parts": each.parts, "bytes": each.bytes}
            for each in result.places
        ],
        "found": len(result.findings) - len(copies) - len(letters),
        "foundInEventsOfOthers": [
            {"kind": kind, "positions": list(positions)}
            for kind, positions in sorted(others.here.items())
        ],
        "copiesOfThese": _places([each for each in copies if each.kind in others.here]),
        "foundInDeadLettersOfOthers": _places(letters),
        "leftToRetention": left,
        "kept": list(KEPT),
        **checks,
    }


def _places(findings: Sequence[Finding]) -> list[dict[str, str]]:
    return [{"place": each.place, "part": each.part, "kind": each.kind} for each in findings]


def sign(content: Mapping[str, Any], signer: CertificateSigner) -> dict[str, Any]:
    """Return a document with the readable content, and the signature, which repeats it."""
    return {"certificate": dict(content), "jws": signer.sign(content)}


def verify(
    document: Any, signer: CertificateSigner, keys: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """Return the content of a valid certificate. Raises InvalidCertificate."""
    match document:
        case {"certificate": readable, "jws": str(signature)}:
            content = signer.read(signature, keys)
        case _:
            raise InvalidCertificate("This is not an erasure certificate.")
    if content != readable or content.get("type") != KIND:
        raise InvalidCertificate
    return content


def digest(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a certificate's signature, in hexadecimal."""
    return sha256(str(document["jws"]).encode()).hexdigest()


def to_json(document: Mapping[str, Any]) -> str:
    """Return a certificate as formatted JSON."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
