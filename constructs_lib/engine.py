"""The one seam that names the engine (CDK for Terraform): everything else imports the engine from here.

How it is imported and started fast is ``constructs_lib.bindings``. Provider packages are imported by submodule only
(``cdktf_cdktf_provider_aws.vpc``).
"""

from __future__ import annotations

from cdktf import (
    App,
    DataTerraformRemoteStateS3,
    S3Backend,
    TerraformDataSource,
    TerraformElement,
    TerraformLocal,
    TerraformOutput,
    TerraformProvider,
    TerraformResource,
    TerraformResourceLifecycle,
    TerraformStack,
)
from constructs import Construct

__all__ = [
    "App",
    "Construct",
    "DataTerraformRemoteStateS3",
    "S3Backend",
    "TerraformDataSource",
    "TerraformElement",
    "TerraformLocal",
    "TerraformOutput",
    "TerraformProvider",
    "TerraformResource",
    "TerraformResourceLifecycle",
    "TerraformStack",
]
