"""The access page, docs/ACCESS.md: who may do what where, from the tables behind IAM documents and RBAC.

python -m tools.access_page --write | --check
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from config.deployment import Deployment
from config.generated import ROOT, command
from config.loader import load_unlocked
from constructs_lib.data.secrets_table import ANALYSIS_ROLE
from constructs_lib.iam.document import Statement
from constructs_lib.iam.people import DESCRIPTIONS, RIGHTS
from constructs_lib.iam.rows import ROWS
from constructs_lib.iam.trust import BREAK_GLASS
from constructs_lib.iam.workloads import Made
from constructs_lib.naming import Naming, naming_of
from constructs_lib.teams.kinds import KINDS, Kind, Level
from constructs_lib.teams.rights import TEAM_RIGHTS
from tools.markdown import table

PATH = ROOT / "docs" / "ACCESS.md"
# Stands for any team, and for what only AWS names.
TEAM = "{name}"
_MADE = Made(database_resource_id="{database}", database_master_secret_arn="{master secret}", zone_id="{zone}")
_LEVELS: dict[Level, str] = {"full": "everything", "read": "look", "use": "use", "": "–"}
_PLACES = ("developer", "viewer", "staging", "sandbox")

_INTRO = """# Access

Who may do what, where. This page is generated from the tables that IAM documents and RBAC are made of: change
`constructs_lib/iam/people.py`, `constructs_lib/iam/rows/`, `constructs_lib/teams/rights.py` or
`constructs_lib/teams/kinds.py`, then run `make docs`. Names are those of deployment `{id}`; `{{name}}` is any team's.

Every role but those of stack `{id}-bootstrap` carries the permissions boundary `{id}-boundary`: no making of roles,
policies or users, no state, no administration of keys, nothing of another deployment
(`constructs_lib/iam/boundary.py`). The tables are evaluated in `tests/access` and asked of a real API server in
`tests/cluster/test_team_access.py`.
"""
_BOOTSTRAP = """## AWS: who plans, applies and audits

These are of stack `{id}-bootstrap` (`constructs_lib/state/operators.py`), which is applied before there is a boundary:
they carry none.
"""
_BOOTSTRAP_ROWS = (
    (
        "deployer",
        "applies every stack",
        "administrators, `{id}-admin`, `{id}-break-glass`; CI on the deploy branch in environment `{id}`; Atlantis",
    ),
    (
        "planner",
        "plans every stack: reads, locks states, changes nothing, reads no secret's value",
        "administrators, `{id}-admin`; CI on pull requests and on the deploy branch; Atlantis",
    ),
    ("auditor", "reads states, locks none", "`deployment:access:auditors`, else administrators"),
    (
        BREAK_GLASS,
        "becomes `{id}-admin` or `{id}-deployer` in an emergency and may do nothing else; each use is told",
        "IAM users of `deployment:access:breakGlass`, with a second factor; no such role without any (docs/adr/0043)",
    ),
)
_KUBERNETES = """## Kubernetes: people of a team

*everything* is get, list, watch, create, update, patch, delete and deletecollection; *look* is get, list and watch;
*use* opens a stream into a pod, or evicts it. Developers and viewers have these rights in `team-{name}`; `staging` and
`sandbox` are for developers of all teams. In namespaces of the team's pull requests, `preview-{name}--*`, developers
too have a viewer's rights. *Argo CD* says whether a team's project may deploy the kind.

Nobody of a team has rights in namespaces of the platform or of another team, or on what has no namespace. Objects with
the label `platform/owned` are kept by admission, whatever the table says: bindings, service accounts and tokens that
the platform put into a namespace. A project of Argo CD has one list of kinds for all its namespaces: what only the
team's own can use (stores, workflows) does nothing in the shared ones.
"""
_ARGO = """## Argo CD and Argo Workflows

