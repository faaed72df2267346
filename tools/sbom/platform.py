"""What a deployment runs beside packages: charts, images, add-ons, providers; and the actions of the workflows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from cyclonedx.model.component import ComponentType
from packageurl import PackageURL
from ruamel.yaml import YAML

from config.images import recorded
from config.versions import (
    ADDONS,
    ATLANTIS,
    BOTTLEROCKET,
    BOTTLEROCKET_CONTROL,
    CHARTS,
    IMAGES,
    PNPM,
    WORKFLOW_IMAGES,
)
from constructs_lib.components.registry import CATALOG
from constructs_lib.helm.providers import HELM_PROVIDER, KUBERNETES_PROVIDER
from constructs_lib.registry.table import PLATFORM_PREFIX
from constructs_lib.stack import AWS_PROVIDER
from tools.sbom.item import DIGEST, VERSIONS, Item

_VERSIONS = "config/versions.py"
_ACTION = re.compile(r"uses: ([\w.-]+)/([\w.-]+)@([0-9a-f]{40}) # (v\S+)")
# Where an image's digest isn't recorded, its tag alone says what it is.
UNKNOWN = "not recorded"


def charts(root: Path) -> Iterator[Item]:
    """Those of others by name, version and repository; ours by the version in their Chart.yaml."""
    for name, chart in CHARTS.items():
        yield Item(
            purl=_purl("helm", name, chart.version, repository_url=chart.repository),
            kind=ComponentType.APPLICATION,
            sources=frozenset({_VERSIONS}),
            runs=True,
        )
    for path in sorted(root.glob("charts/*/Chart.yaml")):
        found = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        yield Item(
            purl=_purl("helm", found["name"], found["version"]),
            kind=ComponentType.APPLICATION,
            sources=frozenset({str(path.relative_to(root))}),
            runs=True,
        )


def images() -> Iterator[Item]:
    """All that any component's chart or workflow runs, by digest where images.lock.json has one."""
    pinned = [*IMAGES.values(), *WORKFLOW_IMAGES.values()]
    named = {f"{each.registry}/{each.repository}:{each.tag}": _VERSIONS for each in pinned}
    for component in CATALOG.values():
        module = f"constructs_lib/components/catalog/{component.name.replace('-', '_')}.py"
        named |= {f"{image.upstream}:{image.tag}": module for image in component.images}
    for reference, source in sorted(named.items()):
        yield _image(reference, source)


def own_images(root: Path) -> Iterator[Item]:
    """Images that recipes of ours make; who builds one names its base images by digest."""
    for path in sorted(root.glob("images/*/Containerfile")):
        yield Item(
            purl=PackageURL(type="oci", name=path.parent.name, qualifiers={"repository_url": _own(path)}),
            kind=ComponentType.CONTAINER,
            sources=frozenset({str(path.relative_to(root))}),
            runs=True,
        )


def _own(recipe: Path) -> str:
    return f"{PLATFORM_PREFIX}/{recipe.parent.name}"


def addons() -> Iterator[Item]:
    """EKS add-ons, in each version that some Kubernetes minor has."""
    for name, versions in ADDONS.items():
        for version in sorted(set(versions.values())):
            minors = sorted(minor for minor, each in versions.items() if each == version)
            yield Item(
                purl=PackageURL(type="generic", namespace="eks-addon", name=name, version=version),
                kind=ComponentType.APPLICATION,
                sources=frozenset({_VERSIONS}),
                runs=True,
                notes={"idp:kubernetes": ", ".join(minors)},
            )


def providers() -> Iterator[Item]:
    """Terraform providers, by the range of versions that the JSON admits."""
    sources = {"aws": "constructs_lib/stack.py"}
    for provider in (AWS_PROVIDER, HELM_PROVIDER, KUBERNETES_PROVIDER):
        group, _, name = provider["source"].partition("/")
        yield Item(
            purl=PackageURL(type="terraform", namespace=group, name=name),
            kind=ComponentType.APPLICATION,
            sources=frozenset({sources.get(name, "constructs_lib/helm/providers.py")}),
            runs=True,
            notes={VERSIONS: provider["version"]},
        )


def others() -> Iterator[Item]:
    """Releases that are pinned by version and come by another way."""
    found = (
        ("bottlerocket-os/bottlerocket", BOTTLEROCKET, ComponentType.OPERATING_SYSTEM),
        ("bottlerocket-os/bottlerocket-control-container", BOTTLEROCKET_CONTROL, ComponentType.CONTAINER),
        ("runatlantis/atlantis", ATLANTIS, ComponentType.APPLICATION),
    )
    for name, version, kind in found:
        group, _, short = name.partition("/")
        purl = PackageURL(type="github", namespace=group, name=short, version=f"v{version}")
        yield Item(purl=purl, kind=kind, sources=frozenset({_VERSIONS}), runs=True)
    yield Item(purl=_purl("npm", "pnpm", PNPM), sources=frozenset({_VERSIONS}), runs=True)


def actions(root: Path) -> Iterator[Item]:
    """GitHub's actions, by commit."""
    for path in sorted(root.glob(".github/workflows/*.yml")):
        for owner, name, commit, version in _ACTION.findall(path.read_text(encoding="utf-8")):
            yield Item(
                purl=PackageURL(type="github", namespace=owner, name=name, version=commit),
                kind=ComponentType.APPLICATION,
                sources=frozenset({str(path.relative_to(root))}),
                notes={"idp:release": version},
            )


def everything(root: Path) -> Iterable[Item]:
    yield from (*charts(root), *images(), *own_images(root), *addons(), *providers(), *others(), *actions(root))


def _image(reference: str, source: str) -> Item:
    name, _, tag = reference.rpartition(":")
    digest = recorded().get(reference, "")
    purl = PackageURL(
        type="oci",
        name=name.rpartition("/")[2],
        version=digest or None,
        qualifiers={"repository_url": name, "tag": tag},
    )
    return Item(
        purl=purl,
        kind=ComponentType.CONTAINER,
        sources=frozenset({source} | ({"images.lock.json"} if digest else set())),
        hashes=frozenset({digest} if digest else ()),
        runs=True,
        notes={DIGEST: digest or UNKNOWN},
    )


def _purl(kind: str, name: str, version: str, **qualifiers: str) -> PackageURL:
    return PackageURL(type=kind, name=name, version=version, qualifiers=qualifiers)
