"""The web ACL of a public load balancer: AWS's own rules, and a limit on requests."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.wafv2_web_acl import (
    Wafv2WebAcl,
    Wafv2WebAclDefaultAction,
    Wafv2WebAclDefaultActionAllow,
    Wafv2WebAclVisibilityConfig,
)

from constructs_lib.stack import PlatformStack

# AWS WAF Developer Guide, "AWS Managed Rules rule groups list": name → capacity units; 1,500 come at the base price.
MANAGED_RULES = {
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
}
# Requests of one address in five minutes.
RATE_LIMIT = 2000


def web_acl(stack: PlatformStack, name: str) -> str:
    """ARN of the web ACL ``<id>-<name>``."""
    physical = stack.naming.name(name)
    acl = stack.add(
        Wafv2WebAcl,
        name,
        name=physical,
        description=f"Requests to the load balancer {name}",
        scope="REGIONAL",
        default_action=Wafv2WebAclDefaultAction(allow=Wafv2WebAclDefaultActionAllow()),
        visibility_config=_visible(physical),
    )
    stack.serves(f"aws_wafv2_web_acl.{name}", "6.4.2")
    stack.waive(
        f"aws_wafv2_web_acl.{name}",
        CKV2_AWS_31="The load balancer's access log says what the web ACL refused; samples and metrics are on.",
    )
    rules = [_rate(), *(_managed(place, group) for place, group in enumerate(MANAGED_RULES, start=1))]
    # The bindings' rule block is recursive and cut off at a depth; as plain JSON it is readable as well.
    stack.override(f"resource.aws_wafv2_web_acl.{name}.rule", rules)
    return acl.arn


def _visible(metric: str) -> Wafv2WebAclVisibilityConfig:
    return Wafv2WebAclVisibilityConfig(
        cloudwatch_metrics_enabled=True, metric_name=metric, sampled_requests_enabled=True
    )


def _visibility(metric: str) -> dict[str, object]:
    return {"cloudwatch_metrics_enabled": True, "metric_name": metric, "sampled_requests_enabled": True}


def _rate() -> dict[str, object]:
    return {
        "name": "rate",
        "priority": 0,
        "action": {"block": {}},
        "statement": {"rate_based_statement": {"limit": RATE_LIMIT, "aggregate_key_type": "IP"}},
        "visibility_config": _visibility("rate"),
    }


def _managed(place: int, group: str) -> dict[str, object]:
    return {
        "name": group,
        "priority": place,
        # As the group says: some of its rules only count.
        "override_action": {"none": {}},
        "statement": {"managed_rule_group_statement": {"name": group, "vendor_name": "AWS"}},
        "visibility_config": _visibility(group),
    }
