"""A small `kustomize build` for the features that our folders use."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # without types

Resource = dict[str, Any]

MERGED_BY = {
    "containers": "name",
    "initContainers": "name",
    "volumes": "name",
    "env": "name",
    "volumeMounts": "mountPath",
    "ports": "containerPort",
}
"""Lists whose items have an identity (Kubernetes' patchMergeKey); others are replaced."""


def built(folder: Path) -> list[Resource]:
    """Return all resources of an overlay, patched."""
    return _applied(folder, [])


def files_of(folder: Path) -> set[Path]:
    """Return every file of a kustomization, itself included.

    Raises FileNotFoundError if one is missing.
    """
    file = folder / "kustomization.yaml"
    spec = _read(file)[0]
    found = {file}
    for name in [*spec.get("resources", []), *spec.get("components", [])]:
        path = (folder / name).resolve(strict=True)
        found |= files_of(path) if path.is_dir() else {path}
    return found | {
        (folder / each["path"]).resolve(strict=True) for each in spec.get("patches", [])
    }


def _applied(folder: Path, resources: list[Resource]) -> list[Resource]:
    """Add the resources of a kustomization, or patch them, in kustomize's order."""
    spec = _read(folder / "kustomization.yaml")[0]
    for name in spec.get("resources", []):
        path = folder / name
        resources = [*resources, *(built(path) if path.is_dir() else _read(path))]
    for name in spec.get("components", []):
        resources = _applied(folder / name, resources)
    for patch in spec.get("patches", []):
        (change,) = _read(folder / patch["path"])
        chosen = list(_chosen(resources, patch.get("target"), change))
        assert chosen, f"{folder / patch['path']} changes nothing"
        for each in chosen:
            kept = {"kind": each["kind"], "name": each["metadata"]["name"]}
            _merge(each, deepcopy(change))
            each["metadata"]["name"] = kept["name"]
            assert each["kind"] == kept["kind"]
    for each in resources:
        _label(each, spec)
    return resources


def _chosen(
    resources: list[Resource], target: dict[str, str] | None, change: Resource
) -> Iterator[Resource]:
    for each in resources:
        if target is None:
            names = (change["kind"], change["metadata"]["name"])
            if (each["kind"], each["metadata"]["name"]) == names:
                yield each
        elif each["kind"] == target["kind"]:
            key, _, value = target.get("labelSelector", "").partition("=")
            if not key or each["metadata"].get("labels", {}).get(key) == value:
                yield each


def _merge(into: dict[str, Any], change: dict[str, Any]) -> None:
    """Merge strategically: maps by key, lists by the identity of their items, if they have one."""
    for name, wanted in change.items():
        there = into.get(name)
        if wanted is None:
            into.pop(name, None)
        elif isinstance(there, dict) and isinstance(wanted, dict):
            _merge(there, wanted)
        elif isinstance(there, list) and name in MERGED_BY and MERGED_BY[name] in wanted[0]:
            _merge_items(there, wanted, MERGED_BY[name])
        else:
            into[name] = wanted


def _merge_items(there: list[Any], wanted: list[Any], key: str) -> None:
    by_key = {each[key]: each for each in there}
    for item in wanted:
        if item[key] in by_key:
            _merge(by_key[item[key]], item)
        else:
            there.append(item)


def _label(resource: Resource, spec: Resource) -> None:
    metadata = resource["metadata"]
    if "namespace" in spec and resource["kind"] != "Namespace":
        metadata["namespace"] = spec["namespace"]
    for each in spec.get("labels", []):
        metadata.setdefault("labels", {}).update(each["pairs"])
        if each.get("includeTemplates") and "template" in resource.get("spec", {}):
            resource["spec"]["template"]["metadata"]["labels"].update(each["pairs"])


def _read(path: Path) -> list[Resource]:
    return [each for each in yaml.safe_load_all(path.read_text()) if each]
