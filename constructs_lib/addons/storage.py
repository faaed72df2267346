"""EKS's own storage class, which must not stay the default beside ours."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_kubernetes.annotations import Annotations, AnnotationsMetadata

from constructs_lib.engine import TerraformResource
from constructs_lib.stack import PlatformStack


def unset_gp2(stack: PlatformStack, depends_on: Sequence[TerraformResource]) -> None:
    """Mark class ``gp2`` as no default: its volumes would be neither gp3 nor under the platform's key.

    EKS makes it in every cluster; from Kubernetes 1.30 on without the mark, which an upgraded cluster keeps. Source:
    Amazon EKS User Guide, "Review release notes for Kubernetes versions on extended support" (1.30).
    """
    stack.add(
        Annotations,
        "gp2",
        api_version="storage.k8s.io/v1",
        kind="StorageClass",
        metadata=AnnotationsMetadata(name="gp2"),
        annotations={"storageclass.kubernetes.io/is-default-class": "false"},
        # EKS owns the annotation where it set it.
        force=True,
        depends_on=list(depends_on),
    )
