"""Selections and vault policies of AWS Backup, which moto lacks, and tags, whose ARN it cuts (API reference)."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import unquote

from sandbox.extension.application import Request, Response, answer, failure
from sandbox.extension.store import Store, now

STORE = Store()


def patch() -> None:
    from moto.backup.responses import BackupResponse

    BackupResponse.list_tags = _list_tags


def _list_tags(self: Any) -> str:
    """ListTags: the whole rest of the path is the ARN."""
    arn = unquote(self.parsed_url.path).removeprefix("/tags/").rstrip("/")
    return json.dumps({"Tags": self.backup_backend.list_tags(resource_arn=arn)})


def route(request: Request) -> Response | None:
    if request.service != "backup":
        return None
    match request.parts:
        case ("backup", "plans", plan, "selections", *rest):
            return _selections(request, plan, rest[0] if rest else "")
        case ("backup-vaults", vault, "access-policy"):
            return _policy(request, vault)
        case ("backup-vaults", _, "recovery-points") if request.method == "GET":
            # No job runs here, so no vault ever holds one.
            return answer({"RecoveryPoints": []})
    return None


def _selections(request: Request, plan: str, selection: str) -> Response:
    table = STORE.table(request, f"selections of {plan}")
    if request.method == "PUT":
        made = str(uuid.uuid4())
        table[made] = {"BackupPlanId": plan, "SelectionId": made, "CreationDate": now()} | request.json()
        return answer({key: table[made][key] for key in ("BackupPlanId", "SelectionId", "CreationDate")})
    if not selection:
        return answer({"BackupSelectionsList": list(table.values())})
    if selection not in table:
        return failure("ResourceNotFoundException", f"Cannot find Backup plan selection {selection}")
    if request.method == "DELETE":
        del table[selection]
        return answer({})
    return answer(table[selection])


def _policy(request: Request, vault: str) -> Response:
    table = STORE.table(request, "policies")
    if request.method == "PUT":
        table[vault] = {
            "BackupVaultName": vault,
            "BackupVaultArn": f"arn:aws:backup:{request.region}:{request.account}:backup-vault:{vault}",
            "Policy": request.json()["Policy"],
        }
        return answer({})
    if vault not in table:
        return failure("ResourceNotFoundException", f"{vault} has no access policy")
    if request.method == "DELETE":
        del table[vault]
        return answer({})
    return answer(table[vault])
