"""Merkle trees over records."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from application.exports.merkle import LEAF, NODE, MerkleTree

records = st.lists(st.binary(max_size=8), max_size=40)


def root_of(found: list[bytes]) -> str:
    tree = MerkleTree()
    for each in found:
        tree.add(each)
    assert tree.count == len(found)
    return tree.root()


def by_definition(found: list[bytes]) -> bytes:
    """Compute the root as RFC 6962 § 2.1 defines it."""
    if len(found) <= 1:
        return sha256(LEAF + found[0]).digest() if found else sha256().digest()
    left = 1 << (len(found) - 1).bit_length() - 1
    return sha256(NODE + by_definition(found[:left]) + by_definition(found[left:])).digest()


@given(records)
def test_the_root_is_that_of_the_standard(found: list[bytes]) -> None:
    """R-PRG-06"""
    assert root_of(found) == by_definition(found).hex()


@given(records, records)
def test_other_records_have_another_root(found: list[bytes], others: list[bytes]) -> None:
    """R-PRG-06: added, changed, moved or left out."""
    assert (root_of(found) == root_of(others)) == (found == others)
