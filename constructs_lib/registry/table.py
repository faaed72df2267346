"""The tables of the registry: repositories that the platform fills, and upstream registries that ECR caches. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from config.deployment import Deployment
from config.types import PullThroughCache
from constructs_lib.naming import Naming

# Repositories of the platform team, and of teams, which have "team/<name>/"; caches have the name of their upstream.
PLATFORM_PREFIX = "platform"
TEAM_PREFIX = "team"
# Copies of upstreams' images, below the host of each: mirror/quay.io/argoproj/argocd.
MIRROR_PREFIX = "mirror"
# Tag of a team's repositories: the namespace whose workflows may push to it (iam.rows.delivery).
NAMESPACE_TAG = "kubernetes-namespace"
# Starts tags of previews' images; a push's image has the commit's SHA alone (docs/adr/0018).
PREVIEW_TAG = "pr-"
# Charts as OCI artifacts: what Argo CD may pull by the token that External Secrets makes.
CHARTS = "charts"


@dataclass(frozen=True, kw_only=True)
class Repository:
    """``platform/<name>``. ``mirrors`` names the upstream that a copy job fills it from; without one, our CI does."""

    name: str
    holds: str
    mirrors: str | None = None

    @property
    def full_name(self) -> str:
        return f"{PLATFORM_PREFIX}/{self.name}"


@dataclass(frozen=True, kw_only=True)
class Upstream:
    """An upstream registry that ECR may cache. ``url`` is what CreatePullThroughCacheRule takes.

    ``credential`` says what the secret ``ecr-pullthroughcache/<name>`` holds; None where AWS asks for none.
    Source: Amazon ECR User Guide, "Sync an upstream registry with an Amazon ECR private registry".
    """

    name: PullThroughCache
    url: str
    credential: str | None = None

    @property
    def secret_name(self) -> str:
        """Of the one prefix that ECR reads (Amazon ECR User Guide, "Service-linked role for pull through cache")."""
        return f"ecr-pullthroughcache/{self.name}"


REPOSITORIES: tuple[Repository, ...] = (
    # The chart's default image is a demo (chart backstage, backstage.image).
    Repository(name="backstage", holds="Backstage with our plugins"),
    Repository(name="ci-tools", holds="what workflow steps run: git, helm, jq, build client, image scan and signature"),
    Repository(name="techdocs-builder", holds="MkDocs and the AWS command line, for workflow techdocs-publish"),
    Repository(name="database-bootstrap", holds="the job that makes schemas, users and their passwords"),
    Repository(name=CHARTS + "/idp-team", holds="chart of a team's namespace"),
    # ECR can't cache xpkg.crossplane.io: it is no supported upstream.
    Repository(name="crossplane/crossplane", holds="Crossplane", mirrors="xpkg.crossplane.io/crossplane/crossplane"),
    Repository(
        name="crossplane-contrib/provider-family-aws",
        holds="Crossplane package of the AWS providers' common part",
        mirrors="xpkg.crossplane.io/crossplane-contrib/provider-family-aws",
    ),
    *(
        Repository(
            name=f"crossplane-contrib/provider-aws-{service}",
            holds=f"Crossplane package of the AWS provider for {service.upper()}",
            mirrors=f"xpkg.crossplane.io/crossplane-contrib/provider-aws-{service}",
        )
        for service in ("s3", "sns", "sqs")
    ),
)

UPSTREAMS: tuple[Upstream, ...] = (
    Upstream(name="ecr-public", url="public.ecr.aws"),
    Upstream(name="kubernetes", url="registry.k8s.io"),
    Upstream(name="quay", url="quay.io"),
    Upstream(name="github", url="ghcr.io", credential="username and accessToken of a GitHub account (read:packages)"),
    Upstream(
        name="docker-hub",
        url="registry-1.docker.io",
        credential="username and accessToken of a Docker Hub account (read only)",
    ),
)


def upstreams(deployment: Deployment) -> tuple[Upstream, ...]:
    """The upstreams that ``deployment`` wants cached, in the table's order."""
    return tuple(upstream for upstream in UPSTREAMS if upstream.name in deployment.shared.pull_through_caches)


def rule_is_due(deployment: Deployment, upstream: Upstream) -> bool:
    """Whether the cache rule can be made: ECR reads the credential when the rule is made (docs/adr/0008)."""
    return upstream.credential is None or upstream.name in deployment.shared.cache_credentials


def registry(deployment: Deployment) -> str:
    """Host name of the registry that ``deployment`` uses."""
    return f"{deployment.shared.registry_account}.dkr.ecr.{deployment.platform.region}.amazonaws.com"


def repository_arn(naming: Naming, deployment: Deployment, pattern: str) -> str:
    """ARN of the repositories ``pattern`` in the registry that ``deployment`` uses."""
    return f"arn:aws:ecr:{naming.region}:{deployment.shared.registry_account}:repository/{pattern}"


def cache_patterns(deployment: Deployment) -> tuple[str, ...]:
    """Patterns of cached repositories: ``docker-hub/*``."""
    return tuple(f"{upstream.name}/*" for upstream in upstreams(deployment))


def upstream_patterns(deployment: Deployment) -> tuple[str, ...]:
    """Patterns of repositories that hold upstreams' images: caches, or copies made beforehand."""
    copied = (f"{MIRROR_PREFIX}/*",) if deployment.shared.images == "copies" else ()
    return (*cache_patterns(deployment), *copied)


def is_mirrored_by_name(upstream: str) -> bool:
    """Whether a row of REPOSITORIES is the copy of image ``upstream``, wherever images come from."""
    return any(repository.mirrors == upstream for repository in REPOSITORIES)


def keeps_mirrors(deployment: Deployment) -> bool:
    """Whether its registry gets copies of upstreams' images: for its own use, or for that of accounts that it fills."""
    shared = deployment.shared
    return shared.owner and (shared.images == "copies" or bool(shared.replication_accounts))
