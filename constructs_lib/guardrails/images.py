"""Guardrail on images of deployments that run copies: none comes from a registry outside. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from constructs_lib.guardrails.estate import Estate, estates
from constructs_lib.guardrails.rule import Document, Files
from constructs_lib.guardrails.values import Placed
from constructs_lib.registry.table import MIRROR_PREFIX, UPSTREAMS

Found = Iterator[tuple[str, str, str]]
# Third-party chart → values that say where its images are; without one the chart's own default is pulled. Each is all
# that moves the images of what our values switch on (the charts' values.yaml at the pinned versions).
MOVED: Mapping[str, tuple[str, ...]] = {
    "argo-cd": ("global.image.repository", "dex.image.repository"),
    "argo-events": ("global.image.repository",),
    "argo-rollouts": ("controller.image.registry",),
    "argo-workflows": ("controller.image.registry", "executor.image.registry", "server.image.registry"),
    "aws-load-balancer-controller": ("image.repository",),
    "backstage": ("backstage.image.registry",),
    "cert-manager": ("imageRegistry",),
    "crossplane": ("image.repository",),
    "external-dns": ("image.repository",),
    "external-secrets": ("global.repository",),
    "falco": ("image.registry", "falcosidekick.image.registry"),
    "k8s-monitoring": (
        "alloy-operator.image.registry",
        "alloy-operator.waitForAlloyRemoval.image.registry",
        "collectors.alloy-metrics.configReloader.image.registry",
        "collectors.alloy-metrics.image.registry",
        "collectors.alloy-singleton.configReloader.image.registry",
        "collectors.alloy-singleton.image.registry",
        "telemetryServices.kube-state-metrics.image.registry",
    ),
    "karpenter": ("controller.image.repository",),
    # Definitions only.
    "karpenter-crd": (),
    "kyverno": ("crds.migration.image.registry", "global.image.registry", "webhooksCleanup.image.registry"),
    "reloader": ("image.repository",),
    "velero": ("image.repository", "initContainers.image"),
}
_OUTSIDE = ("docker.io", "ecr-public.aws.com", "gcr.io", "reg.kyverno.io", "xpkg.crossplane.io", "xpkg.upbound.io")
_HOSTS = "|".join(sorted(re.escape(host) for host in {*_OUTSIDE, *(upstream.url for upstream in UPSTREAMS)}))
# In an image of ours the host stands behind the prefix of copies.
_FOREIGN = re.compile(rf"(?<![\w./-])(?:{_HOSTS})(?:/[\w./-]*)?(?![\w.-])")
_ECR = re.compile(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com")


def only_copies(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """Where images are copies, no release names one of a registry outside, and charts are told where theirs are."""
    for estate in estates(stacks, files):
        if _runs_copies(estate):
            for placed in estate.releases:
                for message in (*_foreign(placed, files), *_untold(placed)):
                    yield placed.stack, placed.address, message


def _runs_copies(estate: Estate) -> bool:
    return any(f"/{MIRROR_PREFIX}/" in placed.text for placed in estate.releases)


def _foreign(placed: Placed, files: Mapping[str, Files]) -> Iterator[str]:
    """In its values, in what other stacks give it, and in the files of a chart of ours."""
    texts = [placed.text, *(str(each) for each in placed.arguments.get("values", [])[1:])]
    if placed.is_own:
        own = f"charts/{placed.chart}/"
        texts += [text for path, text in files.get(placed.stack, {}).items() if path.startswith(own)]
    rewritten = _rewritten(placed)
    for text in texts:
        for line in text.splitlines():
            found = None if line.lstrip().startswith(("#", "{{- /*")) else _FOREIGN.search(line)
            if found is not None and not (rewritten and found[0].startswith(rewritten)):
                yield f"names {found[0]}, which is outside: its images must be copies in our registry"


def _rewritten(placed: Placed) -> str:
    """What Crossplane takes from our registry instead, by an ImageConfig of chart crossplane-packages; else empty."""
    registry = placed.values.get("registry")
    if placed.is_own and isinstance(registry, Mapping) and _ECR.match(str(registry.get("prefix", ""))):
        return str(registry.get("upstream", ""))
    return ""


def _untold(placed: Placed) -> Iterator[str]:
    if placed.is_own:
        return
    told = {".".join(path): str(value) for path, value in placed.leaves}
    for path in MOVED.get(placed.chart, ("image",)):
        if not _ECR.match(told.get(path, "")):
            yield f"chart {placed.chart} must be told by {path} which registry of ours has its images"
