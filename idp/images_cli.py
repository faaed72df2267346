"""``python -m idp images list|copy``: the images of a deployment whose images are copied beforehand."""

from __future__ import annotations

import functools
from typing import Annotated

import typer

from config.deployment import Deployment
from config.images import LOCK_FILE, record, recorded
from constructs_lib.components.copies import copies
from idp.errors import OperationError
from idp.images import CopyError, copy_all, destination
from idp.oci import Registry
from idp.options import CONFIG, Config, DeploymentId, configured

app = typer.Typer(no_args_is_help=True, help="Images that are copied into our registry beforehand.")
Into = Annotated[str | None, typer.Option("--into", help="Another registry than the deployment's.")]
From = Annotated[
    list[str] | None,
    typer.Option("--from", help="HOST=ADDRESS: read HOST's images at ADDRESS, such as a proxy; several times."),
]


@app.command("list")
def listed(deployment: DeploymentId, config: Config = CONFIG) -> None:
    """Print upstream, copy and reviewed digest of every image. Exit code 2 where one has no digest yet."""
    rows = copies(_of_copies(config, deployment))
    for row in rows:
        typer.echo(f"{row.source} {row.repository}:{row.tag} {row.digest or '-'}")
    if not all(row.digest for row in rows):
        raise typer.Exit(2)


@app.command()
def copy(deployment: DeploymentId, config: Config = CONFIG, into: Into = None, source: From = None) -> None:
    """Copy the images that the registry lacks, and record the digests of new ones in images.lock.json for review."""
    chosen = _of_copies(config, deployment)
    proxies = dict(each.split("=", 1) for each in source or () if "=" in each)

    @functools.cache
    def registry_at(host: str) -> Registry:
        return Registry(proxies.get(host, host))

    try:
        found = copy_all(copies(chosen), Registry(into or destination(chosen)), registry_at, typer.echo)
    except CopyError as error:
        record({**recorded(LOCK_FILE), **error.copied}, LOCK_FILE)
        raise
    record({**recorded(LOCK_FILE), **found}, LOCK_FILE)


def _of_copies(config: Config, name: str) -> Deployment:
    found = configured(config, name)
    if found.shared.images != "copies":
        raise OperationError(
            f"deployment {name} pulls images by caches", remedy="set deployment:shared:images to copies first"
        )
    return found
