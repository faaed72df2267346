"""Random deployment files for property tests: right ones, nearly right ones, and hostile ones."""

from __future__ import annotations

import copy
import ipaddress
from typing import Any

from hypothesis import strategies as st

from config.file import DeploymentFile
from config.names import BUCKET_NAME_MAX, BUCKET_PURPOSE_MAX
from config.regions import OTHER_ZONES, REGIONS
from config.requirements import missing
from config.rules.teams import RESERVED
from config.versions import MINORS
from config.words import keys
from tests.closed import COMPONENTS, NOTHING_LEAVES

# What Terraform, Jinja2, YAML, Go templates, a shell or a terminal would take for more than text.
HOSTILE_TEXTS = (
    "${aws_vpc.vpc.id}",
    "%{ for x in y }",
    "$${x}",
    "[[ given ]]",
    "[% raw %]",
    "[# comment",
    "{{ .Values.x }}",
    "a\nb: c",
    "\r",
    "\x00",
    "\x1b[2J",
    "\u202e",
    "\ud800",
    "ünï",
    "../../etc/passwd",
    "$(id)",
    "' OR 1",
    '"',
    "\\",
    "&anchor",
    "!!python/object:os.system",
    "---",
    "",
    "x" * 300,
)
KEYS = (*keys(DeploymentFile), "deployments", "deployment:vpc", "", "platform_id")
WORD = st.from_regex(r"[a-z][a-z0-9]{1,7}", fullmatch=True)
ACCOUNTS = st.from_regex(r"[0-9]{12}", fullmatch=True)

hostile_texts = st.sampled_from(HOSTILE_TEXTS) | st.text(max_size=30)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | hostile_texts
json_values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(hostile_texts | st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)
hostile_files = st.dictionaries(st.sampled_from(KEYS) | hostile_texts, json_values, max_size=12)
COMPONENTS_OF_ANY_MINOR = {name: settings for name, settings in COMPONENTS.items() if name != "velero"}


@st.composite
def people(draw: st.DrawFn, account: str, *, least: int = 0) -> list[dict[str, str]]:
    names = draw(st.lists(WORD, min_size=least, max_size=3, unique=True))
    paths = [draw(st.sampled_from(("", "teams/", "aws-reserved/sso.amazonaws.com/eu-west-1/"))) for _ in names]
    kinds = [draw(st.sampled_from(("", "AWSReservedSSO_"))) if path != "teams/" else "" for path in paths]
    return [
        {"username": name, "role": f"arn:aws:iam::{account}:role/{path}{kind}{name}", "email": f"{name}@example.com"}
        for name, path, kind in zip(names, paths, kinds, strict=True)
    ]


@st.composite
def components(draw: st.DrawFn, domain: str) -> dict[str, Any]:
    on = st.booleans()
    web = {
        name: {"enabled": draw(on), "domain": f"{name}.{domain}"}
        for name in draw(st.sets(st.sampled_from(("backstage", "argo-workflows", "argocd", "argo-events"))))
    }
    if "backstage" in web:
        web["backstage"]["replicas"] = draw(st.integers(2, 20))
    plain = (
        "argo-rollouts",
        "cert-manager",
        "crossplane",
        "external-dns",
        "external-secrets",
        "falco",
        "kyverno",
        "reloader",
    )
    chosen = web | {name: {"enabled": draw(on)} for name in draw(st.sets(st.sampled_from(plain)))}
    while lacking := missing(name for name, component in chosen.items() if component["enabled"]):
        chosen[lacking[0][0]]["enabled"] = False
    return chosen


@st.composite
def teams(draw: st.DrawFn) -> list[dict[str, Any]]:
    quotas = st.fixed_dictionaries(
        {
            # No more than the pools of the smallest profile hold.
            "cpu": st.from_regex(r"[1-8](\.5)?|[1-9][0-9]{2}m", fullmatch=True),
            "memory": st.from_regex(r"1?[1-6]Gi|[1-9][0-9]{2}Mi", fullmatch=True),
        }
    )
    members = st.lists(WORD, min_size=1, max_size=3, unique=True)
    names = draw(st.lists(WORD.filter(lambda name: name not in RESERVED), max_size=3, unique=True))
    return [{"name": name, "quotas": draw(quotas), "members": draw(members)} for name in names]


