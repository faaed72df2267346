"""The page of policies, docs/POLICIES.md, and the check of their files.

python -m tools.policies_page --write | --check
"""

from __future__ import annotations

import sys

from config.deployment import Deployment
from config.generated import ROOT, command
from config.loader import load_unlocked
from config.namespaces import namespaces
from constructs_lib.addons.namespaces import NAMESPACES
from tools.markdown import table
from tools.policy_files import PolicyFile, problems, read

PATH = ROOT / "docs" / "POLICIES.md"
_INTRO = """# Policies

What may run, and how: Kyverno's policies of `policies/`, in stack `<deployment>-platform-policies`. This page is
generated from them (`make docs`). Beside each policy lie the resources that its test gives to Kyverno's own command
line (`make kyverno`): what is good, and what is bad.

Kyverno's webhooks see no namespace of the platform (`platform/scope: platform`) and not kube-system: with Kyverno down
the platform comes up, and Kyverno with it. There Pod Security admission decides. *Left out* are further namespaces.

Most policies are of pods. Kyverno looks by them at Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs and
CronJobs as well, so that whoever makes one of these is told at once. It doesn't know Rollouts: one is taken whatever
its pods are, its ReplicaSet is refused, and the Rollout's conditions say why. `require-pdb` is of workloads, Rollouts
included, and not of pods.

`deny` refuses, `audit` writes a finding into the namespace's PolicyReport, `off` leaves the policy out; a policy that
changes pods is on with `deny`. `deployment:policies` changes an action, where the environment lets it.
"""
_EXCEPTIONS = """## Exceptions

A workload that can't do what a policy asks gets an exception in the deployment file, which somebody answers for and
which ends by itself: after its last day the cluster refuses the workload, whether or not the entry was removed.

    "deployment:policyExceptions": [
      { "name": "old-agent", "policies": ["disallow-privileged"], "namespace": "team-alpha", "workload": "agent",
        "owner": "alpha", "expires": "2027-03-31", "reason": "until the agent is rewritten" }
    ]

Kyverno takes exceptions from its own namespace only, so no team makes one for itself.
"""


def page(policies: list[PolicyFile], deployments: list[Deployment]) -> str:
    """The page's text."""
    environments = [deployment.environment for deployment in deployments]
    head = ("policy", "category", "severity", "says", "controls", *environments, "left out")
    rows = [
        (
            f"[{policy.name}](../{policy.where})",
            policy.annotations["policies.kyverno.io/category"],
            policy.annotations["policies.kyverno.io/severity"],
            policy.annotations["policies.kyverno.io/title"],
            policy.annotations["platform/controls"],
            *(deployment.policies[policy.name] for deployment in deployments),
            ", ".join(policy.excluded()) or "–",
        )
        for policy in policies
    ]
    why = [
        f"**{policy.name}**: {' '.join(policy.annotations['policies.kyverno.io/description'].split())}"
        for policy in policies
    ]
    return "\n".join([_INTRO, table(head, rows), "## Why", "", "\n\n".join(why), "", _EXCEPTIONS])


def main() -> int:
    deployments = [deployment for _, deployment in load_unlocked(ROOT / "cdktf.json")]
    actions = {f"{each.environment}/{each.version}": each.policies for each in deployments}
    places = {each.name for each in NAMESPACES.values()}.union(*(namespaces(each) for each in deployments))
    wrong = problems(ROOT, actions, places)
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 1
    return command(PATH, page(read(ROOT), deployments))


if __name__ == "__main__":
    sys.exit(main())
