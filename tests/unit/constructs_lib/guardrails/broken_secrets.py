"""Secrets that nobody makes, may read or reads."""

from __future__ import annotations

from tests.unit.constructs_lib.guardrails.broken import Broken, both, json, values

DATA, IAM = "idp-foundation-data", "idp-foundation-iam"
DOCUMENTS = ("data", "aws_iam_policy_document")
ASSOCIATIONS = ("resource", "aws_eks_pod_identity_association")
SECRETS = ("resource", "aws_secretsmanager_secret")
ARGOCD, BACKSTAGE, ESO = "idp-platform-argocd", "idp-platform-backstage", "idp-platform-external-secrets"
EVENTS, JOB, TEAM = "idp-platform-argo-events", "idp-platform-database-bootstrap", "idp-teams-platform"
OAUTH = ("externalSecrets", "argocd-github-oauth")
SETTINGS = ("settings", "components")
# A path that the role of Backstage reads by itself.
OWN_PATH = json(DATA, *SECRETS, "api_argo_events", "name", to="/idp/backstage/keys")
ANALYSIS_ROLE = "arn:aws:iam::111122223333:role/idp-analysis-secrets"
ROLES = "${data.terraform_remote_state.foundation_iam.outputs.workload_role_arns"


def reads(role: str) -> tuple[str | int, ...]:
    return (*DOCUMENTS, role, "statement", "ReadSecrets", "resources")


def arn(path: str) -> str:
    return f"arn:aws:secretsmanager:us-west-2:111122223333:secret:{path}"


PATHS = [
    Broken(
        rule="REF-1",
        what="a path that is no secret",
        change=values(ARGOCD, "argocd-base", *OAUTH, "key", to="nobody"),
        said=(
            f"{ARGOCD}: helm_release.argocd_base",
            "values/argocd-base.yaml: externalSecrets.argocd-github-oauth.key:",
            "/idp/oauth/nobody",
            "data/secrets_table.py",
        ),
    ),
    Broken(
        rule="REF-1",
        what="a secret that is gone",
        change=json(DATA, *SECRETS, "oauth_argocd"),
        said=(ARGOCD, "no stack makes the secret /idp/oauth/argocd"),
    ),
    Broken(
        rule="REF-1",
        what="a secret of another deployment",
        change=json(DATA, "provider", "aws", 0, "default_tags", 0, "tags", "deployment", to="other"),
        said=(ARGOCD, "no stack makes the secret /idp/oauth/argocd"),
    ),
    Broken(
        rule="REF-1",
        what="a store that nobody makes",
        change=values(ARGOCD, "argocd-base", *OAUTH, "store", to="platform-login"),
        said=(
            ARGOCD,
            "argocd-github-oauth.store: no release makes ClusterSecretStore platform-login",
            "platform-oauth",
        ),
    ),
    Broken(
        rule="REF-1",
        what="a store that is closed to the namespace",
        change=values(ESO, "secret-stores", "stores", "platform-oauth", "namespaces", "argocd"),
        said=(ARGOCD, "platform-oauth is closed to namespace argocd", "(into)"),
    ),
    Broken(
        rule="REF-1",
        what="a role that may not read",
        change=json(IAM, *reads("external_secrets_sa"), to=[arn("/idp/db/*"), arn("/idp/api/*")]),
        said=(
            ARGOCD,
            "aws_iam_role.external_secrets_sa may not secretsmanager:GetSecretValue /idp/oauth/argocd",
            "iam/rows",
        ),
    ),
    Broken(
        rule="REF-1",
        what="a role that is denied",
        change=json(
            IAM,
            *(*DOCUMENTS, "external_secrets_sa", "statement", "+"),
            to={"effect": "Deny", "actions": ["secretsmanager:*"], "resources": [arn("/idp/oauth/*")]},
        ),
        said=(ARGOCD, "may not secretsmanager:GetSecretValue /idp/oauth/argocd"),
    ),
    Broken(
        rule="REF-1",
        what="nobody who reads",
        change=json(ESO, *ASSOCIATIONS, "external_secrets"),
        said=(ARGOCD, "nobody reads /idp/oauth/argocd", "associate"),
    ),
    Broken(
        rule="REF-1",
        what="a property that the job doesn't write",
        change=values(BACKSTAGE, "backstage-base", "externalSecrets", "backstage-database", "keys", "P", to="passwd"),
        said=(BACKSTAGE, "backstage-database.keys:", "no property passwd", "password"),
    ),
    Broken(
        rule="REF-1",
        what="a random key that the job doesn't write",
        change=values(JOB, "database-bootstrap", "settings", "randomKeys", 0, "keys", to=["backend-secret"]),
        said=(BACKSTAGE, "backstage-keys.keys:", "no property session-secret"),
    ),
    Broken(
        rule="REF-1",
        what="a store that is closed to namespaces of teams",
        change=values(ESO, "secret-stores", "stores", "platform-analysis", "scopes", to=["staging"]),
        said=(TEAM, "rollout-analysis.store: platform-analysis is closed to namespace team-platform", "(scopes)"),
    ),
    Broken(
        rule="REF-1",
        what="a shared store of a role that nobody makes",
        change=values(ESO, "secret-stores", "stores", "platform-analysis", "role", to=ANALYSIS_ROLE + "s"),
        said=(TEAM, f"platform-analysis reads as {ANALYSIS_ROLE}s, which no stack makes", "iam/roles.py"),
    ),
    Broken(
        rule="REF-1",
        what="a shared store of a role that may not read",
        change=json(IAM, *reads("analysis_secrets"), to=[arn("/idp/api/*")]),
        said=(TEAM, "aws_iam_role.analysis_secrets may not secretsmanager:GetSecretValue /idp/analysis/grafana-cloud"),
    ),
    Broken(
        rule="REF-1",
        what="a shared store of a role that its reader may not become",
        change=json(IAM, *DOCUMENTS, "external_secrets_sa", "statement", "BecomeTeams"),
        said=(TEAM, f"rollout-analysis.store: {IAM} aws_iam_role.external_secrets_sa may not become {ANALYSIS_ROLE}"),
    ),
    Broken(
        rule="REF-1",
        what="a team's store beyond its role",
        change=values(TEAM, "team-platform", "secretStore", "prefix", to="/idp/team/other/"),
        said=(TEAM, "values/team-platform.yaml: secretStore.prefix:", "may not secretsmanager:GetSecretValue"),
    ),
    Broken(
        rule="REF-1",
        what="a team's store of another's role",
        change=values(TEAM, "team-platform", "secretStore", "role", to="arn:aws:iam::111122223333:role/other"),
        said=(TEAM, "secretStore.role: arn:aws:iam::111122223333:role/other is no role of this stack"),
    ),
    Broken(
        rule="REF-1",
        what="a team's role that trusts somebody else",
        change=json(
            TEAM,
            *(*DOCUMENTS, "secrets_trust", "statement", 0, "principals", 0, "identifiers"),
            to=[f'{ROLES}["argocd-sa"]}}'],
        ),
        said=(TEAM, "the trust policy of aws_iam_role.secrets doesn't name external_secrets_sa"),
    ),
    Broken(
        rule="REF-1",
        what="a team's role that its reader may not become",
        change=json(IAM, *DOCUMENTS, "external_secrets_sa", "statement", "BecomeTeams"),
        said=(
            TEAM,
            "external_secrets_sa may not become arn:aws:iam::111122223333:role/idp/teams/idp-team-platform-secrets",
        ),
    ),
]

