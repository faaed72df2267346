"""Images are copied between two real registries on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config import images as lock
from config.deployment import Deployment
from config.loader import load
from constructs_lib.components.copies import Copy, copies
from idp import images_cli
from idp.cli import app
from idp.errors import OperationError
from idp.images import CopyError, copy_all, destination
from idp.oci import Registry
from tests.registry import Store, digest_of, serving

ROOT = Path(__file__).resolve().parents[3]
REPOSITORY, TAG = "argoproj/argocd", "v3.4.4"
MIRROR = f"mirror/quay.io/{REPOSITORY}"


@pytest.fixture
def upstream() -> Iterator[Store]:
    with serving() as store:
        yield store


@pytest.fixture
def own() -> Iterator[Store]:
    with serving() as store:
        yield store


@pytest.fixture(scope="module")
def pci() -> Deployment:
    return next(each for each in load(ROOT / "cdktf.json") if each.shared.images == "copies")


def a_copy(digest: str = "") -> Copy:
    return Copy(source=f"quay.io/{REPOSITORY}:{TAG}", repository=MIRROR, tag=TAG, digest=digest)


def run(wanted: Sequence[Copy], upstream: Store, own: Store) -> dict[str, str]:
    return copy_all(wanted, Registry(own.address, _nobody), lambda _: Registry(upstream.address, _nobody), print)


def _nobody(host: str) -> None:
    del host


def writes(store: Store) -> list[str]:
    return [path for method, path in store.requests if method not in ("GET", "HEAD")]


def test_an_index_arrives_with_every_platform_and_its_digest(upstream: Store, own: Store) -> None:
    digest = upstream.index(REPOSITORY, TAG, ("amd64", "arm64"))
    assert run([a_copy()], upstream, own) == {f"quay.io/{REPOSITORY}:{TAG}": digest}
    assert own.manifests[MIRROR, TAG] == upstream.manifests[REPOSITORY, TAG]
    children = {name for repository, name in own.manifests if repository == MIRROR} - {TAG, digest}
    assert len(children) == 2 and own.blobs[MIRROR] == upstream.blobs[REPOSITORY]
    assert b"arm64" in own.blobs[MIRROR].values()


def test_what_is_there_is_not_copied_again(upstream: Store, own: Store) -> None:
    digest = upstream.image(REPOSITORY, TAG)
    run([a_copy()], upstream, own)
    before = len(writes(own))
    assert run([a_copy(digest)], upstream, own) == {f"quay.io/{REPOSITORY}:{TAG}": digest}
    assert before and len(writes(own)) == before


def test_a_large_layer_arrives_whole(upstream: Store, own: Store) -> None:
    layer = bytes(range(256)) * 12_289
    upstream.image(REPOSITORY, TAG, (layer, layer + b"."))
    run([a_copy()], upstream, own)
    assert {digest_of(layer), digest_of(layer + b".")} < set(own.blobs[MIRROR])


def test_a_login_goes_to_no_other_host(upstream: Store, own: Store) -> None:
    upstream.image(REPOSITORY, TAG)
    upstream.signed = True
    run([a_copy()], upstream, own)
    assert own.blobs[MIRROR] == upstream.blobs[REPOSITORY]


def test_a_tag_that_moved_since_the_review_is_not_copied(upstream: Store, own: Store) -> None:
    reviewed = upstream.image(REPOSITORY, TAG)
    moved = upstream.image(REPOSITORY, TAG, (b"another layer",))
    with pytest.raises(CopyError, match=f"its tag is {moved} now, and {reviewed} was reviewed"):
        run([a_copy(reviewed)], upstream, own)
    assert not own.manifests and not writes(own)


def test_a_tag_of_ours_is_not_moved(upstream: Store, own: Store) -> None:
    there = own.image(MIRROR, TAG, (b"older",))
    upstream.image(REPOSITORY, TAG)
    with pytest.raises(CopyError, match=f"is {there}, and can't become"):
        run([a_copy()], upstream, own)
    assert digest_of(own.manifests[MIRROR, TAG][0]) == there


def test_content_that_is_not_what_its_digest_says_stops_the_copy(upstream: Store, own: Store) -> None:
    upstream.image(REPOSITORY, TAG)
    layer = digest_of(b"layer")
    upstream.blobs[REPOSITORY][layer] = b"forged"
    with pytest.raises(CopyError, match=rf"{layer}: answered with content of digest {digest_of(b'forged')}"):
        run([a_copy()], upstream, own)
    assert (MIRROR, TAG) not in own.manifests


def test_one_that_fails_keeps_none_of_the_others_back(upstream: Store, own: Store) -> None:
    digest = upstream.image("jetstack/cert-manager-webhook", "v1")
    other = Copy(source="quay.io/jetstack/cert-manager-webhook:v1", repository="mirror/x", tag="v1", digest="")
    with pytest.raises(CopyError, match="its registry has no such image") as failed:
        run([a_copy(), other], upstream, own)
    assert failed.value.copied == {other.source: digest}
    assert ("mirror/x", "v1") in own.manifests


def test_a_registry_that_nobody_reaches_is_told_with_its_name() -> None:
    with serving() as gone:
        address = gone.address
    with pytest.raises(OperationError, match=f"registry {address}"):
        Registry(address, _nobody).manifest(REPOSITORY, TAG)


def test_copies_go_to_the_owners_registry_which_replicates_them(pci: Deployment) -> None:
    assert destination(pci) == "111122223333.dkr.ecr.us-west-2.amazonaws.com"


def test_the_command_copies_a_whole_deployment_and_records_what_is_new(
    upstream: Store, own: Store, pci: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "images.lock.json"
    monkeypatch.setattr(images_cli, "LOCK_FILE", file)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    wanted = copies(pci)
    for each in wanted:
        name, _, tag = each.source.rpartition(":")
        upstream.image(name.partition("/")[2], tag, (each.source.encode(),))
    hosts = sorted({each.source.partition("/")[0] for each in wanted})
    proxies = [part for host in hosts for part in ("--from", f"{host}={upstream.address}")]
    command = ["images", "copy", "--deployment", pci.id, "--config", str(ROOT / "cdktf.json"), "--into", own.address]
    ran = CliRunner().invoke(app, [*command, *proxies], catch_exceptions=False)
    assert ran.exit_code == 0 and ran.output.count("copied ") == len(wanted)
    assert {(each.repository, each.tag) for each in wanted} <= set(own.manifests)
    recorded = json.loads(file.read_text(encoding="utf-8"))
    assert recorded == {each.source: digest_of(own.manifests[each.repository, each.tag][0]) for each in wanted}
    assert lock.recorded(file) == recorded


def test_the_list_says_which_images_lack_a_digest(pci: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    source = copies(pci)[0].source
    digest = f"sha256:{'a' * 64}"
    monkeypatch.setattr("constructs_lib.components.images.recorded", lambda: {source: digest})
    monkeypatch.setattr("constructs_lib.components.copies.recorded", lambda: {source: digest})
    ran = CliRunner().invoke(
        app, ["images", "list", "--deployment", pci.id, "--config", str(ROOT / "cdktf.json")], catch_exceptions=False
    )
    lines = ran.output.splitlines()
    assert ran.exit_code == 2 and lines[0].startswith(f"{source} ") and lines[0].endswith(f" {digest}")
    assert all(line.endswith(" -") for line in lines[1:])
