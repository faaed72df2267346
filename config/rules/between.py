"""Rules between deployments of one synth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from config.deployment import Deployment
from config.errors import Problem, shown
from config.names import cluster_name
from config.rules.pci import STANDARD

Named = Sequence[tuple[str, Deployment]]
# What stacks of teams have behind the deployment's id (constructs_lib.naming, which config can't see).
_TEAMS = "-teams"

# Singleton of the account stack → its key, and whether there is one in each region (else one in the account).
SINGLETONS: Mapping[str, tuple[str, bool]] = {
    "ecr_registry": ("deployment:account:ecrRegistry", True),
    "ebs_encryption": ("deployment:account:ebsEncryption", True),
    "s3_public_access_block": ("deployment:account:s3PublicAccessBlock", False),
    "password_policy": ("deployment:account:passwordPolicy", False),
    "github_oidc": ("deployment:account:githubOidc", False),
    "spot_service_linked_role": ("deployment:account:spotServiceLinkedRole", False),
    # One trail sees all regions; an account may have more, which cost and say the same again.
    "cloudtrail": ("deployment:account:cloudtrail", False),
    "config_recorder": ("deployment:account:configRecorder", True),
    "guardduty": ("deployment:account:guardduty", True),
    "security_hub": ("deployment:account:securityHub", True),
    "inspector": ("deployment:account:inspector", True),
    "access_analyzer": ("deployment:account:accessAnalyzer", True),
    "macie": ("deployment:account:macie", True),
    "alarms": ("deployment:account:alarms", False),
}


def ids(deployments: Named) -> Iterator[Problem]:
    """Stacks, state keys and directories start with the id."""
    for source, deployment, other in _later(deployments, lambda deployment: deployment.id):
        yield _problem(source, "deployment:id", deployment.id, other, "must differ from the id in", "choose another id")


def clusters(deployments: Named) -> Iterator[Problem]:
    """Two ids can give one cluster name: idp and idp-platform."""
    distinct = list({deployment.id: (source, deployment) for source, deployment in reversed(deployments)}.values())
    for source, deployment, other in _later(
        distinct[::-1], lambda d: (d.platform.account, d.platform.region, cluster_name(d.id))
    ):
        message = f"gives cluster name {cluster_name(deployment.id)}, as does the id in"
        yield _problem(source, "deployment:id", deployment.id, other, message, "choose another id")


def stacks(deployments: Named) -> Iterator[Problem]:
    """Stacks of teams are called <id>-teams-<name>, and a deployment of id <id>-teams would have such stacks, too."""
    by_id = {deployment.id: source for source, deployment in deployments}
    for source, deployment in deployments:
        other = by_id.get(deployment.id.removesuffix(_TEAMS)) if deployment.id.endswith(_TEAMS) else None
        if other:
            message = f"must not end in {_TEAMS}: its stacks would be called as those of teams in"
            yield _problem(source, "deployment:id", deployment.id, other, message, "choose another id")


def singletons(deployments: Named) -> Iterator[Problem]:
    """What an account has once is managed by one deployment."""
    for name, (key, regional) in SINGLETONS.items():
        managing = [(source, d) for source, d in deployments if getattr(d.account, name) == "managed"]

        def place(deployment: Deployment, regional: bool = regional) -> tuple[str, ...]:
            platform = deployment.platform
            return (platform.account, platform.region) if regional else (platform.account,)

        for source, deployment, other in _later(managing, place):
            message = f"must not be managed: account {deployment.platform.account} has one, and it is managed in"
            yield _problem(source, key, "managed", other, message, "write existing")


def session_preferences(deployments: Named) -> Iterator[Problem]:
    """Who has an access host makes Session Manager's preferences, which an account has once in each region."""
    making = [(source, deployment) for source, deployment in deployments if deployment.vpc.access_host]
    for source, deployment, other in _later(making, lambda d: (d.platform.account, d.platform.region)):
        message = f"must be false: session preferences of account {deployment.platform.account} come with the host in"
        yield _problem(source, "deployment:vpc:accessHost", True, other, message, "use that host, or another account")


def scanners(deployments: Named) -> Iterator[Problem]:
    """Inspector is switched on once in an account and region: who manages the registry switches it on for images."""
    managing = {
        (d.platform.account, d.platform.region): source for source, d in deployments if d.account.inspector == "managed"
    }
    for source, deployment in deployments:
        account, platform = deployment.account, deployment.platform
        other = managing.get((platform.account, platform.region))
        if other and account.inspector == "off" and account.ecr_registry == "managed":
            message = f"must not be off: account {platform.account} has Inspector, and it is managed in"
            yield _problem(source, "deployment:account:inspector", "off", other, message, "write existing")


