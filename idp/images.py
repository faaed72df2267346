"""Copies images from their upstreams into our registry, all platforms, byte by byte, and checks what was reviewed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from config.deployment import Deployment
from constructs_lib.components.copies import Copy
from idp.errors import OperationError
from idp.oci import Manifest, Registry

Report = Callable[[str], None]


def destination(deployment: Deployment) -> str:
    """Host of the registry that copies of ``deployment`` go to: where another account's fills its own, that one's."""
    account = deployment.shared.replication_source or deployment.shared.registry_account
    return f"{account}.dkr.ecr.{deployment.platform.region}.amazonaws.com"


def copy_all(
    copies: Iterable[Copy], into: Registry, upstream: Callable[[str], Registry], report: Report
) -> dict[str, str]:
    """Copy what ``into`` lacks; returns source → digest of all that is there now.

    ``upstream`` gives the registry of a host. One image's trouble keeps no other from being copied.
    """
    found, problems = {}, []
    for copy in copies:
        try:
            found[copy.source] = _copy(copy, into, upstream, report)
        except OperationError as error:
            problems.append(str(error).partition("\nNext: ")[0])
    if problems:
        raise CopyError(problems, found)
    return found


class CopyError(OperationError):
    """Some images weren't copied; ``copied`` holds source → digest of the others."""

    def __init__(self, problems: list[str], copied: Mapping[str, str]) -> None:
        self.copied = copied
        super().__init__("\n".join(problems), remedy="look at each image named; the others are copied")


def _copy(copy: Copy, into: Registry, upstream: Callable[[str], Registry], report: Report) -> str:
    name, _, tag = copy.source.rpartition(":")
    host, _, path = name.partition("/")
    source = upstream(host)
    manifest = source.manifest(path, tag)
    if manifest is None:
        raise OperationError(f"{copy.source}: its registry has no such image", remedy="look for another version")
    if copy.digest and manifest.digest != copy.digest:
        raise OperationError(
            f"{copy.source}: its tag is {manifest.digest} now, and {copy.digest} was reviewed",
            remedy="find out why upstream moved the tag",
        )
    present = into.manifest(copy.repository, copy.tag)
    if present is not None and present.digest != manifest.digest:
        raise OperationError(
            f"{copy.source}: {into.host}/{copy.repository}:{copy.tag} is {present.digest}, and can't become "
            f"{manifest.digest}",
            remedy="tags can't move: find out which of the two is right",
        )
    if present is None:
        _transfer(manifest, copy.tag, source, path, into, copy.repository)
    report(f"{'copied' if present is None else 'there'} {copy.source} {manifest.digest}")
    return manifest.digest


def _transfer(manifest: Manifest, reference: str, source: Registry, path: str, into: Registry, repository: str) -> None:
    """What the manifest names first: registries refuse one that names what they lack."""
    for digest in manifest.manifests:
        child = source.manifest(path, digest)
        if child is None:
            raise OperationError(f"{source.host}/{path}@{digest}: missing from its index", remedy="ask its maker")
        _transfer(child, digest, source, path, into, repository)
    for digest in manifest.blobs:
        if not into.has(repository, digest):
            with source.blob(path, digest) as file:
                into.put_blob(repository, digest, file)
    into.put_manifest(repository, reference, manifest)
