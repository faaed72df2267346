"""The page of components, docs/COMPONENTS.md: what each is, has, needs and costs, from the tables behind the stacks.

python -m tools.components_page --write | --check
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from config.deployment import Deployment
from config.generated import ROOT, command
from config.sizing import SizingProfile
from config.versions import CHARTS
from constructs_lib.components.component import Component
from constructs_lib.components.registry import CATALOG
from constructs_lib.cost.prices import HOURS, NODES, SERVICES
from constructs_lib.cost.share import all_nodes, of_nodes, own, total
from tools.components_example import SHIPPED, profiles, shipped_context
from tools.components_parts import chart, dependents, needs, place, pods_table, roles_table, secrets_table, sources
from tools.components_series import series
from tools.markdown import joined, table

PATH = ROOT / "docs" / "COMPONENTS.md"
Profiles = Mapping[SizingProfile, Deployment]

_INTRO = """# Components

What each component is, has, needs and costs. This page is generated from the registry of components
(`constructs_lib/components/catalog/`) and the tables of versions, identities, secrets and databases: change those, then
run `make docs`. Names are those of deployment `{id}` with every component on. What a person does for a component is in
[POST_DEPLOYMENT.md](POST_DEPLOYMENT.md), who may use it in [ACCESS.md](ACCESS.md).
"""
_ORDER = """## What needs what

A solid arrow leads to what a component doesn't work without: a deployment file without it is refused. A dotted one
leads to what is installed first where it is on.
"""
_COST = """## What they cost

An estimate in USD a month for {region}, without tax, by sizing profile; no bill was seen. **Nodes**: a pod costs the
larger of its two shares of a node, of the cores and of the memory that pods may request there, at on-demand prices.
In brackets: of all system and platform nodes. What nobody requests, and what runs on every node anyway (agents of
network, storage and identity), falls to no component. **Own**: a component's part of a shared load balancer and of
the database, its secrets with their readings, buckets and volumes. Not counted: requests to buckets and to DNS,
traffic, logs, images, snapshots of volumes, nodes for teams, and services outside AWS.
"""
_PRICES = """### Prices

Of {first} to {last}, {region}. Mean use of the database and of a load balancer, and what is in buckets, are
assumptions (`constructs_lib/cost/share.py`).
"""


def text() -> str:
    """The whole page."""
    by_profile = profiles()
    deployment = by_profile[SHIPPED]
    parts = [
        _INTRO.format(id=deployment.id),
        _overview(deployment),
        _ORDER,
        _graph(),
        *(part for name in sorted(CATALOG) for part in _component(CATALOG[name], by_profile)),
        _COST.format(region=deployment.platform.region),
        _costs(by_profile),
        _prices(deployment),
        *series(by_profile),
    ]
    return "\n".join(parts)


def _overview(deployment: Deployment) -> str:
    shipped = shipped_context()["deployment:components"]
    hosts = deployment.components.hosts()
    rows = (
        (
            f"[`{name}`](#{name})",
            component.purpose,
            "on" if shipped.get(name, {}).get("enabled") else "off",
            f"{component.chart} {CHARTS[component.chart].version}",
            f"`{component.namespace}`",
            f"`{hosts[name].domain}`" if name in hosts else "–",
        )
        for name, component in sorted(CATALOG.items())
    )
    return table(("component", "what", "as shipped", "chart", "namespace", "host"), rows)


def _graph() -> str:
    """A Mermaid diagram (Mermaid documentation, "Flowcharts"): a dash in a name could end it, so nodes have labels."""
    lines = ["```mermaid", "graph LR"]
    for name, component in sorted(CATALOG.items()):
        lines.append(f'  {_node(name)}["{name}"]')
        lines += [f"  {_node(name)} --> {_node(other)}" for other in component.requires if other in CATALOG]
        soft = (other for other in component.after if other in CATALOG and other not in component.requires)
        lines += [f"  {_node(name)} -.-> {_node(other)}" for other in soft]
    return "\n".join([*lines, "```", ""])


def _node(name: str) -> str:
    return name.replace("-", "_")


def _component(component: Component, by_profile: Profiles) -> Iterator[str]:
    deployment = by_profile[SHIPPED]
    yield f"## {component.name}\n"
    yield f"{component.purpose}.\n"
    rows = [
        ("chart", chart(component)),
        *place(component, deployment),
        ("needs", joined(needs(component))),
        ("needed by", joined(dependents(component))),
        ("a month (estimate)", _short(component, by_profile)),
    ]
    yield table(("", ""), rows)
    yield from sources(component, deployment)
    yield from roles_table(component, deployment)
    yield from secrets_table(component, deployment)
    yield from pods_table(component, by_profile)


def _short(component: Component, by_profile: Profiles) -> str:
    return ", ".join(f"{profile} {total(component, each):.0f} USD" for profile, each in by_profile.items())


def _costs(by_profile: Profiles) -> str:
    header = ("component", *(f"{profile}: nodes, own" for profile in by_profile), f"own, in `{SHIPPED}`")
    rows = [_cost(component, by_profile) for _, component in sorted(CATALOG.items())]
    sums = [sum(of_nodes(component, each) for component in CATALOG.values()) for each in by_profile.values()]
    extra = [sum(total(component, each) for component in CATALOG.values()) for each in by_profile.values()]
    rows.append(
        ("all", *(f"{there:.0f}, {whole - there:.0f}" for there, whole in zip(sums, extra, strict=True)), "–"),
    )
    rows.append(("system and platform nodes", *(f"{all_nodes(each):.0f}" for each in by_profile.values()), "–"))
    return table(header, rows)


def _cost(component: Component, by_profile: Profiles) -> tuple[str, ...]:
    cells = (
        f"{of_nodes(component, each):.2f} ({of_nodes(component, each) / all_nodes(each):.1%}), "
        f"{sum(line.usd for line in own(component, each)):.2f}"
        for each in by_profile.values()
    )
    lines = (f"{line.what} {line.usd:.2f}: {line.how}" for line in own(component, by_profile[SHIPPED]))
    return (f"`{component.name}`", *cells, "; ".join(lines) or "–")


def _prices(deployment: Deployment) -> str:
    found = {f"node {kind}": price for kind, price in NODES.items()} | dict(SERVICES)
    days = sorted(price.read for price in found.values() if price.read)
    intro = _PRICES.format(first=days[0], last=days[-1], region=deployment.platform.region)
    rows = (
        (name, f"{price.usd:.6f}".rstrip("0"), price.unit, str(price.read or "estimate"), price.source)
        for name, price in found.items()
    )
    head = table(("price of", "USD", "for one", "read", "source"), rows)
    return f"{intro}\nA month has {HOURS} hours.\n\n{head}"


if __name__ == "__main__":
    sys.exit(command(PATH, text()))
