"""The files of the Atlantis server: ``repos.yaml``, ``server.yaml`` and the profiles of the AWS SDKs.

Source of the keys: Atlantis documentation, "Server Side Repo Config", "Custom Workflows", "Custom Policy Checks" and
"Server Configuration" (read 2026-11, release 0.50); AWS SDKs and Tools Reference Guide, "Assume role credential
provider".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from config.deployment import Deployment
from config.versions import TOOLS
from constructs_lib.naming import naming_of
from idp.atlantis import yamltext

# Where the image holds this repository as it was when the image was built, and the commands that run from there.
HOME = "/opt/idp"
IDP = f"{HOME}/images/atlantis/idp-atlantis"
HOOK = f"{HOME}/images/atlantis/synth.sh"
PROFILES = f"{HOME}/atlantis/aws-config"
POLICIES = ("guardrails", "checkov")
REQUIREMENTS = ("approved", "mergeable", "undiverged")
# No `approve_policies`: what a policy refuses is changed, or has its reason in the code. No `import` and `state`: they
# change states without a plan.
COMMANDS = ("version", "plan", "apply", "unlock", "cancel")

_GENERATED = "Generated from the deployment files: `make docs`. docs/ATLANTIS.md says why it is as it is."


def repos(deployments: Sequence[Deployment], *, hook: bool) -> str:
    """``repos.yaml``: who may do what, how each deployment is planned, and what runs before.

    ``hook``: whether the JSON is synthesized on the server; else it is in the repository, and no code of it runs.
    """
    document = {
        "repos": [_repo(name, each, hook=hook) for name, each in _by_repository(deployments).items()],
        "workflows": {deployment.id: _workflow(deployment) for deployment in deployments},
        "policies": {
            "owners": {"teams": sorted({deployment.github.admin_team for deployment in deployments})},
            "policy_sets": [{"name": name, "path": HOME, "source": "local"} for name in POLICIES],
        },
    }
    return yamltext.text(document, head=_GENERATED)


def flags(deployments: Sequence[Deployment]) -> str:
    """``server.yaml``, for ``--config``: flags of the server, all but its address and what is secret."""
    document = {
        "repo-allowlist": ",".join(_id(name) for name in _by_repository(deployments)),
        "repo-config": f"{HOME}/atlantis/repos.yaml",
        "allow-commands": ",".join(COMMANDS),
        "allow-fork-prs": False,
        "checkout-strategy": "merge",
        "default-tf-distribution": "opentofu",
        "default-tf-version": f"v{TOOLS['opentofu']}",
        "tf-download": False,
        "enable-policy-checks": True,
        "fail-on-pre-workflow-hook-error": True,
        "include-git-untracked-files": False,
        "discard-approval-on-plan": True,
        "parallel-pool-size": 4,
        "write-git-creds": False,
    }
    return yamltext.text(document, head=_GENERATED)


def profiles(deployments: Sequence[Deployment]) -> str:
    """An AWS configuration file: one profile for each role that a workflow takes, from the server's own identity."""
    lines = [f"# {_GENERATED}"]
    for deployment in deployments:
        for role in ("planner", "deployer"):
            lines += [
                "",
                f"[profile {profile(deployment, role)}]",
                f"role_arn = {naming_of(deployment).role_arn(role)}",
                # The container credentials endpoint, of EKS Pod Identity as of ECS.
                "credential_source = EcsContainer",
                "role_session_name = atlantis",
                f"region = {deployment.platform.region}",
            ]
    return "\n".join(lines) + "\n"


def profile(deployment: Deployment, role: str) -> str:
    return f"{deployment.id}-{role}"


def _id(repository: str) -> str:
    return f"github.com/{repository}"


def _by_repository(deployments: Sequence[Deployment]) -> dict[str, list[Deployment]]:
    found: dict[str, list[Deployment]] = {}
    for deployment in deployments:
        found.setdefault(deployment.platform.repository, []).append(deployment)
    return dict(sorted(found.items()))


def _repo(repository: str, deployments: Sequence[Deployment], *, hook: bool) -> Mapping[str, Any]:
    branches = "|".join(sorted({re.escape(deployment.state.deploy_branch) for deployment in deployments}))
    workflows = [deployment.id for deployment in deployments]
    return {
        "id": _id(repository),
        "branch": f"/^({branches})$/",
        "workflow": workflows[0],
        "allowed_overrides": ["workflow"],
        "allowed_workflows": workflows,
        "allow_custom_workflows": False,
        "apply_requirements": REQUIREMENTS,
        "import_requirements": REQUIREMENTS,
        "policy_check": True,
        "custom_policy_check": True,
        "repo_locks": {"mode": "on_plan"},
        "autodiscover": {"mode": "disabled"},
        "pre_workflow_hooks": [{"run": HOOK, "description": "synth, without credentials", "commands": "plan"}] * hook,
    }


def _workflow(deployment: Deployment) -> Mapping[str, Any]:
    return {
        "plan": {
            "steps": [
                *_environment(deployment, "planner"),
                {"run": {"command": f'{IDP} guard "$DIR"', "output": "hide"}},
                "init",
                "plan",
            ]
        },
        # Each step's output is judged as the policy set at its place. It says so in its own words where it fails:
        # of a step that ends with an error Atlantis shows no output (atlantis #5725).
        "policy_check": {
            "steps": ["show", *({"run": _policy(name)} for name in POLICIES)],
        },
        "apply": {"steps": [*_environment(deployment, "deployer"), "apply"]},
    }


def _environment(deployment: Deployment, role: str) -> list[Mapping[str, Any]]:
    values = {"AWS_CONFIG_FILE": PROFILES, "AWS_PROFILE": profile(deployment, role), "TF_IN_AUTOMATION": "true"}
    return [{"env": {"name": name, "value": value}} for name, value in values.items()]


def _policy(name: str) -> str:
    command = {
        "guardrails": f'{IDP} guardrails "$DIR"',
        "checkov": f'{IDP} checkov "$DIR" "$SHOWFILE"',
    }
    return f"{command[name]} || echo FAIL - 1 failure, {name}"
