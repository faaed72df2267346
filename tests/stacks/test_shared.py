"""Tests of the shared stack's JSON: repositories, caches, zone and certificate, owned or used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from config.loader import load_one
from constructs_lib.guardrails.rules import RULES
from constructs_lib.registry.table import REPOSITORIES
from stacks.foundation.shared import SharedStack
from tests.synth import StackJson

DATA_KEY = "${data.terraform_remote_state.foundation_data.outputs.data_key_arn}"
USER = {"deployment:shared:owner": False, "deployment:shared:registryAccount": "444455556666"}
ZONE = {"deployment:shared:zoneId": "Z0123456789ABC"}

Build = Callable[..., StackJson]


@pytest.fixture(scope="module")
def stack(synth_stack: Build, shipped_context: dict[str, Any]) -> StackJson:
    keys = {key: value for key, value in shipped_context.items() if key != "deployments"}
    return synth_stack(SharedStack, load_one(keys, source="test.json"))


@pytest.fixture
def built(synth_stack: Build, deployment_with: Callable[..., Deployment]) -> Build:
    def build(changes: dict[str, Any]) -> StackJson:
        return synth_stack(SharedStack, deployment_with(changes))

    return build


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.id != "STK-2"], ids=lambda rule: rule.id)
def test_guardrails_hold(stack: StackJson, rule: Any) -> None:
    # STK-2 compares with the producers, which this single stack lacks.
    assert list(rule.check({stack.name: stack.document})) == []


@pytest.mark.proves("6.3.1", "6.5.1")
def test_repositories_are_immutable_scanned_encrypted_and_kept(stack: StackJson) -> None:
    repositories = stack.of_type("aws_ecr_repository")
    assert {repository["name"] for repository in repositories.values()} == {row.full_name for row in REPOSITORIES}
    for repository in repositories.values():
        assert repository["name"].startswith("platform/")
        assert repository["image_tag_mutability"] == "IMMUTABLE"
        assert repository["image_scanning_configuration"]["scan_on_push"] is True
        assert repository["encryption_configuration"] == [{"encryption_type": "KMS", "kms_key": DATA_KEY}]
        assert repository["lifecycle"]["prevent_destroy"] is True


def test_every_repository_has_a_lifecycle_that_fits_how_it_is_filled(stack: StackJson) -> None:
    policies = stack.of_type("aws_ecr_lifecycle_policy")
    assert set(policies) == set(stack.of_type("aws_ecr_repository"))
    for row in REPOSITORIES:
        (policy,) = (
            p["policy"]
            for p in policies.values()
            if row.full_name.replace("/", "_").replace("-", "_") in p["repository"]
        )
        assert ("document.mirrored." in policy) == (row.mirrors is not None)
    kept = stack.resource("data.aws_ecr_lifecycle_policy_document.mirrored")["rule"]
    assert [rule["selection"][0]["tag_status"] for rule in kept] == ["untagged"]


def test_images_of_previews_go_after_days_and_no_others_by_their_tag(stack: StackJson) -> None:
    rules = stack.resource("data.aws_ecr_lifecycle_policy_document.built")["rule"]
    tagged = [each["selection"][0] for each in rules if each["selection"][0]["tag_status"] == "tagged"]
    (selection,) = tagged
    assert selection["tag_prefix_list"] == ["pr-"]
    assert (selection["count_type"], selection["count_unit"]) == ("sinceImagePushed", "days")
    # A preview stays for a day.
    assert selection["count_number"] >= 7
    # ECR takes a rule of any tag as the last one alone.
    assert [each["priority"] for each in rules] == [1, 2, 3]
    assert rules[-1]["selection"][0]["tag_status"] == "any"


def test_nobody_else_may_pull_unless_declared(stack: StackJson, built: Build) -> None:
    assert not stack.of_type("aws_ecr_repository_policy")
    open_to = built({"deployment:shared:consumerAccounts": ["444455556666"]})
    assert set(open_to.of_type("aws_ecr_repository_policy")) == set(open_to.of_type("aws_ecr_repository"))
    (statement,) = open_to.statements("consumers")
    assert statement["principals"] == [{"type": "AWS", "identifiers": ["arn:aws:iam::444455556666:root"]}]
    assert not [action for action in statement["actions"] if "Put" in action or "Upload" in action or "*" in action]
    for template in open_to.of_type("aws_ecr_repository_creation_template").values():
        assert template["repository_policy"] == "${data.aws_iam_policy_document.consumers.json}"


def test_every_upstream_has_a_template_that_protects_what_it_caches(stack: StackJson) -> None:
    templates = stack.of_type("aws_ecr_repository_creation_template")
    assert {template["prefix"] for template in templates.values()} == {
        "docker-hub",
        "ecr-public",
        "github",
        "kubernetes",
        "quay",
    }
    for template in templates.values():
        assert template["applied_for"] == ["PULL_THROUGH_CACHE"]
        assert template["image_tag_mutability"] == "IMMUTABLE"
        assert template["encryption_configuration"] == [{"encryption_type": "KMS", "kms_key": DATA_KEY}]
        assert template["custom_role_arn"] == "${aws_iam_role.ecr_creation.arn}"
        assert template["resource_tags"]["deployment"] == "idp"


def test_the_role_of_the_templates_makes_cached_repositories_only(stack: StackJson) -> None:
    repositories, key = stack.statements("ecr_creation")
    assert all("repository/" in arn and not arn.endswith("repository/*") for arn in repositories["resources"])
    assert key["resources"] == [DATA_KEY]
    (trust,) = stack.statements("ecr_creation_trust")
    assert trust["principals"] == [{"type": "Service", "identifiers": ["ecr.amazonaws.com"]}]


def test_a_cache_that_needs_a_credential_waits_until_it_is_stored(stack: StackJson, built: Build) -> None:
    assert set(stack.of_type("aws_ecr_pull_through_cache_rule")) == {"ecr_public", "kubernetes", "quay"}
    stored = built({"deployment:shared:cacheCredentials": ["github", "docker-hub"]})
    rules = stored.of_type("aws_ecr_pull_through_cache_rule")
    assert rules["docker_hub"]["upstream_registry_url"] == "registry-1.docker.io"
    assert rules["docker_hub"]["credential_arn"] == "${aws_secretsmanager_secret.docker_hub.arn}"
    assert rules["github"]["upstream_registry_url"] == "ghcr.io"
    assert "credential_arn" not in rules["quay"]


def test_a_rule_is_made_after_its_template(stack: StackJson) -> None:
    for name, rule in stack.of_type("aws_ecr_pull_through_cache_rule").items():
        assert rule["depends_on"] == [f"aws_ecr_repository_creation_template.{name}"]


def test_credentials_are_empty_named_as_ecr_wants_and_under_the_key_of_aws(stack: StackJson) -> None:
    secrets = stack.of_type("aws_secretsmanager_secret")
    assert {secret["name"] for secret in secrets.values()} == {
        "ecr-pullthroughcache/docker-hub",
        "ecr-pullthroughcache/github",
    }
    assert all("kms_key_id" not in secret for secret in secrets.values())
    assert set(stack.of_type("aws_secretsmanager_secret_policy")) == set(secrets)
    assert not stack.of_type("aws_secretsmanager_secret_version")


def test_the_zone_is_made_kept_and_names_who_may_issue(stack: StackJson) -> None:
    zone = stack.resource("aws_route53_zone.zone")
    assert zone["name"] == "example.com"
    assert zone["lifecycle"]["prevent_destroy"] is True
    authorities = stack.resource("aws_route53_record.authorities")
    assert authorities["type"] == "CAA"
    assert '0 issue "amazon.com"' in authorities["records"]


def test_a_configured_zone_is_looked_up_and_its_authorities_left_alone(built: Build) -> None:
    stack = built(ZONE)
    assert not stack.of_type("aws_route53_zone")
    assert stack.resource("data.aws_route53_zone.zone")["zone_id"] == "Z0123456789ABC"
    assert set(stack.of_type("aws_route53_record")) == {"validation"}


@pytest.mark.proves("4.2.1")
def test_the_certificate_covers_domain_and_subdomains_and_is_waited_for(stack: StackJson) -> None:
    certificate = stack.resource("aws_acm_certificate.platform")
    assert certificate["domain_name"] == "example.com"
    assert certificate["subject_alternative_names"] == ["*.example.com"]
    assert certificate["validation_method"] == "DNS"
    assert certificate["lifecycle"]["create_before_destroy"] is True
    assert stack.outputs["certificate_arn"] == "${aws_acm_certificate_validation.platform.certificate_arn}"


def test_a_configured_certificate_is_used(built: Build) -> None:
    arn = "arn:aws:acm:us-west-2:111122223333:certificate/11111111-2222-3333-4444-555555555555"
    stack = built({"deployment:shared:certificateArn": arn})
    assert not stack.of_type("aws_acm_certificate")
    assert stack.outputs["certificate_arn"] == arn


def test_who_owns_nothing_uses_registry_and_zone_of_another(built: Build) -> None:
    stack = built(USER | ZONE)
    assert not [kind for kind, _, _ in stack.resources() if kind.startswith(("aws_ecr_", "aws_secretsmanager_"))]
    assert stack.outputs["registry"] == "444455556666.dkr.ecr.us-west-2.amazonaws.com"
    assert stack.outputs["zone_id"] == "${data.aws_route53_zone.zone.zone_id}"
    assert stack.of_type("aws_acm_certificate")


def test_replicas_of_another_account_are_protected_as_the_originals(built: Build) -> None:
    stack = built(ZONE | {"deployment:shared:owner": False, "deployment:shared:replicationSource": "444455556666"})
    (template,) = stack.of_type("aws_ecr_repository_creation_template").values()
    assert template["prefix"] == "ROOT"
    assert template["applied_for"] == ["REPLICATION"]
    assert template["image_tag_mutability"] == "IMMUTABLE"
    assert template["encryption_configuration"] == [{"encryption_type": "KMS", "kms_key": DATA_KEY}]
