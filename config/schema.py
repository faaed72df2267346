"""The JSON Schema of the deployment file and of cdktf.json's context, for editors: config/deployment.schema.json.

    python -m config.schema --write | --check

It holds what one key may be. What goes together is checked by `config.rules` when a file is loaded.
"""

from __future__ import annotations

import copy
import json
import sys
from typing import Any

from config.file import DeploymentFile
from config.generated import ROOT, command
from config.loader import ENGINE_FLAGS, FURTHER_FILES, SCHEMA_KEY

PATH = ROOT / "config" / "deployment.schema.json"


def schema() -> dict[str, Any]:
    """The schema: a file with a ``context`` is a cdktf.json, any other a deployment file."""
    keys = DeploymentFile.model_json_schema(by_alias=True)
    definitions: dict[str, Any] = keys.pop("$defs")
    definitions["DeploymentFile"] = _with(keys, {SCHEMA_KEY: {"type": "string", "description": "For editors only."}})
    definitions["Context"] = _with(keys, {FURTHER_FILES: _further()} | {flag: {} for flag in sorted(ENGINE_FLAGS)})
    definitions["Cdktf"] = {
        "type": "object",
        "description": "cdktf.json: the engine's settings, and the keys of the default deployment in its context.",
        "properties": {"context": {"$ref": "#/$defs/Context"}},
        "required": ["context"],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Deployment of the internal developer platform",
        "if": {"required": ["context"]},
        "then": {"$ref": "#/$defs/Cdktf"},
        "else": {"$ref": "#/$defs/DeploymentFile"},
        "$defs": definitions,
    }


def text() -> str:
    return json.dumps(schema(), indent=2, sort_keys=True) + "\n"


def _with(keys: dict[str, Any], further: dict[str, Any]) -> dict[str, Any]:
    extended = copy.deepcopy(keys)
    extended["properties"] |= further
    return extended


def _further() -> dict[str, Any]:
    return {
        "type": "array",
        "items": {"type": "string"},
        "uniqueItems": True,
        "description": "Further deployment files, as paths relative to cdktf.json.",
    }


if __name__ == "__main__":
    sys.exit(command(PATH, text()))
