"""Things that two stacks own."""

from __future__ import annotations

from tests.unit.constructs_lib.guardrails.broken import Broken, both, json, values

DATA, EKS, IAM = "idp-foundation-data", "idp-cluster-eks", "idp-foundation-iam"
ARGOCD, WORKFLOWS, TEAMS = "idp-platform-argocd", "idp-platform-argo-workflows", "idp-teams-shared"
BUCKET = "idp-tfstate-example-org-111122223333-us-west-2"
POLICY = ("resource", "aws_s3_bucket_policy")
ADDON = {"cluster_name": "idp-platform", "addon_name": "vpc-cni"}

OBJECTS = [
    Broken(
        rule="REF-6",
        what="a service account of two releases",
        change=values(WORKFLOWS, "workflow-accounts", "serviceAccounts", "+", to={"name": "argo-workflows-executor"}),
        said=(
            f"{WORKFLOWS}: helm_release.workflow_accounts: values/workflow-accounts.yaml:",
            f"ServiceAccount argo/argo-workflows-executor is made by {WORKFLOWS} helm_release.argo_workflows, too",
            "leave it to one of them",
        ),
    ),
    Broken(
        rule="REF-6",
        what="a Secret that the chart makes itself",
        change=values(
            ARGOCD,
            *("argocd-base", "externalSecrets", "argocd-github-app", "name"),
            to="argocd-secret",
        ),
        said=(ARGOCD, f"Secret argocd/argocd-secret is made by {ARGOCD} helm_release.argocd, too"),
    ),
    Broken(
        rule="REF-6",
        what="a namespace of two stacks",
        change=values(TEAMS, "shared-namespaces", "namespaces", "staging", "name", to="argocd"),
        said=(TEAMS, "Namespace argocd is made by idp-cluster-addons helm_release.cluster_base, too"),
    ),
    Broken(
        rule="REF-6",
        what="an ingress class of two stacks",
        change=values(TEAMS, "team-load-balancer", "balancers", "teams", "name", to="alb"),
        said=(TEAMS, "IngressClass alb", "helm_release.aws_load_balancer_controller, too"),
    ),
    Broken(
        rule="REF-6",
        what="a release of two stacks",
        change=both(
            json(WORKFLOWS, "resource", "helm_release", "argo_workflows_base", "name", to="argocd"),
            json(WORKFLOWS, "resource", "helm_release", "argo_workflows_base", "namespace", to="argocd"),
        ),
        said=(WORKFLOWS, f"release argocd/argocd is made by {ARGOCD} helm_release.argocd, too"),
    ),
]

PHYSICAL = [
    Broken(
        rule="REF-7",
        what="a bucket of two stacks",
        change=json(DATA, "resource", "aws_s3_bucket", "techdocs", "bucket", to=BUCKET),
        said=(f"{DATA}: aws_s3_bucket.techdocs: bucket: {BUCKET} is owned by idp-bootstrap aws_s3_bucket.", "naming"),
    ),
    Broken(
        rule="REF-7",
        what="a role of two stacks",
        change=json(EKS, "resource", "aws_iam_role", "second", to={"name": "idp-backstage-sa"}),
        said=(f"{EKS}: aws_iam_role.second: name: ", f"{IAM} aws_iam_role.backstage_sa, too"),
    ),
    Broken(
        rule="REF-7",
        what="a role of two deployments in one account",
        change=both(
            json(EKS, "resource", "aws_iam_role", "second", to={"name": "idp-backstage-sa"}),
            json(EKS, "provider", "aws", 0, "default_tags", 0, "tags", "deployment", to="other"),
        ),
        said=(f"{EKS}: aws_iam_role.second: name: ", f"{IAM} aws_iam_role.backstage_sa, too"),
    ),
    Broken(
        rule="REF-7",
        what="an association of two stacks",
        change=json(
            WORKFLOWS,
            *("resource", "aws_eks_pod_identity_association", "second"),
            to={"cluster_name": "idp-platform", "namespace": "argocd", "service_account": "argocd-repo-server"},
        ),
        said=(WORKFLOWS, "idp-platform argocd argocd-repo-server", f"{ARGOCD} aws_eks_pod_identity_association."),
    ),
    Broken(
        rule="REF-7",
        what="an add-on of two stacks, one by reference",
        change=json("idp-cluster-addons", "resource", "aws_eks_addon", "second", to=ADDON),
        said=(
            "idp-cluster-addons: aws_eks_addon.second",
            f"idp-platform vpc-cni is owned by {EKS} aws_eks_addon.vpc_cni",
        ),
    ),
    Broken(
        rule="REF-7",
        what="two policies of a bucket",
        change=json(
            "idp-cluster-addons",
            *("resource", "aws_s3_bucket_policy", "second"),
            to={"bucket": "idp-artifacts-example-org-111122223333-us-west-2"},
        ),
        said=("idp-cluster-addons", f"{DATA} aws_s3_bucket_policy.artifacts, too"),
    ),
    Broken(
        rule="REF-7",
        what="settings that an account has once",
        change=json(EKS, "resource", "aws_ebs_encryption_by_default", to={"second": {"enabled": True}}),
        said=(f"{EKS}: aws_ebs_encryption_by_default.second: the only one of its kind:", "idp-account"),
    ),
]

OWNERS = [*OBJECTS, *PHYSICAL]
