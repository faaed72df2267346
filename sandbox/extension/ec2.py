"""What moto's EC2 gets wrong: monitoring, tags of launch templates, descriptions of rules, what goes with something."""

from __future__ import annotations

import inspect
from typing import Any


def patch() -> None:
    from moto.ec2.models import EC2Backend
    from moto.ec2.models.elastic_network_interfaces import NetworkInterface
    from moto.ec2.models.instances import Instance
    from moto.ec2.models.security_groups import SecurityGroupRule
    from moto.ec2.responses.monitoring import Monitoring

    Monitoring.monitor_instances = _monitoring("enabled")
    Monitoring.unmonitor_instances = _monitoring("disabled")
    _interfaces(NetworkInterface)
    _instances(Instance)
    _rules(SecurityGroupRule)
    _templates(EC2Backend)
    _vpcs(EC2Backend)
    _nat_gateways(EC2Backend)


def _monitoring(state: str) -> Any:
    """MonitorInstances and UnmonitorInstances, which moto lacks (EC2 API reference)."""

    def change(self: Any) -> Any:
        from moto.core.responses import ActionResult

        changed = self.ec2_backend.get_multi_instances_by_id(self._get_param("InstanceIds", []))
        for instance in changed:
            instance.monitoring_state = state
        shown = [{"InstanceId": instance.id, "Monitoring": {"State": state}} for instance in changed]
        return ActionResult({"InstanceMonitorings": shown})

    return change


def _interfaces(interface: Any) -> None:
    original = interface.association.fget

    def association(self: Any) -> Any:
        """Nothing without a public address (EC2 API reference, InstanceNetworkInterface); moto has it empty, which the
        provider takes for an address."""
        return original(self) or None

    interface.association = property(association)


def _instances(instance: Any) -> None:
    original = instance.prep_nics

    def prep_nics(self: Any, *args: Any, **kwargs: Any) -> None:
        """An instance has the groups of its first interface, however they were given (EC2 API reference, Instance).
        Interfaces made with it go with it (EC2 User Guide, "Delete a network interface")."""
        there = set(self.ec2_backend.enis)
        original(self, *args, **kwargs)
        for interface in self.nics.values():
            interface.delete_on_termination = interface.delete_on_termination or interface.id not in there
        if not self.security_groups and 0 in self.nics:
            self.security_groups = list(self.nics[0].group_set)

    instance.prep_nics = prep_nics


def _templates(backend: Any) -> None:
    original = backend.create_launch_template

    def create_launch_template(self: Any, name: str, description: str, data: dict[str, Any], tags: Any) -> Any:
        """The template's own tags aren't part of what it launches with (EC2 API reference, CreateLaunchTemplate)."""
        if "TagSpecifications" in data:
            own = [item for item in data["TagSpecifications"] if item["ResourceType"] != "launch-template"]
            data = {key: value for key, value in data.items() if key != "TagSpecifications"}
            data |= {"TagSpecifications": own} if own else {}
        return original(self, name, description, data, tags)

    backend.create_launch_template = create_launch_template


def _vpcs(backend: Any) -> None:
    original = backend.delete_vpc

    def delete_vpc(self: Any, vpc_id: str) -> Any:
        """A VPC's default network ACL goes with it (Amazon VPC User Guide, "Delete your VPC")."""
        vpc = original(self, vpc_id)
        for identifier in [key for key, acl in self.network_acls.items() if acl.vpc_id == vpc_id and acl.default]:
            del self.network_acls[identifier]
        return vpc

    backend.delete_vpc = delete_vpc


def _nat_gateways(backend: Any) -> None:
    original = backend.delete_nat_gateway

    def delete_nat_gateway(self: Any, nat_gateway_id: str) -> Any:
        """A gateway's network interface goes with it (Amazon VPC User Guide, "Delete a NAT gateway"); its address is
        disassociated, and not released (EC2 API reference, DeleteNatGateway)."""
        gateway = original(self, nat_gateway_id)
        for address in self.addresses:
            if address.eni is gateway._eni:
                self.disassociate_address(association_id=address.association_id)
        self.enis.pop(gateway._eni.id, None)
        return gateway

    backend.delete_nat_gateway = delete_nat_gateway


def _rules(rule: Any) -> None:
    original = rule.__init__
    parameters = inspect.signature(original)

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        """A rule keeps its description, whatever its other end is; moto keeps those of address ranges only."""
        original(self, *args, **kwargs)
        given = parameters.bind(self, *args, **kwargs).arguments
        ends = (given.get("source_group"), given.get("prefix_list_id"))
        self.description_of_end = next((end["Description"] for end in ends if end and end.get("Description")), None)

    rule.__init__ = __init__
    rule.description = property(lambda self: self.ip_range.get("Description") or self.description_of_end)
