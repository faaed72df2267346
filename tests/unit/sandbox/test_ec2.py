"""What the extension mends in moto's EC2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance

from sandbox.extension import ec2


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    # Set first, so that moto is as it was after the test.
    monkeypatch.setattr(NetworkInterface, "association", NetworkInterface.association)
    monkeypatch.setattr(Instance, "prep_nics", Instance.prep_nics)
    ec2._interfaces(NetworkInterface)
    ec2._instances(Instance)
    monkeypatch.setattr(EC2Backend, "delete_nat_gateway", EC2Backend.delete_nat_gateway)
    ec2._nat_gateways(EC2Backend)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield boto3.client("ec2", "us-west-2")


def test_an_instance_without_a_public_address_has_no_association_and_the_groups_of_its_interface(client: Any) -> None:
    vpc = client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = client.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    group = client.create_security_group(GroupName="host", Description="host", VpcId=vpc)["GroupId"]
    interface = {"DeviceIndex": 0, "SubnetId": subnet, "AssociatePublicIpAddress": False, "Groups": [group]}
    image = client.register_image(Name="host")["ImageId"]
    client.run_instances(ImageId=image, MinCount=1, MaxCount=1, NetworkInterfaces=[interface])
    (made,) = client.describe_instances()["Reservations"][0]["Instances"]
    assert "Association" not in made["NetworkInterfaces"][0]
    assert [each["GroupId"] for each in made["SecurityGroups"]] == [group]


def test_the_address_of_a_deleted_nat_gateway_is_free_for_another(client: Any) -> None:
    vpc = client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = client.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    address = client.allocate_address(Domain="vpc")["AllocationId"]
    for _ in range(2):
        gateway = client.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
        assert "AssociationId" in client.describe_addresses()["Addresses"][0]
        client.delete_nat_gateway(NatGatewayId=gateway)
        assert "AssociationId" not in client.describe_addresses()["Addresses"][0]
    client.release_address(AllocationId=address)
