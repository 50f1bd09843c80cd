"""Encryption of personal fields in events, each under its person's key and bound to its stream."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import MISSING, field, fields, make_dataclass
from types import NoneType
from typing import Any, Final, Self, get_args, get_origin, get_type_hints

import msgspec

from application.kernel.encryption import FieldCipher, KeyDisabled
from domain.ids import TenantId, UserId
from domain.kernel import Rejected
from domain.personal import Erased, Personal


class CipherMissing(Rejected):
    """Personal data cannot be read or written in this process: it has no cipher."""

    code = "seal.no_keys"
    kind = "unavailable"


class _Sealed(msgspec.Struct, frozen=True, omit_defaults=True):
    """Stored form of a personal value: the person's id and the encrypted bytes in base64.

    An upcast gives values from before the field was personal: in `clear` instead of encrypted. They
    are only read; nothing is written that way.
    """

    subject: str
    sealed: str | None = None
    clear: Any = None


class PersonalFields:
    """The fields of one event class that are `Personal`, and their stored form.

    Only fields of the event itself may be personal; a personal field inside another value cannot be
    encoded. A field's name is part of what its ciphertext is bound to, so it never changes.
    """

    def __init__(self, event_class: Any, contents: Mapping[str, Any]) -> None:
        hints = get_type_hints(event_class)
        self._event_class = event_class
        self._name: str = event_class.event_name
        self._fields = tuple(field.name for field in fields(event_class))
        self._contents = contents
        self._open = tuple(name for name in self._fields if name not in self._contents)
        self._decoders = {
            name: msgspec.json.Decoder(content) for name, content in self._contents.items()
        }
        stored = {
            name: _Sealed | None if NoneType in get_args(hints[name]) else _Sealed
            for name in self._contents
        }
        self._read = msgspec.json.Decoder(_like(event_class, hints | stored)).decode

    @classmethod
    def of(cls, event_class: Any) -> Self | None:
        """Find the personal fields of an event class; return None where it has none."""
        contents = dict(_contents(get_type_hints(event_class)))
        return cls(event_class, contents) if contents else None

    def encode(self, event: Any, originator: str, sealer: FieldCipher) -> bytes:
        """Encode an event with its personal fields encrypted; erased fields stay erased."""
        content = {name: getattr(event, name) for name in self._fields}
        for name in self._contents:
            personal = content[name]
            if personal is not None:
                content[name] = self._sealed(personal, name, originator, sealer)
        return ENCODER.encode(content)

    def keeps(self, payload: bytes, event: Any) -> bool:
        """Check that decoding would give the same event, without decrypting anything."""
        stored = self._read(payload)
        return all(getattr(stored, name) == getattr(event, name) for name in self._open) and all(
            _is_kept(getattr(stored, name), getattr(event, name), decoder)
            for name, decoder in self._decoders.items()
        )

    def decode(self, payload: bytes, originator: str, sealer: FieldCipher) -> Any:
        """Decode an event and decrypt its fields.

        A field whose key is destroyed is `Erased`; one whose tenant's key is disabled is an
        `EncryptedPersonal`.
        """
        stored = self._read(payload)
        content = {name: getattr(stored, name) for name in self._fields}
        for name in self._contents:
            personal = content[name]
            if personal is not None:
                content[name] = self._opened(personal, name, originator, sealer)
        return self._event_class(**content)

    def _sealed(
        self, personal: Personal[Any], name: str, originator: str, sealer: FieldCipher
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

    def _opened(
        self, stored: _Sealed, name: str, originator: str, sealer: FieldCipher
    ) -> Personal[Any]:
        subject = UserId(stored.subject)
        if stored.sealed is None:
            return Personal(subject, msgspec.convert(stored.clear, self._contents[name]))
        if stored.sealed == NOTHING:
            return Personal(subject, Erased())
        sealed = base64.b64decode(stored.sealed)

        def decrypt() -> Any:
            content = sealer.unseal(
                sealed,
                tenant_id=_tenant(originator),
                subject=subject,
                place=self._place(name, originator, subject),
            )
            return Erased() if content is None else self._decoders[name].decode(content)

        try:
            return Personal(subject, decrypt())
        except KeyDisabled:
            return EncryptedPersonal(subject, decrypt)

    def _place(self, name: str, originator: str, subject: UserId) -> bytes:
        return ENCODER.encode((originator, subject, self._name, name))


class EncryptedPersonal(Personal[Any]):
    """A value that could not be decrypted because its tenant's key was disabled.

    Events with such values can be handled where the values are not needed. Each read of `value`
    tries to decrypt it, and raises KeyDisabled and the other errors of `FieldCipher.unseal`.
    """

    __slots__ = ("_decrypt",)

    _decrypt: Callable[[], Any]

    def __init__(self, subject: UserId, decrypt: Callable[[], Any]) -> None:
        object.__setattr__(self, "subject", subject)
        object.__setattr__(self, "_decrypt", decrypt)

    @property
    def value(self) -> Any:  # type: ignore[override]  # read-only, as in Personal
        return self._decrypt()

    def __repr__(self) -> str:
        return f"Personal({self.subject}, …)"


ENCODER: Final = msgspec.json.Encoder()

NOTHING: Final = ""
"""Stored for a value that was already erased when the event was written."""


def _tenant(originator: str) -> TenantId:
    return TenantId(originator.partition("/")[0])


def _contents(hints: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the personal fields and their contents."""
    contents: dict[str, Any] = {}
    for name, hint in hints.items():
        for part in (hint, *get_args(hint)):
            if get_origin(part) is Personal:
                (contents[name],) = get_args(part)
    return contents


def _like(event_class: Any, hints: Mapping[str, Any]) -> type[Any]:
    """Make a class with the fields of an event, with these types."""
    made = [
        (
            each.name,
            hints[each.name],
            field(default=each.default, default_factory=each.default_factory)
            if (each.default, each.default_factory) != (MISSING, MISSING)
            else field(),
        )
        for each in fields(event_class)
    ]
    return make_dataclass(event_class.__name__, made, kw_only=True, slots=True)


def _is_kept(
    stored: _Sealed | None, personal: Personal[Any] | None, decoder: msgspec.json.Decoder[Any]
) -> bool:
    """Check that a field's presence or absence was kept, and that JSON loses nothing of it."""
    if personal is None or isinstance(personal.value, Erased):
        return (stored is None) == (personal is None)
    value = personal.value
    return stored is not None and bool(decoder.decode(ENCODER.encode(value)) == value)
