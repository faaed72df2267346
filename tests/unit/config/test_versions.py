"""The file of versions is complete and exact, and renovate finds every pin."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from config.components import Components
from config.sizing import SIZINGS
from config.versions import (
    ADDONS,
    ATLANTIS,
    BOTTLEROCKET,
    BOTTLEROCKET_CONTROL,
    CHARTS,
    CI_TOOLS,
    COMPONENT_CHARTS,
    EXTRA_ADDONS,
    IMAGES,
    MINORS,
    PNPM,
    TERRAIN,
    TOOLS,
    WORKFLOW_IMAGES,
)
from tools import versions

ROOT = Path(__file__).resolve().parent.parent.parent.parent
SOURCE = ROOT / "config" / "versions.py"


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_pinned_exactly_to_a_repository(name: str) -> None:
    chart = CHARTS[name]
    assert re.match(r"^v?\d+\.\d+\.\d+$", chart.version)
    assert chart.repository.startswith(("https://", "oci://"))
    assert {chart.oldest, chart.newest} <= set(MINORS)


def test_every_component_has_a_chart() -> None:
    components = [field.alias or name for name, field in Components.model_fields.items()]
    assert not [name for name in components if COMPONENT_CHARTS.get(name, name) not in CHARTS]


@pytest.mark.parametrize("name", ADDONS)
def test_an_addon_has_a_version_for_every_minor(name: str) -> None:
    assert set(ADDONS[name]) == set(MINORS)
    assert all(re.match(r"^v\d+\.\d+\.\d+-eksbuild\.\d+$", version) for version in ADDONS[name].values())


def test_kube_proxy_follows_the_minor() -> None:
    assert all(version.startswith(f"v{minor}.") for minor, version in ADDONS["kube-proxy"].items())


def test_optional_addons_are_pinned_too() -> None:
    assert set(EXTRA_ADDONS) < set(ADDONS)


def test_images_belong_to_charts() -> None:
    assert set(IMAGES) <= set(CHARTS)


def test_extended_support_lasts_twelve_months_longer() -> None:
    assert all(
        minor.extended_until == minor.standard_until.replace(year=minor.standard_until.year + 1)
        for minor in MINORS.values()
    )


def test_renovate_finds_every_pin() -> None:
    source = SOURCE.read_text(encoding="utf-8")
    managers = json.loads((ROOT / "renovate.json").read_text(encoding="utf-8"))["customManagers"]
    patterns = [pattern.replace("(?<", "(?P<") for manager in managers for pattern in manager["matchStrings"]]
    found = [match for pattern in patterns for match in re.finditer(pattern, source)]
    pins = [chart.version for chart in CHARTS.values()] + [image.tag for image in IMAGES.values()]
    pins += [image.tag for image in WORKFLOW_IMAGES.values()]
    pins += [ATLANTIS, BOTTLEROCKET, BOTTLEROCKET_CONTROL, PNPM]
    pins += [*TOOLS.values(), *CI_TOOLS.values(), *TERRAIN.values()]
    pins += [version for by_minor in ADDONS.values() for version in dict.fromkeys(by_minor.values())]
    assert len(found) == source.count("# renovate: ")
    assert set(pins) == {match["currentValue"] for match in found}


def test_the_tools_are_those_that_are_built() -> None:
    built = {value for name, value in vars(versions).items() if name.isupper() and isinstance(value, str)}
    assert built == set(TOOLS.values())


def test_a_profile_leaves_room_for_one_more_node() -> None:
    assert all(sizing.system_min_nodes < sizing.system_max_nodes for sizing in SIZINGS.values())