A project takes the team's sources only, deploys into `team-{name}`, `staging` and `sandbox`, and nothing that has no
namespace. Project `preview-{name}` takes pull requests, deploys what developers may make in the sandbox into
`preview-{name}--*`, and makes those namespaces; developers get, sync and read logs there, viewers get and read logs. In
Argo Workflows a person becomes a service account of the namespace whose rule names them.
"""
_ARGO_ROWS = (
    (
        "developers: groups of the entry, else the team's own; members",
        "get, sync, actions and logs of the team's applications",
        "everything with workflows, templates, cron workflows and event bindings; pods and logs to look at",
    ),
    ("viewers: groups of the entry", "get and logs of the team's applications", "the same to look at"),
)


def text() -> str:
    """The whole page."""
    deployment = load_unlocked(ROOT / "cdktf.json")[0][1]
    naming = naming_of(deployment)
    parts = [
        _INTRO.format(id=deployment.id),
        "## Roles\n",
        _roles(deployment),
        _BOOTSTRAP.format(id=deployment.id),
        _bootstrap(deployment.id),
        "## AWS: people of the platform\n",
        *_people(naming),
        "## AWS: people and secrets of a team\n",
        *_teams(naming, deployment),
        _KUBERNETES,
        _kinds(),
        "## Kubernetes: people of the platform\n",
        _platform(),
        _ARGO,
        table(("who", "Argo CD, project `team-{name}`", "Argo Workflows, namespace `team-{name}`"), _ARGO_ROWS),
        "## AWS: workloads\n",
        "Pods get these roles by EKS Pod Identity, in the namespace and with the service account that is named.\n",
        _workloads(),
    ]
    return "\n".join(parts)


def _roles(deployment: Deployment) -> str:
    rows = [
        (f"`{deployment.id}-{role}`", what, "declared roles, else administrators'")
        for role, what in DESCRIPTIONS.items()
    ]
    rows += [
        (f"`{deployment.id}-team-{TEAM}-developer`", "Developers of a team", "developerRoles, else administrators'"),
        (
            f"`{deployment.id}-team-{TEAM}-viewer`",
            "Whoever may look at a team's work",
            "viewerRoles, else administrators'",
        ),
        (f"`{deployment.id}-team-{TEAM}-secrets`", "The store of a team's namespace", "External Secrets"),
        (f"`{deployment.id}-{ANALYSIS_ROLE}`", "The store of what judges rollouts (docs/adr/0023)", "External Secrets"),
    ]
    return table(("role", "for", "assumed by"), rows)


def _bootstrap(deployment: str) -> str:
    rows = (
        (f"`{deployment}-{role}`", what.format(id=deployment), by.format(id=deployment))
        for role, what, by in _BOOTSTRAP_ROWS
    )
    return table(("role", "for", "assumed by"), rows)


def _people(naming: Naming) -> Iterator[str]:
    rows = [
        (right.role, right.bullet, right.what, _actions(right.statements(naming, _MADE)))
        for right in RIGHTS
        if right.place == "aws"
    ]
    yield table(("role", "architecture document", "comes to", "actions"), rows)


def _teams(naming: Naming, deployment: Deployment) -> Iterator[str]:
    rows = [
        (right.role, right.bullet, right.what, _actions(right.statements(naming, deployment, TEAM)))
        for right in TEAM_RIGHTS
    ]
    yield table(("role", "architecture document", "comes to", "actions"), rows)


def _actions(statements: Iterable[Statement]) -> str:
    """Actions by service, with what is denied marked."""
    found: dict[str, list[str]] = {}
    for statement in statements:
        for action in statement.actions:
            service, _, verb = action.partition(":")
            found.setdefault(f"{'not ' if statement.deny else ''}{service}", []).append(verb)
    return "; ".join(f"{service}: {', '.join(sorted(set(verbs)))}" for service, verbs in found.items())


def _kinds() -> str:
    return table(
        ("resource", "developer", "viewer", "developer in staging", "developer in sandbox", "Argo CD", "where"),
        (_kind(row) for row in KINDS),
    )


def _kind(row: Kind) -> Iterator[str]:
    yield f"`{row.resource}{f'.{row.group}' if row.group else ''}`"
    for place in _PLACES:
        yield _LEVELS[getattr(row, place)]
    yield "yes" if row.deployed and row.kind else "–"
    yield f"{row.component} is on" if row.component else "always"


def _platform() -> str:
    rows = ((right.role, right.bullet, right.what) for right in RIGHTS if right.place == "kubernetes")
    return table(("role", "architecture document", "comes to"), rows)


def _workloads() -> str:
    rows = (
        (
            f"`{row.name}`",
            ", ".join(f"{namespace}/{account}" for namespace, account in row.bindings),
            ", ".join(row.components) or "always",
            row.source,
        )
        for row in sorted(ROWS, key=lambda row: row.name)
    )
    return table(("role", "namespace/service account", "where", "rights as in"), rows)


if __name__ == "__main__":
    sys.exit(command(PATH, text()))