MAKERS = [
    Broken(
        rule="REF-2",
        what="a maker that nobody knows",
        change=json(DATA, *SECRETS, "api_github", "tags", "maker", to="somebody"),
        said=(
            f"{DATA}: aws_secretsmanager_secret.api_github: tags.maker: somebody is no maker",
            "data/secrets_table.py",
        ),
    ),
    Broken(
        rule="REF-2",
        what="a database that the job doesn't make",
        change=values(JOB, "database-bootstrap", *SETTINGS, to=[]),
        said=(DATA, "the job doesn't make /idp/db/backstage", "data/databases_table.py"),
    ),
    Broken(
        rule="REF-2",
        what="two makers",
        change=json(DATA, *SECRETS, "db_backstage", "tags", "maker", to="platform administrator"),
        said=(DATA, "the job makes /idp/db/backstage, too"),
    ),
    Broken(
        rule="REF-2",
        what="a maker that may not write",
        change=json(IAM, *DOCUMENTS, "database_bootstrap_sa", "statement", "MakeSecrets", "resources", to=[arn("/x")]),
        said=(DATA, "the job's role may not secretsmanager:PutSecretValue /idp/db/backstage"),
    ),
    Broken(
        rule="REF-2",
        what="a secret of the job that no stack makes",
        change=values(
            JOB, "database-bootstrap", "settings", "randomKeys", "+", to={"secret": "/idp/api/x", "keys": ["y"]}
        ),
        said=(f"{JOB}: helm_release.database_bootstrap: values/database-bootstrap.yaml: settings:", "/idp/api/x"),
    ),
    Broken(
        rule="REF-2",
        what="a synced secret that nobody reads",
        change=values(EVENTS, "argo-events-base", "externalSecrets", "github-webhook"),
        said=(f"{DATA}: aws_secretsmanager_secret.api_argo_events", "nobody reads /idp/api/argo-events"),
    ),
    Broken(
        rule="REF-2",
        what="a secret that no pod's role may read",
        change=both(OWN_PATH, json(IAM, *DOCUMENTS, "backstage_sa", "statement", "ReadSecrets")),
        said=(f"{DATA}: aws_secretsmanager_secret.api_argo_events", "nobody reads /idp/backstage/keys", "iam/rows"),
    ),
]

SECRET_CASES = [*PATHS, *MAKERS]