def owners(deployments: Named) -> Iterator[Problem]:
    """A registry account has one owner."""
    owning = [(source, deployment) for source, deployment in deployments if deployment.shared.owner]
    for source, deployment, other in _later(owning, lambda deployment: deployment.shared.registry_account):
        message = f"must not be true: the registry of {deployment.shared.registry_account} is already owned in"
        yield _problem(source, "deployment:shared:owner", True, other, message, "write false")


def replicas(deployments: Named) -> Iterator[Problem]:
    """Who fills another account's registry says so, and fills that of its own region (Amazon ECR API reference,
    ReplicationDestination)."""
    owning = {d.platform.account: (source, d) for source, d in deployments if d.shared.owner}
    for source, deployment in deployments:
        key, own = "deployment:shared:replicationSource", deployment.platform
        other, owner = owning.get(deployment.shared.replication_source or "", ("", None))
        if owner is None:
            continue
        if own.account not in owner.shared.replication_accounts:
            message = f"must name an account that replicates to {own.account}, which replicationAccounts lacks in"
            remedy = f"add {own.account} to deployment:shared:replicationAccounts there"
            yield _problem(source, key, owner.platform.account, other, message, remedy)
        if own.region != owner.platform.region:
            message = f"must replicate within one region: {own.region} here, {owner.platform.region} in"
            yield _problem(source, key, owner.platform.account, other, message, "put both into one region")


def scopes(deployments: Named) -> Iterator[Problem]:
    """An account that is in scope of a standard holds no deployment that isn't."""
    strict = {
        d.platform.account: (source, d.policy.standard) for source, d in deployments if d.policy.standard != "none"
    }
    for source, deployment in deployments:
        other, standard = strict.get(deployment.platform.account, ("", "none"))
        if deployment.policy.standard != standard:
            message = f"must not be an account in scope of {STANDARD} (12.5.2), as this one is by"
            account = deployment.platform.account
            yield _problem(source, "platform:account", account, other, message, "give each an account of its own")


def events(deployments: Named) -> Iterator[Problem]:
    """Who sends events and who receives them say the same, where both are here. EventBridge reaches queues of other
    accounts in its own region only (Amazon EventBridge User Guide, "Sending events to an AWS service in another
    account").
    """
    by_id = {deployment.id: (source, deployment) for source, deployment in deployments}
    for source, deployment in deployments:
        forward = deployment.events.forward
        if forward is not None and forward.deployment in by_id:
            other, receiver = by_id[forward.deployment]
            received = {each.deployment for each in receiver.events.receive}
            yield from _party(source, "deployment:events:forward", forward.account, (deployment, receiver), other)
            if deployment.id not in received:
                message = f"must be received: {deployment.id} isn't in deployment:events:receive of"
                remedy = f"name {deployment.id} there, with account {deployment.platform.account}"
                yield _problem(source, "deployment:events:forward.deployment", receiver.id, other, message, remedy)
        for index, given in enumerate(deployment.events.receive):
            if given.deployment in by_id:
                other, sender = by_id[given.deployment]
                key = f"deployment:events:receive[{index}]"
                yield from _party(source, key, given.account, (deployment, sender), other)
                if sender.events.forward is None or sender.events.forward.deployment != deployment.id:
                    message = f"must be sent: {deployment.id} isn't what deployment:events:forward names in"
                    yield _problem(source, f"{key}.deployment", sender.id, other, message, "name it there, or not here")


def _party(
    source: str, key: str, account: str, parties: tuple[Deployment, Deployment], other: str
) -> Iterator[Problem]:
    """What ``key`` says of the second of ``parties``, whose file is ``other``."""
    own, party = parties
    if account != party.platform.account:
        message = f"must be {party.platform.account}, platform:account of {party.id} in"
        yield _problem(source, f"{key}.account", account, other, message, "write that account")
    if own.platform.region != party.platform.region:
        message = f"must be in region {own.platform.region}, since events cross in one region only: see"
        yield _problem(source, f"{key}.deployment", party.id, other, message, "put both into one region")


def _later(deployments: Named, by: Callable[[Deployment], object]) -> Iterator[tuple[str, Deployment, str]]:
    """(file, deployment, file of the first) of each deployment that an earlier one equals in ``by``."""
    first: dict[object, str] = {}
    for source, deployment in deployments:
        value = by(deployment)
        if value in first:
            yield source, deployment, first[value]
        else:
            first[value] = source


def _problem(source: str, key: str, value: object, other: str, message: str, remedy: str) -> Problem:
    return Problem(file=source, key=key, value=shown(value), message=f"{message} {other}", remedy=remedy)


RULES = (ids, clusters, stacks, singletons, session_preferences, scanners, owners, replicas, scopes, events)
