"""A stock CDK for Terraform app, written as its own documentation shows: one VPC, no seam. The benchmark's baseline."""

from __future__ import annotations

import sys

from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.vpc import Vpc
from constructs import Construct


class Stack(TerraformStack):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        AwsProvider(self, "aws", region="us-west-2")
        Vpc(self, "vpc", cidr_block="10.100.0.0/16")


app = App(outdir=sys.argv[1])
Stack(app, "stock")
app.synth()
