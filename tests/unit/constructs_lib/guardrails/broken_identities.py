"""Service accounts, associations, roles and trust that don't meet."""

from __future__ import annotations

from tests.unit.constructs_lib.guardrails.broken import Broken, json, values

IAM = "idp-foundation-iam"
DOCUMENTS = ("data", "aws_iam_policy_document")
ASSOCIATIONS = ("resource", "aws_eks_pod_identity_association")
ARGOCD, BACKSTAGE = "idp-platform-argocd", "idp-platform-backstage"
TEAM = "idp-teams-platform"
ROLES = "${data.terraform_remote_state.foundation_iam.outputs.workload_role_arns"


def trusted(role: str, condition: int) -> tuple[str | int, ...]:
    return (*DOCUMENTS, f"{role}_trust", "statement", 0, "condition", condition, "values")


REPO_SERVER = (*ASSOCIATIONS, "argocd_repo_server")
IDENTITIES = [
    Broken(
        rule="REF-3",
        what="a service account that no values name",
        change=values(BACKSTAGE, "backstage", "serviceAccount", "name", to="backstage"),
        said=(
            f"{BACKSTAGE}: aws_eks_pod_identity_association.backstage_sa: service_account:",
            "no release names backstage/backstage-sa",
            "iam/rows",
        ),
    ),
    Broken(
        rule="REF-3",
        what="a role that no output leads to",
        change=json(ARGOCD, *REPO_SERVER, "role_arn", to=f'{ROLES}["argo-sa"]}}'),
        said=(f"{ARGOCD}: aws_eks_pod_identity_association.argocd_repo_server: role_arn: leads to no role",),
    ),
    Broken(
        rule="REF-3",
        what="another's role",
        change=json(ARGOCD, *REPO_SERVER, "role_arn", to=f'{ROLES}["kyverno-sa"]}}'),
        said=(ARGOCD, f"the trust policy of {IAM} aws_iam_role.kyverno_sa doesn't admit argocd/argocd-repo-server"),
    ),
    Broken(
        rule="REF-3",
        what="a role that trusts another namespace",
        change=json(IAM, *trusted("backstage_sa", 2), to=["portal"]),
        said=(BACKSTAGE, "aws_iam_role.backstage_sa doesn't admit backstage/backstage-sa"),
    ),
    Broken(
        rule="REF-3",
        what="a role that trusts another account",
        change=json(IAM, *trusted("backstage_sa", 3), to=["portal"]),
        said=(BACKSTAGE, "aws_iam_role.backstage_sa doesn't admit backstage/backstage-sa"),
    ),
    Broken(
        rule="REF-3",
        what="the role of a team's executors that trusts no team",
        change=json(IAM, *DOCUMENTS, "argo_executor_sa_trust", "statement", "PodIdentityTeam"),
        said=(TEAM, "aws_iam_role.argo_executor_sa doesn't admit team-platform/argo-workflows-executor"),
    ),
    Broken(
        rule="REF-3",
        what="another cluster",
        change=json(ARGOCD, *REPO_SERVER, "cluster_name", to="idp-other"),
        said=(ARGOCD, "cluster_name:", "not cluster idp-other", "naming.cluster"),
    ),
    Broken(
        rule="REF-3",
        what="an add-on's role that trusts another namespace",
        change=json(IAM, *trusted("vpc_cni_sa", 2), to=["default"]),
        said=("idp-cluster-eks: aws_eks_addon.vpc_cni", "aws_iam_role.vpc_cni_sa doesn't admit kube-system/aws-node"),
    ),
    Broken(
        rule="REF-3",
        what="trust that nobody takes up",
        change=json(ARGOCD, *REPO_SERVER),
        said=(f"{IAM}: aws_iam_role.argocd_sa: trusts argocd/argocd-repo-server", "identities"),
    ),
    Broken(
        rule="REF-3",
        what="a bucket that no role of the stack may use",
        change=json(IAM, *DOCUMENTS, "backstage_sa", "statement", "Objects"),
        said=(BACKSTAGE, "values/backstage.yaml:", "bucketName:", "may use bucket idp-techdocs-", "iam/rows"),
    ),
]
