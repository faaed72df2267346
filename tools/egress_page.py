"""The page of what leaves the VPC, and where images come from, docs/EGRESS.md.

python -m tools.egress_page --write | --check
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from config.deployment import Deployment
from config.egress import NEEDS
from config.generated import ROOT, command
from config.loader import load_unlocked
from constructs_lib.components.copies import copies
from constructs_lib.egress.table import REPLACED, names
from idp.images import destination
from tools.markdown import code, joined, table

PATH = ROOT / "docs" / "EGRESS.md"
_INTRO = """# What leaves the VPC

`deployment:vpc:egress` says how: `open`, whatever a NAT gateway carries; `firewall`, at port 443 to names that AWS
Network Firewall and DNS Firewall admit; `none`, nothing. AWS's own services are reached by private endpoints in the
latter two (`deployment:vpc:endpoints` is full). Generated from `config/egress.py` and `constructs_lib/egress/table.py`
(`make docs`).

## What needs a way out

Nothing replaces it: the firewall admits the names, of what is on; where nothing leaves, the configuration is refused,
with the key. Names that workloads need are `deployment:networkPolicies:allowedEgress`.
"""
_REPLACED = """
## What needs none any more

What makers ship asks the internet for more. This is what it has instead, where at most listed names leave.
"""
_ADMITTED = """
## What the firewall of {id} admits for the platform

"""
_IMAGES = """
## Images that are copied

With `deployment:shared:images: copies` every image is pulled from `mirror/<upstream>` in ECR, and guardrail IMG-1
refuses any other. Repositories are made by the registry's owner; tags there can't move. Whoever may push to it runs,
from a place that reaches the upstreams, before the first apply and whenever a version changes:

```sh account
aws ecr get-login-password --region {region} | docker login --username AWS --password-stdin {registry}
.venv/bin/python -m idp images copy --deployment {id}
```

It copies all platforms byte by byte, so that digests which charts pin hold. `images.lock.json` says which digests were
reviewed: an image whose tag is another one by now isn't copied; digests of new images are added, for a person to review
and commit. `idp images list` prints all, and ends in 2 while one has no digest. Values name the digest where we write
the reference; where a chart writes it, the tag, which can't move, stands for it (docs/adr/0030).

{way}
"""
_REPLICATED = "From there ECR replicates them into the registry of account {account}."


def text() -> str:
    """The page of the shipped deployments."""
    return page(tuple(deployment for _, deployment in load_unlocked(ROOT / "cdktf.json")))


def page(deployments: tuple[Deployment, ...]) -> str:
    """The page's text."""
    return "\n".join([_INTRO, *_needs(), _REPLACED, *_replaced(), *_of_each(deployments)])


def _needs() -> Iterator[str]:
    rows = [(f"`{need.part}`", need.purpose, joined(code(need.shown)), f"`{need.key}`") for need in NEEDS]
    yield table(("part", "for", "firewall admits", "none: refused by"), rows)


def _replaced() -> Iterator[str]:
    rows = [(f"`{row.part}`", row.purpose, row.open, row.otherwise) for row in REPLACED]
    yield table(("part", "as shipped asks for", "open", "firewall, none"), rows)


def _of_each(deployments: tuple[Deployment, ...]) -> Iterator[str]:
    for deployment in deployments:
        if deployment.vpc.egress == "firewall":
            yield _ADMITTED.format(id=deployment.id) + "\n".join(f"- `{name}`" for name in names(deployment))
    for deployment in deployments:
        if deployment.shared.images == "copies":
            yield _images(deployment)


def _images(deployment: Deployment) -> str:
    registry, own = destination(deployment), deployment.platform.account
    way = "" if registry.startswith(own) else _REPLICATED.format(account=own)
    head = _IMAGES.format(id=deployment.id, region=deployment.platform.region, registry=registry, way=way)
    rows = [
        (f"`{row.source}`", f"`{row.repository}`", f"`{row.digest}`" if row.digest else "–")
        for row in copies(deployment)
    ]
    return head.rstrip() + "\n\n" + table((f"images of {deployment.id}", "repository", "reviewed digest"), rows)


if __name__ == "__main__":
    sys.exit(command(PATH, text()))
