"""What a killed apply made and no state holds: found in AWS, and taken over by the next apply.

The engine stores a state every 20 seconds at most while it applies, and never more often (OpenTofu,
TF_STATE_PERSIST_INTERVAL; Terraform has the same pause). What was made since the last time is in AWS and in no state.
It is looked for by names that the JSON fixes, and by the tags that each stack's provider gives.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from idp.errors import OperationError
from idp.importable import TAGGED, import_id, resolved
from idp.operation import QUIET, Operation
from idp.output import Stack
from idp.protection import protected
from idp.workspace import RECOVERED, attributes, tainted

# How the engine says that nothing has the id of an import block; the address is quoted in the text.
ABSENT = re.compile(r'existing object to "([^"]+)", the\s+provider detected that no object exists')
# How the provider says it of an association, by the ids of both sides and without the address.
NO_ASSOCIATION = "No association found"
_ENDED = ("deleting", "deleted", "failed")
_ID_ATTRIBUTES = frozenset({"id", "allocation_id", "key_id", "arn"})
_RULES = {"aws_vpc_security_group_ingress_rule": False, "aws_vpc_security_group_egress_rule": True}
_RULE_FIELDS = {
    "IpProtocol": "ip_protocol",
    "FromPort": "from_port",
    "ToPort": "to_port",
    "CidrIpv4": "cidr_ipv4",
    "Description": "description",
}


@dataclass(kw_only=True)
class Search:
    """One stack: ``held`` are the resources of its state with their attributes, ``found`` address → id of the others.

    ``client`` gives boto3's client of a service. ``several`` are addresses of which AWS holds more than one;
    ``cut_short`` are those whose making ended in the middle and that nothing may replace.
    """

    stack: Stack
    client: Callable[[str], Any]
    held: Mapping[str, Mapping[str, Any]]
    given: Mapping[str, str]
    found: dict[str, str] = field(default_factory=dict)
    several: dict[str, list[str]] = field(default_factory=dict)
    cut_short: tuple[str, ...] = ()

    @property
    def missing(self) -> dict[str, Mapping[str, Any]]:
        """Resources of the stack that neither its state holds nor was found yet."""
        known = self.held.keys() | self.found.keys()
        return {address: arguments for address, arguments in self.stack.resources() if address not in known}

    def run(self) -> None:
        """Look for everything: first what stands by itself, then what is named after others."""
        self._tagged()
        self._keys()
        before = -1
        while len(self.found) > before:
            before = len(self.found)
            for address, arguments in self.missing.items():
                found = import_id(address.partition(".")[0], arguments, self.given, self._lookup)
                if found is not None:
                    self.found[address] = found
        self._rules()

    def _lookup(self, address: str, attribute: str) -> str | None:
        if address in self.held:
            value = self.held[address].get(attribute)
            return None if value is None else str(value)
        if address in self.found and attribute in _ID_ATTRIBUTES:
            return self.found[address]
        arguments = dict(self.stack.resources()).get(address, {})
        return resolved(arguments.get(attribute), self._lookup)

    def _one(self, address: str, ids: list[str]) -> None:
        free = sorted(set(ids) - {str(each.get("id")) for each in self.held.values()})
        if len(free) == 1:
            self.found[address] = free[0]
        elif free:
            self.several[address] = free

    def _tagged(self) -> None:
        """What EC2 lists with the tag ``stack`` of this one, and ``Name`` to tell one from another."""
        own: dict[tuple[str, str], list[str]] = defaultdict(list)
        for kind in sorted({address.partition(".")[0] for address in self.missing} & TAGGED.keys()):
            for name, found in self._of(kind):
                own[kind, name].append(found)
        for address, arguments in self.missing.items():
            self._one(address, own[address.partition(".")[0], arguments.get("tags", {}).get("Name", "")])

    def _of(self, kind: str) -> Iterator[tuple[str, str]]:
        """(Name, id) of what is of this stack, but for what has ended: EC2 lists gateways for an hour after that."""
        operation, items, key = TAGGED[kind]
        client = self.client("ec2")
        paged = client.can_paginate(operation)
        for page in client.get_paginator(operation).paginate() if paged else [getattr(client, operation)()]:
            for each in page[items]:
                tags = {tag["Key"]: tag["Value"] for tag in each.get("Tags", [])}
                if tags.get("stack") == self.stack.name and str(each.get("State")).lower() not in _ENDED:
                    yield tags.get("Name", ""), each[key]

    def _keys(self) -> None:
        """Keys, by the tag ``stack`` and their description."""
        wanted = {each: args for each, args in self.missing.items() if each.startswith("aws_kms_key.")}
        if not wanted:
            return
        kms = self.client("kms")
        own: dict[str, list[str]] = defaultdict(list)
        for page in kms.get_paginator("list_keys").paginate():
            for key in page["Keys"]:
                told = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
                if told["KeyManager"] == "CUSTOMER" and told["KeyState"] != "PendingDeletion":
                    tags = kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]
                    if {"TagKey": "stack", "TagValue": self.stack.name} in tags:
                        own[told["Description"]].append(key["KeyId"])
        for address, arguments in wanted.items():
            self._one(address, own[arguments.get("description", "")])

    def _rules(self) -> None:
        """Rules of security groups, which have no name: by all that they say."""
        for address, arguments in self.missing.items():
            egress = _RULES.get(address.partition(".")[0])
            group = resolved(arguments.get("security_group_id"), self._lookup)
            if egress is None or group is None:
                continue
            filters = [{"Name": "group-id", "Values": [group]}]
            rules = self.client("ec2").describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
            same = [each for each in rules if each["IsEgress"] is egress and _says(each, arguments)]
            self._one(address, [each["SecurityGroupRuleId"] for each in same])


def _says(rule: Mapping[str, Any], arguments: Mapping[str, Any]) -> bool:
    def same(theirs: str, ours: str) -> bool:
        # EC2 answers -1 for the ports of a rule for all protocols.
        there = rule.get(theirs)
        return (None if there in (-1, "") else there) == arguments.get(ours)

    return all(same(theirs, ours) for theirs, ours in _RULE_FIELDS.items())


def recover(operation: Operation, stack: Stack, client: Callable[[str], Any]) -> Search:
    """Write import blocks for what AWS holds of ``stack`` and its state doesn't into the working copy.

    They stay until an apply has taken them over. What was cut short while it was made is marked in the state to be
    replaced; the mark is taken from what ``prevent_destroy`` guards, so that a plan compares it instead. Nothing else
    is changed. Raises OperationError where AWS can't be asked, and where more than one thing answers to an address.
    """
    directory = operation.init(stack)
    (directory / RECOVERED).unlink(missing_ok=True)
    text = operation.engine.run(directory, "state", "pull").text
    provider = stack.document["provider"]["aws"][0]
    # The only account that the stack's provider admits.
    given = {"account": provider["allowed_account_ids"][0], "region": provider["region"]}
    state = json.loads(text or "{}")
    marked = tainted(state)
    guarded = tuple(each for each in protected(stack) if each in marked)
    search = Search(stack=stack, client=client, held=attributes(state), given=given, cut_short=guarded)
    try:
        search.run()
    except (BotoCoreError, ClientError) as error:
        raise OperationError(
            f"{stack.name}: can't look for what was made: {error}",
            remedy="nothing was changed; check credentials and rights to list, then run the same command again",
        ) from None
    if search.several:
        listed = "\n".join(f"  {address}: {', '.join(ids)}" for address, ids in sorted(search.several.items()))
        raise OperationError(
            f"{stack.name}: AWS holds more than one of\n{listed}",
            remedy="nothing was changed; delete those that nothing uses, then run the same command again",
        )
    for address in guarded:
        operation.engine.run(directory, "untaint", "-no-color", address)
    _narrow(operation, directory, search)
    return search


def absent_of(problems: str, found: Mapping[str, str]) -> set[str]:
    """Addresses of ``found`` of which a plan's ``problems`` say that nothing is there."""
    named = set(ABSENT.findall(problems)) & found.keys()
    apart = [line for line in problems.splitlines() if NO_ASSOCIATION in line]
    return named | {
        address
        for address, name in found.items()
        if "/" in name and any(all(part in line.split() for part in name.split("/")) for line in apart)
    }


def _narrow(operation: Operation, directory: Path, search: Search) -> None:
    """Leave out what a plan says isn't there. Raises OperationError where the plan fails for another reason."""
    while search.found:
        blocks = [{"to": address, "id": found} for address, found in sorted(search.found.items())]
        (directory / RECOVERED).write_text(json.dumps({"import": blocks}, indent=2) + "\n", encoding="utf-8")
        parallel = f"-parallelism={operation.engine.parallelism}"
        planned = operation.engine.attempt(directory, "plan", *QUIET, "-json", "-lock=false", parallel)
        absent = absent_of(planned.progress.problems, search.found)
        if planned.code == 0:
            return
        (directory / RECOVERED).unlink()
        if not absent:
            raise OperationError(
                f"{search.stack.name}: can't plan with what was found\n{planned.progress.problems}",
                remedy="nothing in AWS was changed; correct the cause and run the same command again",
            )
        for address in absent:
            del search.found[address]
