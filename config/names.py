"""The names that the deployment file alone decides, and AWS's limits on them."""

from __future__ import annotations

# Amazon S3 User Guide, "General purpose bucket naming rules": 3 to 63 characters.
BUCKET_NAME_MAX = 63
# IAM API reference, CreateRole: RoleName has at most 64 characters.
ROLE_NAME_MAX = 64
# Kubernetes documentation, "Object Names and IDs": a namespace is a label of RFC 1123, and so is a part of a host name.
NAMESPACE_MAX = 63
# The longest directory below deploy/ that Argo CD deploys a team's sources from, and the last part of an application's
# name.
_PLACE_MAX = len("staging")
# Digits of a pull request's number.
_PULL_REQUEST_MAX = 6
# The longest purpose of a bucket (tfstate-logs). With it the room for id and organization is known before any stack is.
BUCKET_PURPOSE_MAX = 12


def bucket_name(*, deployment: str, purpose: str, organization: str, account: str, region: str) -> str:
    """The physical name of bucket ``<deployment>-<purpose>``: bucket names are global, so the owner is part of them.

    Raises ValueError where ``purpose`` is longer than the rules of the deployment file count with.
    """
    if len(purpose) > BUCKET_PURPOSE_MAX:
        raise ValueError(f"bucket purpose {purpose} is longer than BUCKET_PURPOSE_MAX, {BUCKET_PURPOSE_MAX}")
    return f"{deployment}-{purpose}-{organization}-{account}-{region}"


def cluster_name(deployment: str) -> str:
    """The EKS cluster's name: ``idp-platform`` for deployment ``idp``, ``idp-pci`` for ``idp-pci``."""
    return deployment if "-" in deployment else f"{deployment}-platform"


def team_role_name(deployment: str, team: str) -> str:
    """The longest name of a role of ``team``, and of all that derives from a team's name the first to be too long:
    Helm admits 53 characters for the release ``team-<name>``, Kubernetes 63 for ``preview-<name>--<number>``.
    """
    return f"{deployment}-team-{team}-developer"


def team_namespace(team: str) -> str:
    """The namespace of ``team``, and its release's name: ``team-alpha``."""
    return f"team-{team}"


def preview_prefix(team: str) -> str:
    """How the namespaces of a team's previews start, and those of nobody else: ``preview-alpha--``."""
    return f"preview-{team}--"


def preview_namespace(team: str, repository: str, number: str) -> str:
    """The namespace of a pull request: ``preview-alpha--web-app--12``. ``number`` may be a template."""
    return f"{preview_prefix(team)}{source_name(repository)}--{number}"


def preview_namespace_over(team: str, repository: str) -> int:
    """By how many characters a namespace of a preview can be too long; negative where there is room."""
    return len(preview_namespace(team, repository, "9" * _PULL_REQUEST_MAX)) - NAMESPACE_MAX


def application_name(team: str, repository: str, place: str) -> str:
    """What Argo CD calls directory ``deploy/<place>`` of a team's source: ``alpha--web-app--staging``."""
    return f"{team}--{source_name(repository)}--{place}"


def application_name_over(team: str, repository: str) -> int:
    """By how many characters the longest name of an application, or of what makes a source's applications
    (``team-alpha--web-app``, in a label of each), can be too long; negative where there is room.
    """
    return len(application_name(team, repository, "x" * _PLACE_MAX)) - NAMESPACE_MAX


def source_name(repository: str) -> str:
    """A Git repository (``example-org/Web.App``) as part of Kubernetes names: ``web-app``."""
    name = repository.partition("/")[2].lower()
    return "".join(letter if letter.isalnum() else "-" for letter in name).strip("-")
