"""What hardened nodes set, read back from the TOML that they get."""

from __future__ import annotations

import base64
import tomllib
from typing import Any

import pytest

from config.deployment import Deployment
from config.generated import ROOT
from config.loader import load_unlocked
from constructs_lib.eks.hardening import ami_type, image_parameter, node_requirements, settings, toml
from constructs_lib.eks.node_settings import user_data

HARD = {"deployment:nodes:lockdown": "integrity", "deployment:nodes:fips": True}


def given(deployment: Deployment) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(user_data(deployment))["settings"]
    return found


def test_nodes_that_are_not_hardened_get_what_they_got(deployment_with: Any) -> None:
    plain = deployment_with()
    assert user_data(plain) == "[settings.kubernetes]\nmax-pods = 29\n"
    assert settings(plain) == {}
    assert (ami_type(plain), image_parameter(plain, "amd64")) == ("BOTTLEROCKET_x86_64", None)


@pytest.mark.proves("2.2.1", "2.2.4")
def test_the_kernel_is_locked_and_nobody_logs_in(deployment_with: Any) -> None:
    found = given(deployment_with(HARD))
    assert found["kernel"]["lockdown"] == "integrity"
    assert found["kernel"]["modules"] == {"sctp": {"allowed": False}, "udf": {"allowed": False}}
    assert found["host-containers"]["admin"] == {"enabled": False}
    assert found["kubernetes"] == {"max-pods": 29, "seccomp-default": True}
    assert found["ntp"]["time-servers"] == ["169.254.169.123"]


@pytest.mark.proves("2.2.1")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("net.ipv4.conf.all.send_redirects", "0"),
        ("net.ipv6.conf.default.accept_source_route", "0"),
        ("net.ipv6.conf.all.accept_redirects", "0"),
        ("net.ipv4.conf.default.secure_redirects", "0"),
        ("net.ipv4.conf.all.log_martians", "1"),
    ],
)
def test_kernel_parameters_are_those_of_the_benchmark(deployment_with: Any, name: str, value: str) -> None:
    assert given(deployment_with(HARD))["kernel"]["sysctl"][name] == value


def test_where_a_firewall_stands_a_fips_node_asks_the_endpoints_of_the_vpc() -> None:
    (firewalled,) = [each for _, each in load_unlocked(ROOT / "cdktf.json") if each.vpc.egress == "firewall"]
    found = given(firewalled)
    assert base64.b64decode(found["aws"]["config"]) == b"[default]\nuse_fips_endpoint=false\n"
    control = found["host-containers"]["control"]
    assert control["source"].startswith("328549459982.dkr.ecr.us-west-2.amazonaws.com/bottlerocket-control:v")
    assert (control["enabled"], control["superpowered"]) == (True, False)


def test_elsewhere_it_asks_the_fips_endpoints(deployment_with: Any) -> None:
    found = given(deployment_with(HARD))
    assert "aws" not in found
    assert "control" not in found["host-containers"]


@pytest.mark.parametrize(("arch", "hardware"), [("amd64", "x86_64"), ("arm64", "arm64")])
def test_the_fips_image_is_named_by_minor_hardware_and_release(deployment_with: Any, arch: str, hardware: str) -> None:
    fips = deployment_with(HARD)
    assert ami_type(fips) == "BOTTLEROCKET_x86_64_FIPS"
    parameter = image_parameter(fips, arch)
    assert parameter is not None
    assert parameter.startswith(f"/aws/service/bottlerocket/aws-k8s-1.34-fips/{hardware}/1.")
    assert parameter.endswith("/image_id")


def test_requirements_follow_what_nodes_are(deployment_with: Any) -> None:
    assert node_requirements(deployment_with(), ["t3a.large"]) == ()
    assert node_requirements(deployment_with(), ["m6a.large"]) == ("4.2.1",)
    assert "2.2.4" in node_requirements(deployment_with(HARD), ["t3a.large"])
    assert "4.2.1" not in node_requirements(deployment_with(HARD), ["m6a.large", "t3a.large"])


def test_a_key_with_dots_is_quoted() -> None:
    assert tomllib.loads(toml({"a.b": {"c": "1"}, "d": [1]}, "x")) == {"x": {"a.b": {"c": "1"}, "d": [1]}}
