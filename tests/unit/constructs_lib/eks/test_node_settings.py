"""What follows from the settings of the system nodes."""

from __future__ import annotations

import tomllib
from typing import Any

from constructs_lib.eks.node_settings import group_name, user_data


def test_user_data_is_toml_that_states_max_pods(deployment_with: Any) -> None:
    assert tomllib.loads(user_data(deployment_with())) == {"settings": {"kubernetes": {"max-pods": 29}}}


def test_another_instance_type_is_another_group() -> None:
    assert group_name(["t3a.medium"]) == "system-t3a-medium"
    assert group_name(["t3a.large"]) != group_name(["t3a.medium"])


def test_the_name_of_a_group_of_many_types_fits_the_limit() -> None:
    name = group_name(["t3a.medium", "t3.medium", "m6a.large", "m5a.large", "m7i-flex.large", "m6i.large"])
    assert len(name) <= 63
    assert not name.endswith("-")
