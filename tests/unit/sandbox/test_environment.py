"""Tests of the environment that can't reach a real account."""

from __future__ import annotations

import pytest

from idp.errors import OperationError
from sandbox.environment import account_of, environment, refuse_elsewhere

REAL = {
    "PATH": "/usr/bin",
    "AWS_PROFILE": "production",
    "AWS_ACCESS_KEY_ID": "someone",
    "AWS_SESSION_TOKEN": "secret",
    "AWS_ENDPOINT_URL_S3": "https://s3.us-west-2.amazonaws.com",
    "AWS_CA_BUNDLE": "/etc/bundle.pem",
    "TF_VAR_account": "444455556666",
    "https_proxy": "http://proxy.example.com",
    "NO_PROXY": "amazonaws.com",
}


def test_nothing_of_a_real_account_is_left() -> None:
    made = environment(4566, REAL)
    gone = {"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3", "AWS_CA_BUNDLE", "TF_VAR_account", "NO_PROXY"}
    assert not gone & made.keys()
    assert "https_proxy" not in made
    assert made["PATH"] == "/usr/bin"


def test_every_way_out_ends_at_the_loopback() -> None:
    made = environment(4566, REAL)
    assert {made[name] for name in ("AWS_ENDPOINT_URL", "HTTP_PROXY", "HTTPS_PROXY")} == {"http://127.0.0.1:4566"}
    assert made["AWS_SHARED_CREDENTIALS_FILE"] == made["AWS_CONFIG_FILE"] == "/dev/null"


def test_the_access_key_names_the_account_and_is_as_long_as_a_real_one() -> None:
    key = environment(4566, {}, "444455556666")["AWS_ACCESS_KEY_ID"]
    assert (account_of(key), len(key)) == ("444455556666", 20)


def test_another_access_key_names_no_account() -> None:
    assert account_of("SANDBOX044445555") is None


@pytest.mark.parametrize(
    "change",
    [
        {"AWS_ENDPOINT_URL": "https://sts.amazonaws.com"},
        {"AWS_ENDPOINT_URL_S3": "http://192.0.2.1:80"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1.example.com:80"},
        {"AWS_SECRET_ACCESS_KEY": "something"},
    ],
)
def test_an_environment_that_leads_elsewhere_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(OperationError, match="only talks to"):
        refuse_elsewhere(environment(4566, {}) | change)


def test_an_environment_without_an_endpoint_is_refused() -> None:
    made = environment(4566, {})
    del made["AWS_ENDPOINT_URL"]
    with pytest.raises(OperationError, match="no endpoint is set"):
        refuse_elsewhere(made)


def test_our_own_environment_is_accepted() -> None:
    refuse_elsewhere(environment(4566, REAL))
