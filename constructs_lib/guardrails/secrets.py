"""Guardrails on secrets: every path that is read exists and may be read, and every secret has a maker and a reader."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.data.secrets_table import BOOTSTRAP_JOB, PERSON
from constructs_lib.guardrails.estate import Address, Estate, estates
from constructs_lib.guardrails.releases import service_accounts
from constructs_lib.guardrails.roles import ROLE, Statement, account_of, allows, arn, associations, rights, trust
from constructs_lib.guardrails.rule import Document, Files
from constructs_lib.guardrails.values import Placed

Found = Iterator[tuple[str, str, str]]

SECRET = "aws_secretsmanager_secret"
READ = "secretsmanager:GetSecretValue"
WRITE = "secretsmanager:PutSecretValue"
# The chart whose pods read for all ExternalSecrets.
READER = "external-secrets"
STORES = "secret-stores"
# What the job stores for a database: ``rotation._address`` of images/database-bootstrap, and the password.
DATABASE_PROPERTIES = frozenset({"dbname", "host", "password", "port", "username"})


@dataclass(frozen=True, kw_only=True)
class _Secrets:
    """``known``: path → its container. ``made``: path → properties that the job writes. ``jobs`` are those releases.
    ``stores``: ClusterSecretStore → its values. ``roles`` of pods by (namespace, service account)."""

    estate: Estate
    known: Mapping[str, Address]
    made: Mapping[str, frozenset[str]]
    jobs: tuple[Placed, ...]
    stores: Mapping[str, Mapping[str, Any]]
    roles: Mapping[tuple[str, str], Address]

    def roles_of(self, *releases: Placed) -> set[Address]:
        """The roles of the service accounts that the values of ``releases`` name."""
        named = {(each.namespace, account) for each in releases for account in service_accounts(each)}
        return {self.roles[pair] for pair in named & self.roles.keys()}

    @functools.cached_property
    def readers(self) -> list[Address]:
        return sorted(self.roles_of(*(each for each in self.estate.releases if each.chart == READER)))

    @functools.cached_property
    def by_arn(self) -> dict[str, list[Address]]:
        """Every role that a stack makes."""
        found: dict[str, list[Address]] = {}
        for role, _ in self.estate.resources(ROLE):
            found.setdefault(arn(self.estate, role), []).append(role)
        return found

    @functools.cached_property
    def synced(self) -> set[str]:
        """The paths that some ExternalSecret reads."""
        return {
            f"{self.stores[store].get('prefix')}{row.get('key')}"
            for placed in self.estate.releases
            for row in placed.entries("externalSecrets")
            if (store := str(row.get("store"))) in self.stores
        }

    @functools.cached_property
    def _rights(self) -> dict[Address, list[Statement]]:
        return {}

    def allows(self, role: Address, action: str, resource: str) -> bool:
        if role not in self._rights:
            self._rights[role] = rights(self.estate, role)
        return allows(self._rights[role], action, resource)

    def may(self, role: Address, action: str, path: str) -> bool:
        stack = self.known[path].stack if path in self.known else role.stack
        return self.allows(role, action, _arn(self.estate, stack, path))


def _arn(estate: Estate, stack: str, path: str) -> str:
    """As Secrets Manager forms it (User Guide, "What's in a Secrets Manager secret?": six characters are added)."""
    provider = estate.stacks[stack].get("provider", {}).get("aws", [{}])[0]
    return f"arn:aws:secretsmanager:{provider.get('region')}:{account_of(estate, stack)}:secret:{path}-a1B2c3"


def _secrets(estate: Estate) -> _Secrets:
    made: dict[str, frozenset[str]] = {}
    jobs = []
    for placed in estate.releases:
        settings = placed.values.get("settings")
        if isinstance(settings, Mapping) and "randomKeys" in settings:
            jobs.append(placed)
            made |= {str(each["secret"]): DATABASE_PROPERTIES for each in settings.get("components", ())}
            made |= {str(each["secret"]): frozenset(each["keys"]) for each in settings["randomKeys"]}
    return _Secrets(
        estate=estate,
        known={str(given.get("name")): address for address, given in estate.resources(SECRET)},
        made=made,
        jobs=tuple(jobs),
        stores={
            str(each["name"]): each
            for placed in estate.releases
            if placed.chart == STORES
            for each in placed.entries("stores")
        },
        roles=associations(estate),
    )


def paths_exist(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """Every path that an ExternalSecret reads is a secret that its store reaches and its reader's role may read."""
    for estate in estates(stacks, files):
        secrets = _secrets(estate)
        for placed in estate.releases:
            for row in placed.entries("externalSecrets"):
                for message in _row_faults(secrets, placed, row):
                    yield placed.stack, placed.address, f"{placed.values_file}: externalSecrets.{row['name']}.{message}"
            if isinstance(placed.values.get("secretStore"), Mapping):
                for message in _own_store_faults(secrets, placed, placed.values["secretStore"]):
                    yield placed.stack, placed.address, f"{placed.values_file}: secretStore.{message}"


def _row_faults(secrets: _Secrets, placed: Placed, row: Mapping[str, Any]) -> Iterator[str]:
    store = secrets.stores.get(str(row.get("store")))
    if store is None:
        yield f"store: no release makes ClusterSecretStore {row.get('store')}; there are {_all(secrets.stores)}"
        return
    namespace = str(row.get("namespace", placed.namespace))
    if namespace not in store.get("namespaces", ()) and _scope(placed, namespace) not in store.get("scopes", ()):
        yield (
            f"store: {row['store']} is closed to namespace {namespace}; name it as a reader (into) of the path, or "
            "its scope (scopes), in data/secrets_table.py"
        )
    path = f"{store.get('prefix')}{row.get('key')}"
    if path not in secrets.known:
        yield f"key: no stack makes the secret {path}; add its row to data/secrets_table.py"
        return
    if not secrets.readers:
        yield f"key: nobody reads {path} for it; associate the service account of release {READER} with a role"
    yield from _reading_faults(secrets, path, store)
    wanted = {str(each) for each in (row.get("keys") or {}).values()}
    for unknown in sorted(wanted - secrets.made.get(path, frozenset(wanted))):
        yield f"keys: who makes {path} writes no property {unknown}, only {_all(secrets.made[path])}"


