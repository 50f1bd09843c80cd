"""IBANs in texts: they are no cards, and are hidden in what is logged.

An IBAN has the country, length and check digits of the registry of ISO 13616. It is written
together, or in groups of four with one mark between them.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

HIDDEN: Final = "[bank account]"

FORMATS: Final = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 "
    "DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 "
    "IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 "
    "MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 "
    "SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
)

LENGTHS: Final[Mapping[str, int]] = {each[:2]: int(each[2:]) for each in FORMATS.split()}
"""Length of the IBANs of each country of the registry."""

ONLY_DIGITS: Final = frozenset({"AE", "BA", "BE", "DE", "EE"})
"""Countries whose account numbers have no letters, and whose code could begin a hexadecimal id."""

BEGINNING: Final = re.compile(r"(?<![0-9A-Za-z])(?P<country>[A-Za-z]{2})\d{2}")
MARK: Final = "[ \t\u00a0\u202f.\\-]"


def ibans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where IBANs begin and end, from left to right."""
    place = 0
    while first := BEGINNING.search(text, place):
        place = first.end()
        country = first["country"].upper()
        found = _PATTERNS[country].match(text, first.start()) if country in LENGTHS else None
        if found is not None and _has_check_digits(found.group()):
            place = found.end()
            yield found.start(), place


def hide_ibans(text: str) -> str:
    """Replace the IBANs in a text."""
    parts: list[str] = []
    end = 0
    for begin, after in ibans(text):
        parts += (text[end:begin], HIDDEN)
        end = after
    return "".join((*parts, text[end:]))


def _pattern(country: str) -> re.Pattern[str]:
    """Return the pattern of a country's IBANs, from their beginning."""
    groups, rest = divmod(LENGTHS[country] - 4, 4)
    character = r"\d" if country in ONLY_DIGITS else "[0-9A-Za-z]"
    grouped = rf"(?P<mark>{MARK}){character}{{4}}(?:(?P=mark){character}{{4}}){{{groups - 1}}}"
    if rest:
        grouped += rf"(?P=mark){character}{{{rest}}}"
    together = f"{character}{{{LENGTHS[country] - 4}}}"
    return re.compile(rf"[A-Za-z]{{2}}\d{{2}}(?:{together}|{grouped})(?![0-9A-Za-z])")


_PATTERNS: Final = {country: _pattern(country) for country in LENGTHS}


def _has_check_digits(text: str) -> bool:
    """Return whether the check digits are right (ISO 7064, MOD 97-10)."""
    compact = "".join(each for each in text if each.isalnum())
    return int("".join(str(int(each, 36)) for each in compact[4:] + compact[:4])) % 97 == 1
