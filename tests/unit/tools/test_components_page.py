"""The page of components says what the tables behind the stacks say."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from config.deployment import Deployment
from config.versions import CHARTS
from constructs_lib.addons.namespaces import NAMESPACES
from constructs_lib.components.images import located
from constructs_lib.components.pods import number, requested
from constructs_lib.components.registry import CATALOG, enabled
from constructs_lib.cost.prices import NODES, SERVICES
from constructs_lib.cost.share import nodes, of_nodes, own, total
from constructs_lib.data.databases_table import databases
from constructs_lib.data.secrets_table import full_path, rows
from constructs_lib.telemetry.series import estimate
from tools import components_page
from tools.components_example import example, profiles

NAMES = sorted(CATALOG)


@pytest.fixture(scope="module")
def page() -> str:
    return components_page.text()


@pytest.fixture(scope="module")
def sections(page: str) -> Mapping[str, str]:
    """Heading → what stands below it."""
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.fixture(scope="module")
def deployment() -> Deployment:
    return example()


def test_the_page_is_current(page: str) -> None:
    assert components_page.PATH.read_text(encoding="utf-8") == page


def test_the_example_has_every_component_on(deployment: Deployment) -> None:
    assert set(CATALOG) <= set(deployment.components.enabled())


@pytest.mark.parametrize("name", NAMES)
def test_a_component_has_its_chart_namespace_and_host(
    sections: Mapping[str, str], deployment: Deployment, name: str
) -> None:
    section, component = sections[name], CATALOG[name]
    chart, namespace = CHARTS[component.chart], NAMESPACES[name]
    assert f"| chart | `{component.chart}` {chart.version} of {chart.repository}" in section
    assert all(f"`{own.name}`" in section for own in component.own_charts)
    assert f"| namespace | `{namespace.name}`, Pod Security `{namespace.pod_security}`" in section
    hosts = deployment.components.hosts()
    assert f"| host | {f'`{hosts[name].domain}`, ' if name in hosts else '–'}" in section


@pytest.mark.parametrize("name", NAMES)
def test_a_component_has_its_images_and_where_they_are_pulled_from(
    sections: Mapping[str, str], deployment: Deployment, name: str
) -> None:
    for image in CATALOG[name].images:
        line = f"| `{image.upstream}:{image.tag}` | `{located(deployment, image).reference}` | "
        assert sections[name].count(line) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_component_has_its_roles_secrets_and_database(
    sections: Mapping[str, str], deployment: Deployment, name: str
) -> None:
    section = sections[name]
    assert ("| AWS identity | none |" in section) is not bool(CATALOG[name].identities)
    for role in CATALOG[name].identities:
        assert f"| `idp-{role}` | `" in section
    for secret in rows(deployment):
        listed = f"| `{full_path(deployment, secret)}` | {secret.holds} | {secret.maker} | " in section
        assert listed is (name in secret.components)
    placed = [row for row in databases(deployment) if row.component == name]
    assert ("| database | – |" in section) is not bool(placed)
    assert all(f"`{row.database}`, schema `{row.schema}`, as user `{row.user}`" in section for row in placed)


@pytest.mark.parametrize("name", NAMES)
def test_a_component_has_its_pods_by_profile(sections: Mapping[str, str], name: str) -> None:
    for row in CATALOG[name].pods:
        (line,) = (line for line in sections[name].splitlines() if line.startswith(f"| `{row.name}` | {row.kind} | "))
        for deployment in profiles().values():
            cpu, mib = requested(row, deployment)
            many = "1 a node" if row.pool == "every" else str(number(row.replicas, deployment))
            assert (f" {many} × {cpu}m/{mib}Mi |" if row.when(deployment) else " – |") in line


def test_both_ends_of_a_need_say_so(sections: Mapping[str, str]) -> None:
    for name, component in CATALOG.items():
        for other in component.requires:
            assert re.search(rf"^\| needs \|.*`{other}`", sections[name], re.MULTILINE)
            assert re.search(rf"^\| needed by \|.*`{name}`", sections[other], re.MULTILINE)


def arrows(page: str, kind: str) -> set[tuple[str, str]]:
    found = re.findall(rf"^  (\w+) {re.escape(kind)} (\w+)$", page, re.MULTILINE)
    return {(one.replace("_", "-"), two.replace("_", "-")) for one, two in found}


def test_the_diagram_has_an_arrow_for_each_need_and_no_other(page: str) -> None:
    pairs = [(name, other) for name, component in CATALOG.items() for other in component.after if other in CATALOG]
    hard = {(name, other) for name, component in CATALOG.items() for other in component.requires}
    assert arrows(page, "-->") == hard
    assert arrows(page, "-.->") == set(pairs) - hard


def test_the_overview_links_to_every_section(page: str, sections: Mapping[str, str]) -> None:
    assert re.findall(r"^\| \[`[\w-]+`\]\(#([\w-]+)\)", page, re.M) == NAMES
    assert set(NAMES) <= set(sections)


@pytest.mark.parametrize("name", NAMES)
def test_costs_are_those_of_the_calculator_and_called_an_estimate(sections: Mapping[str, str], name: str) -> None:
    component, by_profile = CATALOG[name], profiles()
    parts = [f"{profile} {total(component, each):.0f} USD" for profile, each in by_profile.items()]
    assert f"| a month (estimate) | {', '.join(parts)} |" in sections[name]
    (line,) = (line for line in sections["What they cost"].splitlines() if line.startswith(f"| `{name}` |"))
    for each in by_profile.values():
        usd = of_nodes(component, each)
        share = usd / sum(node.usd * node.count for node in nodes(each).values())
        assert f" {usd:.2f} ({share:.1%}), {sum(part.usd for part in own(component, each)):.2f} |" in line


def test_every_price_is_listed_with_its_day_and_source(page: str) -> None:
    for price in (*NODES.values(), *SERVICES.values()):
        assert f" | {price.unit} | {price.read or 'estimate'} | {price.source} |" in page


def test_the_series_are_those_of_the_estimate(sections: Mapping[str, str]) -> None:
    lines = sections["Series of metrics"].splitlines()
    found = [estimate(deployment, enabled(deployment)) for deployment in profiles().values()]
    assert f"| all | {' | '.join(f'{each.total:,}' for each in found)} |" in lines
    counted = [[int(cell.replace(",", "")) for cell in line.split(" | ")[1:]] for line in _rows(lines)]
    assert [sum(column) for column in zip(*counted, strict=True)] == [each.total for each in found]


def _rows(lines: list[str]) -> list[str]:
    return [line.removesuffix(" |") for line in lines if line.startswith("| `")]


def test_series_beyond_the_free_plan_are_marked_with_what_to_do(sections: Mapping[str, str]) -> None:
    text = sections["Series of metrics"]
    (line,) = (line for line in text.splitlines() if line.startswith("| all, with 100 teams |"))
    for profile, cell in zip(profiles(), line.removesuffix(" |").split(" | ")[1:], strict=True):
        deployment = example(profile)
        many = deployment.model_copy(update={"teams": deployment.teams[:1] * 100})
        found = estimate(many, enabled(many))
        assert cell == f"{found.total:,}{'' if found.total < 10_000 else ': too many'}"
        assert found.fits or f"Where that is more than the plan holds: {found.remedy}." in text
