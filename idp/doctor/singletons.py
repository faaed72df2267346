"""What an account or a region has once, and whether it is there: against what the deployment file says of it.

AWS refuses some of them a second time, so one that is there collides with ``managed``; others are overwritten without
a word. Sources: the API reference of each service, of the call that the provider makes; read 2026-11.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from botocore.exceptions import ClientError

from config.deployment import Deployment
from config.rules.between import SINGLETONS
from constructs_lib.iam.trust import GITHUB_OIDC_HOST
from constructs_lib.naming import naming_of
from idp.aws import Aws, refused
from idp.findings import Finding, fail, ok, warn

# What is there, in a few words; empty where nothing is.
Probe = Callable[[Aws, Deployment], str]
CONFIG_ROLE, SPOT_ROLE = "AWSServiceRoleForConfig", "AWSServiceRoleForEC2Spot"


@dataclass(frozen=True, kw_only=True)
class Singleton:
    """``once``: AWS refuses to make a second one; else the apply overwrites what ``probe`` finds."""

    probe: Probe
    once: bool


def _nothing(call: Callable[[], str], *codes: str) -> str:
    """What ``call`` says; empty where AWS answers with one of ``codes``."""
    try:
        return call()
    except ClientError as error:
        if not refused(error, *codes):
            raise
        return ""


def _registry(aws: Aws, _deployment: Deployment) -> str:
    client = aws.client("ecr")
    has_policy = _nothing(lambda: str(client.get_registry_policy()["policyText"]), "RegistryPolicyNotFoundException")
    rules = client.describe_registry()["replicationConfiguration"]["rules"]
    scanning = client.get_registry_scanning_configuration()["scanningConfiguration"]
    parts = ["a registry policy"] if has_policy else []
    parts += [f"{len(rules)} replication rules"] if rules else []
    parts += ["enhanced scanning"] if scanning.get("scanType") == "ENHANCED" else []
    return ", ".join(parts)


def _password_policy(aws: Aws, _deployment: Deployment) -> str:
    def ask() -> str:
        least = aws.client("iam").get_account_password_policy()["PasswordPolicy"]["MinimumPasswordLength"]
        return f"a policy of at least {least} characters"

    return _nothing(ask, "NoSuchEntity")


def _ebs(aws: Aws, _deployment: Deployment) -> str:
    return "on" if aws.client("ec2").get_ebs_encryption_by_default()["EbsEncryptionByDefault"] else ""


def _public_access(aws: Aws, deployment: Deployment) -> str:
    def ask() -> str:
        client = aws.client("s3control")
        found = client.get_public_access_block(AccountId=deployment.platform.account)["PublicAccessBlockConfiguration"]
        return f"{sum(map(bool, found.values()))} of {len(found)} settings on"

    return _nothing(ask, "NoSuchPublicAccessBlockConfiguration")


def _github(aws: Aws, _deployment: Deployment) -> str:
    listed = aws.client("iam").list_open_id_connect_providers()["OpenIDConnectProviderList"]
    return next((entry["Arn"] for entry in listed if entry["Arn"].endswith(f"/{GITHUB_OIDC_HOST}")), "")


def role(aws: Aws, name: str) -> str:
    """The ARN of the role ``name``; empty where there is none."""
    return _nothing(lambda: str(aws.client("iam").get_role(RoleName=name)["Role"]["Arn"]), "NoSuchEntity")


def _trail(aws: Aws, deployment: Deployment) -> str:
    own = naming_of(deployment).name("")
    trails = aws.client("cloudtrail").describe_trails(includeShadowTrails=True)["trailList"]
    return ", ".join(trail["Name"] for trail in trails if not trail["Name"].startswith(own))


def _recorder(aws: Aws, _deployment: Deployment) -> str:
    found = aws.client("config").describe_configuration_recorders()["ConfigurationRecorders"]
    return ", ".join(recorder["name"] for recorder in found)


def _detector(aws: Aws, _deployment: Deployment) -> str:
    return ", ".join(aws.pages("guardduty", "list_detectors", "DetectorIds"))


def _hub(aws: Aws, _deployment: Deployment) -> str:
    # Not subscribed is "invalid access"; without rights the code is AccessDeniedException.
    return _nothing(lambda: str(aws.client("securityhub").describe_hub()["HubArn"]), "InvalidAccessException")


def _inspector(aws: Aws, deployment: Deployment) -> str:
    answer = aws.client("inspector2").batch_get_account_status(accountIds=[deployment.platform.account])
    return ", ".join(each["state"]["status"] for each in answer["accounts"] if each["state"]["status"] != "DISABLED")


def _analyzer(aws: Aws, _deployment: Deployment) -> str:
    found = aws.pages("accessanalyzer", "list_analyzers", "analyzers", type="ACCOUNT")
    return ", ".join(analyzer["name"] for analyzer in found)


def _macie(aws: Aws, _deployment: Deployment) -> str:
    try:
        return str(aws.client("macie2").get_macie_session()["status"])
    except ClientError as error:
        # The same code is said without rights: only the text tells them apart.
        if refused(error, "AccessDeniedException") and "not enabled" in error.response["Error"]["Message"]:
            return ""
        raise


# Alarms aren't here: their names are the deployment's own.
TABLE: Mapping[str, Singleton] = {
    "ecr_registry": Singleton(probe=_registry, once=False),
    "ebs_encryption": Singleton(probe=_ebs, once=False),
    "s3_public_access_block": Singleton(probe=_public_access, once=False),
    "password_policy": Singleton(probe=_password_policy, once=False),
    "github_oidc": Singleton(probe=_github, once=True),
    "spot_service_linked_role": Singleton(probe=lambda aws, _deployment: role(aws, SPOT_ROLE), once=True),
    "cloudtrail": Singleton(probe=_trail, once=False),
    "config_recorder": Singleton(probe=_recorder, once=True),
    "guardduty": Singleton(probe=_detector, once=True),
    "security_hub": Singleton(probe=_hub, once=True),
    "inspector": Singleton(probe=_inspector, once=False),
    "access_analyzer": Singleton(probe=_analyzer, once=True),
    "macie": Singleton(probe=_macie, once=True),
}
# Turning these on again changes nothing that is worth a warning.
_HARMLESS = ("ebs_encryption", "s3_public_access_block", "inspector")


def singleton(aws: Aws, deployment: Deployment, name: str, *, deployed: bool) -> Iterator[Finding]:
    """The finding about singleton ``name``; none where it is off."""
    ownership = getattr(deployment.account, name)
    if ownership == "off" or (name == "ecr_registry" and not _fills_registry(deployment)):
        return
    key, check = SINGLETONS[name][0], f"account: {name.replace('_', ' ')}"
    found, kind = TABLE[name].probe(aws, deployment), TABLE[name]
    if ownership == "existing":
        yield ok(check, f"{found}, and left as it is") if found else _absent(check, key)
    elif deployed:
        yield ok(check, found or "managed here")
    elif not found:
        yield ok(check, "not there: will be made")
    elif kind.once:
        remedy = f'set {key} to "existing", or take it into the state with `tofu import` before the apply'
        yield fail(check, f"there is one, and AWS refuses a second: {found}", remedy)
    elif name in _HARMLESS:
        yield ok(check, f"{found}: will be managed from now on")
    else:
        yield warn(check, _beside(name, found), f'set {key} to "existing" where that must stay as it is')


def _fills_registry(deployment: Deployment) -> bool:
    return deployment.shared.owner or deployment.shared.replication_source is not None


def _absent(check: str, key: str) -> Finding:
    return fail(check, "not there, though the deployment file says it exists", f'make it, or set {key} to "managed"')


def _beside(name: str, found: str) -> str:
    if name == "cloudtrail":
        return f"there are trails, and the next one says the same again for money: {found}"
    return f"the apply overwrites {found}"
