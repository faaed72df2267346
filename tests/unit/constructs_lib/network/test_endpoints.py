"""Which endpoints a profile has, and where."""

from __future__ import annotations

import pytest

from config.deployment import Vpc
from config.types import EndpointProfile, NatMode
from constructs_lib.network.endpoints import PROFILES, SERVICES, SESSION_SERVICES, services, zones

ZONES = ("us-west-2a", "us-west-2b", "us-west-2c")


def vpc(endpoints: EndpointProfile, nat: NatMode = "single", *, access_host: bool = False) -> Vpc:
    return Vpc(
        cidr="10.100.0.0/16",
        zones=ZONES,
        nat_gateways=nat,
        endpoints=endpoints,
        flow_log_retention_days=90,
        access_host=access_host,
        egress="none" if nat == "none" else "open",
        allowed_egress=(),
        tenancy="default",
    )


@pytest.mark.parametrize("profile", ["basic_one_az", "basic"])
def test_basic_profiles_cover_registry_secrets_tokens_and_cloudwatch(profile: EndpointProfile) -> None:
    assert services(vpc(profile)) == ("ecr.api", "ecr.dkr", "secretsmanager", "sts", "logs", "monitoring")


def test_full_covers_what_nodes_without_internet_call() -> None:
    assert set(services(vpc("full"))) >= {"eks", "eks-auth", "ec2", "sqs", "elasticloadbalancing", "ssm", "kms"}


def test_each_profile_holds_the_smaller_one() -> None:
    assert set(PROFILES["none"]) < set(PROFILES["basic_one_az"]) == set(PROFILES["basic"]) < set(PROFILES["full"])


def test_every_service_says_why_it_is_there() -> None:
    assert all(service.reason and service.action for service in SERVICES.values())


def test_one_az_profile_has_interfaces_in_the_first_zone_only() -> None:
    assert tuple(zones(vpc("basic_one_az"))) == ZONES[:1]
    assert tuple(zones(vpc("basic"))) == tuple(zones(vpc("full"))) == ZONES


def test_an_access_host_without_nat_brings_the_session_endpoints() -> None:
    assert services(vpc("none", "none", access_host=True)) == SESSION_SERVICES
    assert services(vpc("none", "single", access_host=True)) == ()


def test_session_endpoints_are_not_made_twice() -> None:
    chosen = services(vpc("full", "none", access_host=True))
    assert sorted(set(chosen)) == sorted(chosen)