@st.composite
def networks(draw: st.DrawFn, region: str) -> dict[str, Any]:
    """Ranges, zones and ways out that go together."""
    vpc = draw(
        st.integers(0, 255).map(lambda part: f"10.{part}.0.0/16")
        | st.integers(16, 31).map(lambda part: f"172.{part}.0.0/16")
        | st.just("192.168.0.0/16")
    )
    service = draw(
        st.sampled_from(("172.20.0.0/16", "10.0.0.0/12", "10.96.0.0/12", "192.168.4.0/24", "172.16.0.0/13")).filter(
            lambda cidr: not ipaddress.IPv4Network(cidr).overlaps(ipaddress.IPv4Network(vpc))
        )
    )
    nat = draw(st.sampled_from(("single", "per_az", "none")))
    profiles = ("full",) if nat == "none" else ("none", "basic_one_az", "basic", "full")
    chosen: dict[str, Any] = {
        "deployment:vpc:cidr": vpc,
        "deployment:eks:serviceCidr": service,
        "deployment:vpc:maxAzs": draw(st.sampled_from((2, 3))),
        "deployment:vpc:natGateways": nat,
        "deployment:vpc:endpoints": draw(st.sampled_from(profiles)),
        "deployment:vpc:accessHost": draw(st.booleans()),
    }
    if draw(st.booleans()):
        chosen["deployment:vpc:zones"] = [f"{region}{letter}" for letter in draw(st.permutations("abc"))]
    if draw(st.booleans()):
        return chosen | {"deployment:eks:endpointAccess": "private_only"}
    return chosen | {"deployment:eks:publicAccessCidrs": draw(st.sampled_from((["203.0.113.0/24"], ["8.0.0.0/8"])))}


@st.composite
def choices(draw: st.DrawFn) -> dict[str, Any]:
    """Keys that go with anything."""
    ownership = st.sampled_from(("managed", "existing", "off"))
    tag = st.from_regex(r"[A-Za-z0-9_ .:/=+@-]{1,30}", fullmatch=True)
    capacity = sorted(draw(st.lists(st.integers(1, 512).map(lambda half: half / 2), min_size=2, max_size=2)))
    least = draw(st.integers(1, 20))
    optional = {
        "platform:owner": tag,
        "platform:costCenter": tag,
        "deployment:dataClassification": tag,
        "deployment:deletionPolicy": st.sampled_from(("retain", "snapshot")),
        "deployment:state:lock": st.sampled_from(("dynamodb", "s3", "both")),
        "deployment:eks:version": st.sampled_from(sorted(MINORS)),
        "deployment:eks:supportType": st.sampled_from(("STANDARD", "EXTENDED")),
        "deployment:aurora:readers": st.integers(0, 5),
        "deployment:storage:backupObjectLockDays": st.integers(0, 30),
        **{
            f"deployment:account:{name}": ownership
            for name in ("ecrRegistry", "ebsEncryption", "s3PublicAccessBlock", "passwordPolicy", "githubOidc")
        },
    }
    return draw(st.fixed_dictionaries({}, optional=optional)) | {
        "deployment:aurora:minCapacity": capacity[0],
        "deployment:aurora:maxCapacity": capacity[1],
        "deployment:eks:systemMinNodes": least,
        "deployment:eks:systemMaxNodes": draw(st.integers(least, 20)),
    }


@st.composite
def right_files(draw: st.DrawFn) -> dict[str, Any]:
    """Deployment files that every rule admits, of environment production/v1."""
    region = draw(st.sampled_from([region for region in REGIONS if region not in OTHER_ZONES]))
    account, domain = draw(ACCOUNTS), f"{draw(WORD)}.example.com"
    room = BUCKET_NAME_MAX - BUCKET_PURPOSE_MAX - len(account) - len(region) - 4
    deployment = draw(WORD.filter(lambda word: word not in ("sg", "sthree")))
    network = draw(networks(region))
    closed = network["deployment:vpc:natGateways"] == "none"
    return {
        "platform:id": deployment,
        "platform:organization": draw(WORD)[: room - len(deployment)],
        "platform:account": account,
        "platform:region": region,
        "platform:domain": domain,
        "deployment:id": deployment,
        "deployment:environment": "production",
        "deployment:version": "v1",
        "deployment:eks:administrators": draw(people(account, least=1)),
        "deployment:access:operators": draw(people(account)),
        "deployment:access:auditors": draw(people(account)),
        "deployment:teams": draw(teams()),
        "deployment:shared:replicationRegions": [],
        **network,
        **({key: value for key, value in NOTHING_LEAVES.items() if value is not None} if closed else {}),
        # Velero's pinned version isn't made for every minor.
        # A copy: who draws a file may break it.
        "deployment:components": copy.deepcopy(COMPONENTS_OF_ANY_MINOR) if closed else draw(components(domain)),
        **draw(choices()),
    }


@st.composite
def nearly_right_files(draw: st.DrawFn) -> dict[str, Any]:
    """Right files with a few keys lost, added or replaced, at the top or below."""
    file: dict[str, Any] = draw(right_files())
    for _ in range(draw(st.integers(1, 3))):
        _damage(draw, file)
    return file


def _damage(draw: st.DrawFn, value: Any) -> None:
    while isinstance(value, (dict, list)) and value:
        place: Any = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
        if isinstance(value[place], (dict, list)) and value[place] and draw(st.booleans()):
            value = value[place]
            continue
        action = draw(st.sampled_from(("replace", "remove", "add")))
        if action == "remove":
            del value[place]
        elif action == "add" and isinstance(value, dict):
            value[draw(st.sampled_from(KEYS) | hostile_texts)] = draw(json_values)
        else:
            value[place] = draw(json_values)
        return
