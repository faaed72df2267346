"""A run that is killed leaves what the next run finishes, wherever it was killed."""

from __future__ import annotations

import pytest

from tests.database.process import KILLED
from tests.database.world import World

pytestmark = pytest.mark.database

# More effects than one run has: the loops end when a run is no longer killed.
MOST_EFFECTS = 200


def recoverable(world: World, name: str) -> bool:
    """The user's password is in the secret, as the readers' or as the one under way."""
    labels = {label for of_version in world.labels(world.component(name)["secret"]).values() for label in of_version}
    known = [world.secret(name, VersionStage=label)["password"] for label in labels & {"AWSCURRENT", "AWSPENDING"}]
    return any(world.works(name, password) for password in known)


def test_a_rotation_killed_after_any_effect_is_finished_by_the_next_run(complete: World) -> None:
    for effects in range(1, MOST_EFFECTS):
        killed = complete.run(kill_after=effects)
        if killed.code == 0:
            break
        assert killed.code == KILLED, killed.output
        assert all(recoverable(complete, entry["name"]) for entry in complete.components), f"after effect {effects}"
        finished = complete.run()
        assert finished.code == 0, f"after effect {effects}: {finished.output}"
        complete.assert_complete()
    assert effects > 20, "the kill switch counts nothing"


def test_a_first_run_killed_again_and_again_ends_right(world: World) -> None:
    """Each run gets one effect further than the one before."""
    for effects in range(1, MOST_EFFECTS):
        if world.run(kill_after=effects).code == 0:
            break
    world.assert_complete()


def test_a_killed_run_frees_the_lock(complete: World) -> None:
    assert complete.run(kill_after=3).code == KILLED
    assert complete.run(lockSeconds=5).code == 0


def test_the_next_run_uses_the_password_that_was_under_way(complete: World) -> None:
    effects = 1
    while "AWSPENDING" not in str(complete.labels(complete.component("backstage")["secret"])):
        assert complete.run(kill_after=effects).code == KILLED
        effects += 1
    pending = complete.secret("backstage", VersionStage="AWSPENDING")["password"]
    assert complete.run().code == 0
    assert complete.password("backstage") == pending
