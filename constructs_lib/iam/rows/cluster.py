"""Identities of what the cluster itself runs: CNI, storage, load balancers, nodes."""

from __future__ import annotations

from constructs_lib.iam.rows.karpenter import SOURCE as KARPENTER_SOURCE
from constructs_lib.iam.rows.karpenter import karpenter_statements, volume_key
from constructs_lib.iam.rows.load_balancers import SOURCE as LOAD_BALANCER_SOURCE
from constructs_lib.iam.rows.load_balancers import load_balancer_statements
from constructs_lib.iam.workloads import Workload
from constructs_lib.karpenter.names import SERVICE_ACCOUNT

CLUSTER: tuple[Workload, ...] = (
    Workload(
        name="vpc-cni-sa",
        bindings=(("kube-system", "aws-node"),),
        managed=("AmazonEKS_CNI_Policy",),
        source="Amazon EKS User Guide, Configure Amazon VPC CNI plugin to use Pod Identity",
    ),
    Workload(
        name="ebs-csi-sa",
        bindings=(("kube-system", "ebs-csi-controller-sa"),),
        # Version 2 touches only what the driver tagged as its own.
        managed=("AmazonEBSCSIDriverPolicyV2",),
        statements=lambda naming, _deployment: volume_key(naming),
        source="Amazon EKS User Guide, Use Kubernetes volume storage with Amazon EBS (role, customer managed key)",
    ),
    Workload(
        name="load-balancer-sa",
        bindings=(("kube-system", "aws-load-balancer-controller"),),
        statements=load_balancer_statements,
        source=LOAD_BALANCER_SOURCE,
    ),
    Workload(
        name="karpenter-sa",
        bindings=(("kube-system", SERVICE_ACCOUNT),),
        statements=karpenter_statements,
        source=KARPENTER_SOURCE,
    ),
)
