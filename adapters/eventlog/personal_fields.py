"""Personal fields lie in the log sealed, each under its person's key, bound to where it stands."""

import base64
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Final, get_args, get_origin, get_type_hints

import msgspec

from application.sealing import Sealer
from domain.ids import TenantId, UserId
from domain.kernel import Rejected
from domain.personal import Erased, Personal


class SealerMissing(Rejected):
    """Personal data can be neither written nor read here: nobody has been given their keys."""

    code = "seal.no_keys"
    kind = "unavailable"


class _Sealed(msgspec.Struct, frozen=True):
    """How a personal value is stored: whom it is about, and the sealed bytes in base64."""

    subject: str
    sealed: str


class PersonalFields:
    """The fields of one event class that are `Personal`, and how they are stored.

    Only fields of the event itself may be; one inside of another value is written by nothing. A
    field's name is part of what its seal is bound to, so it never changes.
    """

    def __init__(self, event_class: Any) -> None:
        self._name: str = event_class.event_name
        self._fields = tuple(field.name for field in fields(event_class))
        self._contents = dict(_contents(event_class))
        self._decoders = {
            name: msgspec.json.Decoder(content) for name, content in self._contents.items()
        }
        self._read = msgspec.json.Decoder(event_class, dec_hook=_unopened).decode

    def __bool__(self) -> bool:
        return bool(self._contents)

    def encode(self, event: Any, originator: str, sealer: Sealer) -> bytes:
        """Write an event with its personal fields sealed; what has been erased stays so."""
        content = {name: getattr(event, name) for name in self._fields}
        for name in self._contents:
            personal = content[name]
            if personal is not None:
                content[name] = self._sealed(personal, name, originator, sealer)
        return ENCODER.encode(content)

    def decode(self, payload: bytes, originator: str, sealer: Sealer) -> Any:
        """Read an event and open what can be opened; the rest is `Erased`."""
        event = self._read(payload)
        opened: dict[str, Personal[Any]] = {}
        for name in self._contents:
            personal = getattr(event, name)
            if personal is not None:
                opened[name] = self._opened(personal.value, name, originator, sealer)
        return replace(event, **opened)

    def _sealed(
        self, personal: Personal[Any], name: str, originator: str, sealer: Sealer
    ) -> _Sealed:
        if isinstance(personal.value, Erased):
            return _Sealed(personal.subject, NOTHING)
        sealed = sealer.seal(
            ENCODER.encode(personal.value),
            tenant_id=_tenant(originator),
            subject=personal.subject,
            place=self._place(name, originator, personal.subject),
        )
        return _Sealed(personal.subject, base64.b64encode(sealed).decode())

    def _opened(self, stored: _Sealed, name: str, originator: str, sealer: Sealer) -> Personal[Any]:
        subject = UserId(stored.subject)
        if stored.sealed == NOTHING:
            return Personal(subject, Erased())
        content = sealer.unseal(
            base64.b64decode(stored.sealed),
            tenant_id=_tenant(originator),
            subject=subject,
            place=self._place(name, originator, subject),
        )
        if content is None:
            return Personal(subject, Erased())
        return Personal(subject, self._decoders[name].decode(content))

    def _place(self, name: str, originator: str, subject: UserId) -> bytes:
        return ENCODER.encode((originator, subject, self._name, name))


ENCODER: Final = msgspec.json.Encoder()

NOTHING: Final = ""
"""Stored where a value had been erased already when the event was written."""


def _tenant(originator: str) -> TenantId:
    return TenantId(originator.partition("/")[0])


def _contents(event_class: Any) -> Mapping[str, Any]:
    """Find the personal fields, and what each of them says."""
    found: dict[str, Any] = {}
    for name, hint in get_type_hints(event_class).items():
        for part in (hint, *get_args(hint)):
            if get_origin(part) is Personal:
                (found[name],) = get_args(part)
    return found


def _unopened(_kind: type, stored: Any) -> Personal[_Sealed]:
    """Take a personal field as it is stored; `PersonalFields.decode` opens it."""
    sealed = msgspec.convert(stored, _Sealed)
    return Personal(UserId(sealed.subject), sealed)
