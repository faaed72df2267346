"""Tables of config that must agree with others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config import names, words
from config.deployment import Account
from config.file import DeploymentFile
from config.regions import OTHER_ZONES, REGIONS
from config.rules.between import SINGLETONS
from constructs_lib.network.aws_sources import EKS_IMAGE_ACCOUNTS

RULES = Path(names.__file__).parent / "rules"


def test_regions_are_those_whose_images_are_known() -> None:
    assert set(REGIONS) == set(EKS_IMAGE_ACCOUNTS)
    assert set(OTHER_ZONES) < set(REGIONS)


def test_every_singleton_of_the_account_is_managed_once() -> None:
    owned = {name for name, field in Account.model_fields.items() if field.annotation is not bool}
    assert set(SINGLETONS) == owned


@pytest.mark.parametrize("path", sorted(RULES.glob("*.py")), ids=lambda path: path.name)
def test_rules_name_keys_that_there_are(path: Path) -> None:
    known = set(words.keys(DeploymentFile))
    named = re.findall(r"\b(?:platform|deployment):[A-Za-z:]*[A-Za-z]\b(?!:)", path.read_text(encoding="utf-8"))
    assert set(named) - {"deployment:account", "deployment:shared"} <= known


def test_fails_for_a_bucket_whose_purpose_the_rules_do_not_count_with() -> None:
    with pytest.raises(ValueError, match="BUCKET_PURPOSE_MAX"):
        names.bucket_name(deployment="a", purpose="x" * 13, organization="b", account="1", region="c")
