"""Who may assume the roles that plan, deploy and audit: trust policy statements. Pure: imports no engine."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.iam.document import Statement
from constructs_lib.iam.trust import BREAK_GLASS, github_subject, github_trust, own_role_trust, people_trust
from constructs_lib.naming import Naming


def deployers(naming: Naming, deployment: Deployment) -> list[Statement]:
    """A job of GitHub environment <id> has its subject, and its reviewers' approval; the claim asks its branch."""
    subjects = (f"environment:{deployment.id}",)
    return _operators(naming, deployment, subjects, branch=deployment.state.deploy_branch, emergency=True)


def planners(naming: Naming, deployment: Deployment) -> list[Statement]:
    return _operators(naming, deployment, ("pull_request", f"ref:refs/heads/{deployment.state.deploy_branch}"))


def auditors(deployment: Deployment) -> Statement:
    """The declared auditors; without any, the administrators, since a role must trust somebody."""
    access = deployment.access
    return people_trust([person.role for person in access.auditors or access.administrators])


def _operators(
    naming: Naming,
    deployment: Deployment,
    contexts: tuple[str, ...],
    *,
    branch: str | None = None,
    emergency: bool = False,
) -> list[Statement]:
    atlantis = deployment.state.atlantis_role
    people = [person.role for person in deployment.access.administrators]
    trust = [people_trust([*people, *([atlantis] if atlantis else [])]), own_role_trust(naming, "admin")]
    if emergency and deployment.access.break_glass:
        trust.append(own_role_trust(naming, BREAK_GLASS))
    if deployment.account.github_oidc != "off":
        subject = github_subject(deployment.platform.repository, deployment.state.repository_ids)
        trust.append(github_trust(naming, subject, contexts, branch=branch))
    return trust
