"""Commands that generated pages give to people, as blocks of bash in Markdown. Nothing here runs them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The keys of a secret, and where their values come from.

    Those of ``files`` are in files that are asked for, those of ``random`` are made by the command, those of ``known``
    are in it; all others are asked for.
    """

    keys: Sequence[str]
    files: Sequence[str] = ()
    random: Sequence[str] = ()
    known: Mapping[str, str] = field(default_factory=dict)


def put_secret(path: str, region: str, asked: Asked) -> str:
    """The command that asks for values and puts one JSON object of them into the secret ``path``.

    They go by the environment and a pipe: arguments of a process can be read by others. It is one compound command, so
    that bash has read all of it before it asks: what is pasted isn't taken for an answer.
    """
    lines = [_value(key, asked) for key in asked.keys]
    exported = [_variable(key) for key in asked.keys if key not in asked.files]
    if exported:
        lines.append(f"export {' '.join(exported)}")
    raw = [f'--rawfile {_variable(key)} "${_variable(key)}"' for key in asked.keys if key in asked.files]
    fields = [
        f'"{key}": {"$" if key in asked.files else "env."}{_variable(key)}{"," if key != asked.keys[-1] else ""}'
        for key in asked.keys
    ]
    lines += [f"{' '.join(['jq -n', *raw])} '{{", *(f"  {each}" for each in fields), "}' |"]
    lines += [f"  aws secretsmanager put-secret-value --region {region} --secret-id {path} \\"]
    lines += ["    --secret-string file:///dev/stdin --query Name --output text"]
    return _block(["(", *(f"  {line}" for line in lines), ")"])


def post_hook(path: str, region: str, organization: str, url: str) -> str:
    """The command that makes a GitHub organization's hook to ``url``, signed with ``webhook-secret`` of ``path``.

    Source: GitHub REST API, "Create an organization webhook".
    """
    config = f'{{url: "{url}", content_type: "json", secret: ."webhook-secret"}}'
    return _block(
        [
            f"aws secretsmanager get-secret-value --region {region} --secret-id {path} \\",
            "  --query SecretString --output text |",
            f'  jq \'{{name: "web", events: ["*"], config: {config}}}\' |',
            f"  gh api --method POST /orgs/{organization}/hooks --silent --input -",
        ]
    )


def _value(key: str, asked: Asked) -> str:
    variable = _variable(key)
    if key in asked.known:
        return f"{variable}={shlex.quote(asked.known[key])}"
    if key in asked.random:
        return f"{variable}=$(openssl rand -hex 32)"
    if key in asked.files:
        return f"read -rp 'file with {key}: ' {variable}"
    return f"read -rsp '{key}: ' {variable}; echo"


def _variable(key: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).upper())


def _block(lines: Iterable[str]) -> str:
    return "\n".join(["```sh account", *lines, "```", ""])
