"""The conformance pack's template: a CloudFormation document of AWS Config rules, written from the table. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from constructs_lib.account.conformance_rules import RULES, ManagedRule

# AWS Config API reference, PutConformancePack: TemplateBody, in bytes.
TEMPLATE_MAX = 51_200


def template(rules: Sequence[ManagedRule] = RULES) -> str:
    """The pack of ``rules`` as YAML. Each text is in double quotes, as JSON has it, so that "8.4.1" stays one.

    Raises ValueError where two rules have one identifier, or the template is longer than AWS Config takes.
    """
    lines = ["Resources:"]
    names = [rule.identifier for rule in rules]
    if len(set(names)) != len(names):
        raise ValueError("a rule stands twice in the conformance pack")
    for rule in sorted(rules):
        lines += [f"  {_logical(rule)}:", *_resource(rule)]
    text = "\n".join(lines) + "\n"
    if len(text.encode()) > TEMPLATE_MAX:
        raise ValueError(f"the conformance pack has {len(text.encode())} bytes, AWS Config takes {TEMPLATE_MAX}")
    return text


def _resource(rule: ManagedRule) -> list[str]:
    lines = [
        "    Type: AWS::Config::ConfigRule",
        "    Properties:",
        f"      ConfigRuleName: {rule.name}",
        f'      Description: "PCI DSS v4.0.1 {rule.requirement}"',
    ]
    if rule.parameters:
        lines.append("      InputParameters:")
        lines += [f"        {name}: {_quoted(value)}" for name, value in sorted(rule.parameters.items())]
    lines += ["      Source:", "        Owner: AWS", f"        SourceIdentifier: {rule.identifier}"]
    return lines


def _logical(rule: ManagedRule) -> str:
    """A logical id: letters and digits (AWS CloudFormation User Guide, "Resources")."""
    return "".join(part.capitalize() for part in rule.identifier.split("_"))


def _quoted(value: Any) -> str:
    return f'"{value}"'
