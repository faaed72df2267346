"""What deploys a team's repositories and pull requests, on the real API server with Argo CD's definitions."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from config.versions import MINORS
from tests.kubernetes import crds
from tests.kubernetes.application_sets import applications, requests
from tests.kubernetes.cluster import Cluster, Refused
from tests.kubernetes.install import install
from tests.kubernetes.releases import Release, merged, release
from tests.synth import Synth

pytestmark = pytest.mark.cluster

NAMES = {"team-gamma--web-app", "team-gamma--jobs", "team-gamma--docs"}
PREVIEWS = {"preview-gamma--web-app", "preview-gamma--jobs"}
TEMPLATES = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application"}


@pytest.fixture(scope="module")
def gamma(previews: Synth) -> Release:
    return release(previews, "idp-teams-gamma", "team-gamma")


@pytest.fixture(scope="module")
def installed(cluster: Cluster, previews: Synth, gamma: Release) -> Cluster:
    groups = ("argoproj.io", "cert-manager.io", "external-secrets.io", "generators.external-secrets.io")
    crds.install(cluster, [*groups, "policies.kyverno.io"])
    cluster.make_namespace("argocd")
    install(cluster, release(previews, "idp-teams-shared", "shared-namespaces"))
    install(cluster, gamma)
    return cluster


def sets(gamma: Release) -> dict[str, dict[str, Any]]:
    manifests = gamma.manifests(next(iter(MINORS)))
    return {each["metadata"]["name"]: each for each in manifests if each["kind"] == "ApplicationSet"}


def test_a_set_for_each_repository_is_taken_as_it_is_written(installed: Cluster, gamma: Release) -> None:
    kept = {each["metadata"]["name"]: each["spec"] for each in installed.items("applicationset", "argocd")}
    mine = {name: each["spec"] for name, each in sets(gamma).items()}
    assert mine.keys() == NAMES | PREVIEWS
    assert {name: kept[name] for name in mine} == mine


def test_what_the_sets_make_is_taken_as_applications(installed: Cluster, gamma: Release) -> None:
    found = [made for name in NAMES for made in applications(sets(gamma)[name], ["deploy/team", "deploy/staging"])]
    found += [made for name in PREVIEWS for made in requests(sets(gamma)[name], 7, 999_999)]
    assert len(found) == 10
    installed.try_apply(*(TEMPLATES | made for made in found), namespace="argocd")


def test_a_field_that_argo_cd_does_not_have_is_refused(installed: Cluster, gamma: Release) -> None:
    wrong = copy.deepcopy(sets(gamma)["team-gamma--jobs"])
    wrong["spec"]["generators"][0]["git"]["repository"] = "x"
    with pytest.raises(Refused, match="repository"):
        installed.try_apply(wrong)


def test_a_repository_more_or_less_is_no_change_of_the_others(installed: Cluster, gamma: Release) -> None:
    """Not even by a field that Helm would write again: their versions stay."""

    def versions() -> dict[str, tuple[str, str]]:
        found = installed.items("applicationset", "argocd")
        return {
            each["metadata"]["name"]: (each["metadata"]["uid"], each["metadata"]["resourceVersion"]) for each in found
        }

    before = versions()
    rows = [each for each in gamma.values["deliveries"]["sources"] if each["name"] != "web-app"]
    rows.append({"name": "api", "url": "https://github.com/example-org/api"})
    install(installed, Release(**{**gamma.__dict__, "values": merged(gamma.values, {"deliveries": {"sources": rows}})}))
    try:
        after = versions()
    finally:
        install(installed, gamma)
    assert after.keys() == before.keys() - {"team-gamma--web-app"} | {"team-gamma--api"}
    assert {name: after[name] for name in before.keys() & after.keys()} == {
        name: before[name] for name in before.keys() & after.keys()
    }
