"""Output of `kinelog audit verify`: the hash chain and the daily anchors of each tenant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from application.audit.hash_chain import NO_HASH
from application.audit.stored_anchors import AnchorsVerdict
from application.audit.verification import ChainBreak, Verdict
from bootstrap.cli.output import err, out, quantity
from domain.ids import TenantId

ALL_REMOVED: Final = ChainBreak(
    "removed", 0, None, None, "All events were removed: the tenant has anchors, and no event."
)


@dataclass(frozen=True)
class TenantResult:
    """Verdicts on the hash chain of a tenant and, if they were checked, on its anchors."""

    chain: Verdict
    anchors: AnchorsVerdict | None

    @property
    def holds(self) -> bool:
        """Return whether no tampering was detected."""
        return self.chain.holds and not (self.anchors and self.anchors.problems)


def combine(
    verdicts: Sequence[Verdict], anchors: Mapping[TenantId, AnchorsVerdict]
) -> list[TenantResult]:
    """Return the results of tenants with events, and of those with anchors: they had events."""
    chains = {each.tenant_id: each for each in verdicts}
    for tenant_id, verdict in anchors.items():
        if verdict.has_anchors and tenant_id not in chains:
            chains[tenant_id] = Verdict(tenant_id, 0, 0, NO_HASH, ALL_REMOVED)
    return [TenantResult(chains[each], anchors.get(each)) for each in sorted(chains)]


def results_to_json(results: Sequence[TenantResult], took_s: float) -> dict[str, object]:
    """Return the results and the speed of the verification."""
    events = sum(result.chain.events for result in results)
    return {
        "holds": all(result.holds for result in results),
        "events": events,
        "seconds": round(took_s, 3),
        "events_per_s": round(events / took_s),
        "tenants": [
            {
                "tenant": result.chain.tenant_id,
                "holds": result.holds,
                "events": result.chain.events,
                "position": result.chain.position,
                "hash": result.chain.hash.hex(),
                "broken": result.chain.broken,
                "anchors": None if result.anchors is None else _anchors_to_json(result.anchors),
            }
            for result in results
        ],
    }


def _anchors_to_json(anchors: AnchorsVerdict) -> dict[str, object]:
    return {
        "verified": len(anchors.verified),
        "unconfirmed": [link.name for link in anchors.unconfirmed],
        "problems": anchors.problems,
    }


def show_results(results: Sequence[TenantResult], took_s: float) -> None:
    """Print a line for each hash chain, and one for each problem of an anchor."""
    for result in results:
        chain, tenant_id = result.chain, result.chain.tenant_id
        out.print(f"{tenant_id}: {_sentence(chain)}")
        if result.anchors is not None:
            _show_anchors(tenant_id, result.anchors)
    events = sum(result.chain.events for result in results)
    speed = f"{round(events / took_s)} per second"
    err.print(f"{quantity(events, 'event')} in {took_s:.1f} s, {speed}.")


def _sentence(chain: Verdict) -> str:
    broken = chain.broken
    if broken is None:
        verb = "holds" if chain.events == 1 else "hold"
        return f"{quantity(chain.events, 'event')} {verb}, the last at position {chain.position}"
    stream = "" if broken.stream is None else f" ({broken.stream}, version {broken.version})"
    return f"{broken.tampering.upper()}{stream}. {broken.sentence}"


def _show_anchors(tenant_id: TenantId, anchors: AnchorsVerdict) -> None:
    for problem in anchors.problems:
        text = f"{tenant_id}: ANCHOR {problem.tampering.upper()}. {problem.sentence}"
        out.print(text)
    if anchors.unconfirmed:
        text = (
            f"{tenant_id}: without --key, {quantity(len(anchors.unconfirmed), 'anchor')} cannot be"
            " verified: the platform does not have the keys."
        )
        err.print(text, soft_wrap=True)
