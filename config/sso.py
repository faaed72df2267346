"""Roles that IAM Identity Center makes for permission sets, and the path that is part of their ARN.

Source: IAM Identity Center User Guide, "Referencing permission sets in resource policies, Amazon EKS cluster config
maps, and AWS KMS key policies": the path ends in the home region, but for us-east-1. An EKS access entry takes the
whole ARN (Amazon EKS User Guide, "Create access entries").
"""

from __future__ import annotations

import re

NAME_PREFIX = "AWSReservedSSO_"
PATH = "aws-reserved/sso.amazonaws.com/"
# The home region that is left out of the path.
UNNAMED_REGION = "us-east-1"

_ARN = re.compile(r"^(?P<head>arn:aws:iam::(?P<account>[0-9]{12}):role/)(?P<path>(?:[^/]+/)*)(?P<name>[^/]+)$")


def account(arn: str) -> str:
    """The account of the role ``arn``. Raises ValueError where it is no role's ARN."""
    return _parts(arn)["account"]


def path_for(region: str) -> str:
    """The path of Identity Center's roles whose home region is ``region``, without the slash at the front."""
    return PATH if region == UNNAMED_REGION else f"{PATH}{region}/"


def with_path(arn: str, region: str) -> str:
    """``arn`` with Identity Center's path where it is a role of Identity Center given without any path."""
    parts = _parts(arn)
    if not parts["name"].startswith(NAME_PREFIX) or parts["path"]:
        return arn
    return f"{parts['head']}{path_for(region)}{parts['name']}"


def wrong_path(arn: str, region: str | None) -> bool:
    """Whether ``arn`` is a role of Identity Center with a path that Identity Center doesn't give.

    ``region`` is the home region, or None where it isn't declared: then any region's path is right.
    """
    parts = _parts(arn)
    if not parts["name"].startswith(NAME_PREFIX) or not parts["path"]:
        return False
    if region is not None:
        return parts["path"] != path_for(region)
    named = re.fullmatch(re.escape(PATH) + r"(?P<region>[a-z]{2}(-[a-z]+)+-[0-9])?/?", parts["path"])
    return named is None or parts["path"] != path_for(named["region"] or UNNAMED_REGION)


def _parts(arn: str) -> re.Match[str]:
    found = _ARN.match(arn)
    if found is None:
        raise ValueError(f"{arn!r} is no ARN of an IAM role")
    return found
