"""A certificate says what was removed of a person and where it was looked for them, signed.

It names the person by the id of their account alone, which leads nowhere any more.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from application.privacy.pii_scan import Search
from application.privacy.pii_terms import TermMatcher
from application.privacy.ports import CertificateSigner
from application.privacy.subject_data import SubjectData
from domain.kernel import Rejected

KIND: Final = "kinelog.erasure-certificate/1"

KEPT: Final = (
    "The events of the person's streams: movements, times, and the id of the account.",
    "What they say about the person, sealed under a key that no longer exists.",
    "Sums over many people, such as an hour's repetitions of a whole tenant.",
    "Older copies of the log and of the tables, which hold the same sealed fields.",
)


class InvalidCertificate(Rejected):
    """This certificate was not signed by this platform, or was changed afterwards."""

    code = "certificate.forged"
    kind = "invalid"


def content_of(
    whose: SubjectData,
    *,
    matcher: TermMatcher,
    found: Search,
    removed: Mapping[str, int],
    times: Mapping[str, datetime],
    left: list[Mapping[str, str]],
    checks: Mapping[str, Any],
) -> dict[str, Any]:
    """Say what was done, as it is signed; the search has found nothing."""
    return {
        "type": KIND,
        "tenant": whose.tenant_id,
        "person": whose.user_id,
        **{name: moment.isoformat().replace("+00:00", "Z") for name, moment in times.items()},
        "removed": dict(removed),
        "lookedFor": matcher.forms(),
        "notDistinguishable": sorted({term.kind for term in matcher.unsearchable}),
        "searched": [
            {"place": each.place, "parts": each.parts, "bytes": each.bytes} for each in found.places
        ],
        "found": len(found.findings),
        "leftToRetention": left,
        "kept": list(KEPT),
        **checks,
    }


def signed(content: Mapping[str, Any], signer: CertificateSigner) -> dict[str, Any]:
    """Sign: the document holds the content for people, and the signature, which holds it again."""
    return {"certificate": dict(content), "jws": signer.sign(content)}


def verified(
    document: Any, signer: CertificateSigner, keys: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """Give the content of a certificate. Raises InvalidCertificate."""
    match document:
        case {"certificate": told, "jws": str(signature)}:
            content = signer.read(signature, keys)
        case _:
            raise InvalidCertificate("This is no certificate of an erasure.")
    if content != told or content.get("type") != KIND:
        raise InvalidCertificate
    return content


def digest(document: Mapping[str, Any]) -> str:
    """Name a certificate: SHA-256 of its signature, in hexadecimal."""
    return sha256(str(document["jws"]).encode()).hexdigest()


def written(document: Mapping[str, Any]) -> str:
    """Write a certificate as it is handed out."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
