"""How kubectl reaches the deployment's own cluster, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from config.deployment import Deployment
from constructs_lib.naming import naming_of
from idp.aws import Aws
from idp.errors import OperationError
from idp.programs import Run, located
from idp.programs import run as run_program
from idp.verify.kubectl import Kubectl

# Roles of the deployment that are cluster administrators by an access entry (docs/ACCESS.md).
_ADMINISTRATORS = ("admin", "deployer")


def role_for(aws: Aws, deployment: Deployment) -> str:
    """The role that tokens are made with: none where the caller is an administrator already, else that one's."""
    naming = naming_of(deployment)
    arn = aws.client("sts").get_caller_identity()["Arn"]
    if any(f":assumed-role/{naming.name(name)}/" in arn for name in _ADMINISTRATORS):
        return ""
    return naming.role_arn("admin")


@contextmanager
def kubectl_for(deployment: Deployment, role: str, *, context: str = "", run: Run = run_program) -> Iterator[Kubectl]:
    """kubectl with the user's ``context``, else with a kubeconfig of our own, which is gone afterwards.

    Ours asks `aws eks get-token` at each command. Raises OperationError where the AWS CLI can't write it.
    """
    program, naming = located("kubectl"), naming_of(deployment)
    if context:
        yield Kubectl(program=program, options=(f"--context={context}",), run=run)
        return
    with TemporaryDirectory() as directory:
        path = Path(directory) / "kubeconfig"
        place = ["--region", naming.region, "--name", naming.cluster, "--kubeconfig", str(path)]
        command = ["aws", "eks", "update-kubeconfig", *place, *(["--role-arn", role] if role else [])]
        printed = run(command)
        if printed.code != 0:
            said = printed.err.strip() or "the AWS CLI is not installed"
            raise OperationError(
                f"no access to cluster {naming.cluster}: {said}",
                remedy="run `python -m idp doctor`; or name a context of your kubeconfig by --context",
            )
        yield Kubectl(program=program, options=(f"--kubeconfig={path}",), run=run)