def _scope(placed: Placed, namespace: str) -> str:
    """Label ``platform/scope`` of a namespace that the release makes; chart idp-team has one for all of its own."""
    made = {str(each["name"]): str(each.get("scope", "team")) for each in placed.entries("namespaces")}
    return made.get(namespace, "")


def _reading_faults(secrets: _Secrets, path: str, store: Mapping[str, Any]) -> Iterator[str]:
    """Who reads for ``store``, the controller or what it becomes, may read ``path``."""
    roles, role_arn = secrets.readers, str(store.get("role", ""))
    if role_arn:
        roles = secrets.by_arn.get(role_arn, [])
        if not roles:
            yield f"store: {store['name']} reads as {role_arn}, which no stack makes; make it in iam/roles.py"
        for role in roles:
            yield from _assumption_faults(secrets, role, role_arn, "store")
    for role in roles:
        if not secrets.may(role, READ, path):
            yield f"key: {role.stack} {ROLE}.{role.name} may not {READ} {path}; amend its row in iam/rows"


def _own_store_faults(secrets: _Secrets, placed: Placed, store: Mapping[str, Any]) -> Iterator[str]:
    """A store in one namespace reads by a role of its own stack, which lets the reader of all in."""
    estate, role_arn = secrets.estate, str(store.get("role"))
    names = estate.stacks[placed.stack].get("resource", {}).get(ROLE, {})
    roles = [found for name in names if arn(estate, found := Address(placed.stack, ROLE, name)) == role_arn]
    if not roles:
        yield f"role: {role_arn} is no role of this stack; make it there"
        return
    if not secrets.may(roles[0], READ, f"{store.get('prefix')}any"):
        yield f"prefix: {ROLE}.{roles[0].name} may not {READ} below {store.get('prefix')}; amend its policy"
    yield from _assumption_faults(secrets, roles[0], role_arn, "role")


def _assumption_faults(secrets: _Secrets, role: Address, role_arn: str, key: str) -> Iterator[str]:
    """Who reads for all ExternalSecrets may become ``role``, and is let in by it."""
    estate = secrets.estate
    trusted = {
        estate.resolve(role.stack, identifier)
        for statement in trust(estate, role)
        for principal in statement.get("principals", ())
        for identifier in principal.get("identifiers", ())
    }
    for reader in secrets.readers:
        if reader not in trusted:
            yield f"{key}: the trust policy of {ROLE}.{role.name} doesn't name {reader.name}; add it as a principal"
        if not secrets.allows(reader, "sts:AssumeRole", role_arn):
            yield f"{key}: {reader.stack} {ROLE}.{reader.name} may not become {role_arn}; amend its row in iam/rows"


def makers_and_readers(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """Every secret of the table of secrets has a maker that may write it and a reader that may read it (8.6.2)."""
    for estate in estates(stacks, files):
        secrets = _secrets(estate)
        jobs = secrets.roles_of(*secrets.jobs)
        others = set(secrets.roles.values()) - jobs - set(secrets.readers)
        for path, address in secrets.known.items():
            # Secrets that no pod reads are those of a service (a registry's cache) or of a team.
            if path.startswith(f"/{estate.name}/") and "maker" in estate.arguments(address).get("tags", {}):
                for message in (*_maker_faults(secrets, path, jobs), *_reader_faults(secrets, path, others)):
                    yield address.stack, f"{SECRET}.{address.name}", message
        for placed in secrets.jobs:
            for path in sorted(secrets.made.keys() - secrets.known.keys()):
                message = f"{placed.values_file}: settings: no stack makes the secret {path}, which the job writes"
                yield placed.stack, placed.address, f"{message}; add its row to data/secrets_table.py"


def _maker_faults(secrets: _Secrets, path: str, jobs: set[Address]) -> Iterator[str]:
    maker = secrets.estate.arguments(secrets.known[path])["tags"]["maker"]
    if maker not in (PERSON, BOOTSTRAP_JOB):
        yield f"tags.maker: {maker} is no maker; name one of data/secrets_table.py"
    elif maker == BOOTSTRAP_JOB and path not in secrets.made:
        yield f"tags.maker: the job doesn't make {path}: put it into data/databases_table.py (TABLE or RANDOM_KEYS)"
    elif maker == PERSON and path in secrets.made:
        yield f"tags.maker: the job makes {path}, too: leave it to one of them in data/secrets_table.py"
    elif maker == BOOTSTRAP_JOB and not any(secrets.may(role, WRITE, path) for role in jobs):
        yield f"name: the job's role may not {WRITE} {path}; amend its row in iam/rows"


def _reader_faults(secrets: _Secrets, path: str, others: set[Address]) -> Iterator[str]:
    if path not in secrets.synced and not any(secrets.may(role, READ, path) for role in others):
        yield (
            f"name: nobody reads {path}; sync it into a namespace (secrets of a component's entry), let a role read it "
            "(iam/rows), or take its row out of data/secrets_table.py"
        )


def _all(names: Any) -> str:
    return ", ".join(sorted(names)) or "none"
