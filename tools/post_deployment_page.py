"""The page of what a person does after the apply, docs/POST_DEPLOYMENT.md, with the names of the deployment file.

python -m tools.post_deployment_page --write | --check
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from config.deployment import Deployment
from config.generated import ROOT, command
from config.loader import load_unlocked
from config.templates import engine
from constructs_lib.components.pushed import built, copied
from constructs_lib.components.registry import CATALOG, enabled
from constructs_lib.components.stores import stores
from constructs_lib.components.written_secrets import keys, written
from constructs_lib.data.secrets_table import full_path
from constructs_lib.naming import naming_of
from constructs_lib.registry.table import registry, upstreams
from stacks.contracts import BootstrapOutputs, DataOutputs, IamOutputs, SharedOutputs, VpcOutputs
from tools.shell import Asked, post_hook, put_secret

PATH = ROOT / "docs" / "POST_DEPLOYMENT.md"
_TEMPLATE = "post_deployment.md.j2"
# Where the source of chart events listens.
HOOK_PATH = "/github"
# Amazon ECR User Guide, "Storing your upstream repository credentials in AWS Secrets Manager".
_LOGIN = Asked(keys=("username", "accessToken"))
_IMAGES = {
    "database-bootstrap": "the job that makes the database's users; images/database-bootstrap says how it is built",
    "backstage": "your Backstage; [BACKSTAGE.md](BACKSTAGE.md) says what it must hold, and checks it",
    "ci-tools": "steps of workflows, before the first one; images/ci-tools says how it is built",
    "techdocs-builder": "documentation, before the first workflow; images/techdocs-builder says how it is built",
}


def text(deployment: Deployment | None = None) -> str:
    """The whole page, for the example of ``cdktf.json`` unless told otherwise."""
    which = deployment or load_unlocked(ROOT / "cdktf.json")[0][1]
    template = engine([ROOT / "tools"], str).get_template(_TEMPLATE)
    return template.render(**_names(which), **_lists(which))


def _names(deployment: Deployment) -> Mapping[str, Any]:
    platform, github = deployment.platform, deployment.github
    naming = naming_of(deployment)
    foundation = (VpcOutputs, DataOutputs, SharedOutputs, IamOutputs)
    return {
        "id": deployment.id,
        "region": platform.region,
        "domain": platform.domain,
        "organization": github.organization,
        "admin_team": github.admin_team,
        "account": platform.account,
        "admin_role": naming.role_arn("admin"),
        "cluster": naming.cluster,
        "registry": registry(deployment),
        "zone_made": deployment.shared.owner and deployment.shared.zone_id is None,
        "zone_id": deployment.shared.zone_id,
        "foundation": [
            naming.stack(BootstrapOutputs.layer, "account"),
            *(naming.stack(contract.layer, contract.stack) for contract in foundation),
            *([naming.stack("foundation", "backup")] if deployment.backup.vault else []),
            *([naming.stack("foundation", "events")] if deployment.events.cross else []),
        ],
        "mails": sorted(deployment.audit.alarm_emails),
        "recorder": deployment.account.config_recorder == "managed",
        "vault": naming.name("backups") if deployment.backup.vault else "",
        "shared_stack": naming.stack(SharedOutputs.layer, SharedOutputs.stack),
    }


def _lists(deployment: Deployment) -> Mapping[str, Any]:
    on = enabled(deployment)
    domains = {name: host.domain for name, host in deployment.components.hosts().items()}
    caches = list(_caches(deployment))
    hook = {}
    if "argo-events" in domains:
        url = f"https://{domains['argo-events']}{HOOK_PATH}"
        path = f"/{deployment.id}/api/argo-events"
        hook["hook"] = post_hook(path, deployment.platform.region, deployment.github.organization, url)
    return {
        "on": set(on),
        "namespaces": {name: component.namespace for name, component in CATALOG.items()},
        "domains": domains,
        "secrets": list(_secrets(deployment)),
        "caches": caches,
        "cache_names": json.dumps([cache["name"] for cache in caches]),
        "images": list(_images(deployment)),
        "copies": list(_copies(deployment)),
        "stores": [store.name for store in stores(deployment)] if "external-secrets" in on else [],
        "hosts": list(_hosts(deployment)),
        **hook,
    }


def _secrets(deployment: Deployment) -> Iterator[Mapping[str, Any]]:
    for secret, entry in written(deployment):
        path = full_path(deployment, secret)
        yield {
            "path": path,
            "holds": secret.holds,
            "days": secret.rotation_days,
            "rotation": secret.rotation,
            "steps": entry.steps(deployment),
            "command": put_secret(
                path,
                deployment.platform.region,
                Asked(keys=keys(entry), files=entry.files, random=entry.random, known=entry.known(deployment)),
            ),
        }


def _caches(deployment: Deployment) -> Iterator[Mapping[str, str]]:
    """Logins that ECR wants, where the registry is the deployment's own."""
    for upstream in upstreams(deployment) if deployment.shared.owner else ():
        if upstream.credential is not None:
            yield {
                "name": upstream.name,
                "path": upstream.secret_name,
                "holds": upstream.credential,
                "command": put_secret(upstream.secret_name, deployment.platform.region, _LOGIN),
            }


def _images(deployment: Deployment) -> Iterator[Mapping[str, str]]:
    for image in built(deployment):
        yield {"reference": image.reference, "how": _IMAGES[image.name]}


def _copies(deployment: Deployment) -> Iterator[Mapping[str, str]]:
    for image in copied(deployment):
        yield {"source": image.source, "target": image.reference}


def _hosts(deployment: Deployment) -> Iterator[Mapping[str, str]]:
    for name, component in enabled(deployment).items():
        host = deployment.components.hosts().get(name)
        if host is not None and component.host is not None:
            url = f"https://{host.domain}{component.host.health_path}"
            yield {"url": url, "codes": component.host.success_codes}


if __name__ == "__main__":
    sys.exit(command(PATH, text()))
