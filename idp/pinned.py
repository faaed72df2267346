"""What of a deployment is named by a tag or a range, and could become something else tomorrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from config.deployment import Deployment
from constructs_lib.components.copies import copies
from idp.output import Stack
from idp.providers import Lock, required_by


def images(deployments: Iterable[Deployment]) -> Iterator[str]:
    """A line for each deployment with images that have no reviewed digest."""
    for deployment in deployments:
        found = copies(deployment)
        if deployment.shared.images != "copies":
            yield (
                f"{deployment.id}: {len(found)} images are pulled by their tags, through caches; "
                "deployment:shared:images: copies lets them have digests"
            )
        elif missing := [each.source for each in found if not each.digest]:
            yield (
                f"{deployment.id}: {len(missing)} of {len(found)} images have no digest in images.lock.json, such as "
                f"{missing[0]}; `python -m idp images copy --deployment {deployment.id}` records them for review"
            )


def providers(lock: Lock, stacks: Iterable[Stack]) -> list[str]:
    """What the lock of providers lacks for ``stacks``; that there is none."""
    if not lock.text:
        return [f"no providers/{lock.path.name}: `python -m idp providers lock` records what the registry has"]
    return lock.problems(required_by(stack.directory) for stack in stacks)
