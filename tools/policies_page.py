"""The page of policies, docs/POLICIES.md, and the check of their files.

python -m tools.policies_page --write | --check
"""

from __future__ import annotations

import sys

from config.deployment import Deployment
from config.errors import ConfigError
from config.generated import ROOT, command
from config.loader import load_unlocked
from config.namespaces import namespaces
from constructs_lib.addons.namespaces import NAMESPACES
from constructs_lib.policies.values import exceptions
from tools.markdown import joined, table
from tools.policy_files import CHARTS, Policy, Problem, of_charts, read
from tools.policy_rules import misplaced, problems

PATH = ROOT / "docs" / "POLICIES.md"
_SELECTORS = ("namespaceSelector", "objectSelector")
_INTRO = """# Policies

What may run, and how: Kyverno's policies of `policies/`, in stack `<deployment>-platform-policies`. This page is
generated from them (`make docs`). Beside each policy lie the resources that its test gives to Kyverno's own command
line (`make kyverno`): what is good, and what is bad.

Kyverno's webhooks see no namespace of the platform (`platform/scope: platform`) and not kube-system: with Kyverno down
the platform comes up, and Kyverno with it. There Pod Security admission decides. *Where* names what is left of the
others: values of label `platform/scope`, or all but some namespaces.

Most policies are of pods. Kyverno looks by them at Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs and
CronJobs as well, so that whoever makes one of these is told at once. It doesn't know Rollouts: one is taken whatever
its pods are, its ReplicaSet is refused, and the Rollout's conditions say why. `require-pdb` is of workloads, Rollouts
included, and not of pods. What is being deleted is let go, however old, and so is a change of something else than a
policy looks at, such as finalizers and owners of what is older than the policy.

No policy sees a container that is put into a pod that runs (`pods/ephemeralcontainers`): Kyverno would derive no rule
for workloads from a policy that names this subresource. No role of a team grants it, which the table of access asks the
API server for; what an administrator puts in is found by the next scan in the background.

`deny` refuses, `audit` writes a finding into the namespace's PolicyReport, `off` leaves the policy out; a policy that
changes pods is on with `deny`. `deployment:policies` changes an action, where the environment lets it.
"""
_CHARTS = """## Policies that come with other charts

They keep and clear away what the platform itself makes for teams, in every environment, and no action is chosen for
them.
"""
_EFFECTS = {"DeletingPolicy": "deletes", "GeneratingPolicy": "makes", "MutatingPolicy": "changes"}
_EXCEPTIONS = """## Exceptions

A workload that can't do what a policy asks gets an exception in the deployment file, which somebody answers for and
which ends by itself: after its last day the cluster refuses the workload, whether or not the entry was removed. Synth
says which have ended.

```json
"deployment:policyExceptions": [
  { "name": "old-agent", "policies": ["disallow-privileged"], "namespace": "team-alpha", "workload": "agent",
    "owner": "alpha", "expires": "2027-03-31", "reason": "until the agent is rewritten" }
]
```

Kyverno takes exceptions from its own namespace only, so no team makes one for itself. The platform has these:
"""


def page(policies: list[Policy], charts: list[Policy], deployments: list[Deployment]) -> str:
    """The page's text."""
    environments = [deployment.environment for deployment in deployments]
    head = ("policy", "category", "severity", "says", "controls", "of", "where", *environments)
    rows = [(*_about(policy), *(deployment.policies[policy.name] for deployment in deployments)) for policy in policies]
    why = [
        f"**{policy.name}**: {' '.join(policy.annotations['policies.kyverno.io/description'].split())}"
        for policy in (*policies, *charts)
    ]
    parts = [_INTRO, table(head, rows), _CHARTS, _of_charts(charts), "## Why", "", "\n\n".join(why), ""]
    return "\n".join([*parts, _EXCEPTIONS, _own(deployments)])


def _of_charts(policies: list[Policy]) -> str:
    head = ("policy", "category", "severity", "says", "controls", "of", "where", "does", "there")
    return table(head, [(*_about(each), _EFFECTS.get(each.kind, "denies"), CHARTS[_chart(each)]) for each in policies])


def _chart(policy: Policy) -> str:
    return policy.where.split("/")[1]


def _about(policy: Policy) -> tuple[str, ...]:
    notes = policy.annotations
    return (
        f"[{policy.name}](../{policy.where})",
        notes["policies.kyverno.io/category"],
        notes["policies.kyverno.io/severity"],
        notes["policies.kyverno.io/title"],
        notes["platform/controls"],
        joined(policy.resources, "what teams may make"),
        _where(policy),
    )


def _where(policy: Policy) -> str:
    """The namespaces that it applies to, or, where it is of namespaces, those that it is of."""
    chosen = [_chosen(*each[:3]) for which in _SELECTORS for each in policy.selections(which)]
    return "; ".join(chosen) or "everywhere"


def _chosen(label: str, operator: str, values: list[str]) -> str:
    if not values:
        return f"{'with' if operator == 'Exists' else 'without'} label `{label}`"
    return f"{'all but ' if operator == 'NotIn' else ''}{', '.join(values)}"


def _own(deployments: list[Deployment]) -> str:
    head = ("exception", "policies", "workload", "owner", "last day", "reason")
    rows = {
        (
            each["name"],
            joined(policy["name"] for policy in each["policies"]),
            f"`{each['workload']}*` in {each['namespace']}",
            each["owner"],
            each["expires"],
            each["reason"],
        ): None
        for deployment in deployments
        for each in exceptions(deployment)
    }
    return table(head, rows)


def main() -> int:
    wrong = problems(ROOT)
    if wrong:
        return _refused(wrong)
    try:
        deployments = [deployment for _, deployment in load_unlocked(ROOT / "cdktf.json")]
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 1
    policies, _ = read(ROOT)
    places = {each.name for each in NAMESPACES.values()}.union(*(namespaces(each) for each in deployments))
    wrong = misplaced(policies, places)
    return _refused(wrong) if wrong else command(PATH, page(policies, of_charts(ROOT), deployments))


def _refused(wrong: list[Problem]) -> int:
    print("\n".join(str(each) for each in wrong), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
