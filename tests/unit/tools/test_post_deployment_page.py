"""The page of what a person does: every secret that a person writes, no value that the platform knows.

Its commands are run by bash and jq, with a stand-in for the AWS CLI that keeps what it is given.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.deployment import Deployment
from constructs_lib.components.stores import place
from constructs_lib.data.secrets_table import PERSON, TABLE, full_path, rows
from constructs_lib.registry.table import REPOSITORIES, upstreams
from tests.synth import Synth
from tools import post_deployment_page
from tools.components_example import example

ROOT = Path(__file__).resolve().parent.parent.parent.parent
Build = Callable[..., Deployment]
_AWS = """#!/bin/bash
while [ $# -gt 0 ]; do case "$1" in --secret-id) id=$2 ;; --region) region=$2 ;; esac; shift; done
jq --arg id "$id" --arg region "$region" '{id: $id, region: $region, value: .}' >> "$KEPT"
"""


@pytest.fixture(scope="module")
def page() -> str:
    return post_deployment_page.text()


def blocks(page: str) -> list[str]:
    return re.findall(r"^```sh account\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def putting(page: str) -> list[str]:
    return [block for block in blocks(page) if "put-secret-value" in block]


def secret_ids(page: str) -> list[str]:
    return re.findall(r"put-secret-value .*--secret-id (\S+)", page)


@pytest.fixture(scope="module")
def kept(page: str, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, Any]]:
    """Secret → what the page's command puts there, after a person answered each question by its own words."""
    if not shutil.which("jq") or not shutil.which("openssl"):
        pytest.skip("jq and openssl are needed to run the page's commands")
    directory = tmp_path_factory.mktemp("person")
    (directory / "aws").write_text(_AWS)
    (directory / "aws").chmod(0o755)
    (directory / "key.pem").write_text('-----BEGIN KEY-----\n"quoted"\n-----END KEY-----\n')
    found = {}
    for number, block in enumerate(putting(page)):
        answers = [
            str(directory / "key.pem") if asked.startswith("file") else f'answer "{asked}" $x'
            for asked in re.findall(r"read -r\w*p '(.+): '", block)
        ]
        environment = {"PATH": f"{directory}:/usr/bin:/bin", "KEPT": str(directory / f"{number}.json")}
        given = "".join(f"{answer}\n" for answer in answers)
        subprocess.run(["bash", "-euo", "pipefail", "-c", block], input=given, text=True, env=environment, check=True)
        document = json.loads((directory / f"{number}.json").read_text())
        found[document["id"]] = document
    return found


def test_the_page_is_current(page: str) -> None:
    assert post_deployment_page.PATH.read_text(encoding="utf-8") == page


def test_every_secret_that_a_person_writes_is_listed_and_nothing_else(page: str, deployment_with: Build) -> None:
    deployment = deployment_with()
    expected = [full_path(deployment, secret) for secret in rows(deployment) if secret.maker == PERSON]
    caches = [upstream.secret_name for upstream in upstreams(deployment) if upstream.credential]
    assert secret_ids(page) == [*expected, *caches]
    assert re.findall(r"^### (/\S+)$", page, re.MULTILINE) == expected


def test_with_everything_on_no_row_of_the_table_is_missing() -> None:
    listed = {path for path in secret_ids(post_deployment_page.text(example())) if path.startswith("/")}
    assert listed == {f"/idp/{secret.path}" for secret in TABLE if secret.maker == PERSON}


def test_what_is_off_asks_for_no_secret(deployment_with: Build) -> None:
    on = {"external-secrets": {"enabled": True}, "kyverno": {"enabled": True}}
    page = post_deployment_page.text(deployment_with({"deployment:components": on, "deployment:shared:owner": None}))
    assert [path for path in secret_ids(page) if path.startswith("/")] == []
    assert "argocd login" not in page and "github.com" not in page


def test_what_watches_the_account_asks_for_its_own_steps(deployment_with: Build, page: str) -> None:
    changes = {
        "deployment:account:cloudtrail": "managed",
        "deployment:account:configRecorder": "managed",
        "deployment:account:alarms": "managed",
        "deployment:audit:alarmEmails": ["security@example.com"],
        "deployment:backup:vault": True,
    }
    watched = post_deployment_page.text(deployment_with(changes))
    wanted = ("AWSServiceRoleForConfig", "security@example.com", ":idp-alarms", "idp-foundation-backup", "idp-backups")
    assert [text for text in wanted if text not in watched] == []
    assert [text for text in wanted if text in page] == []


def synced(shipped: Synth) -> Iterator[tuple[str, str, set[str]]]:
    """(store, key, properties) of every ExternalSecret that the components' stacks make."""
    for path in sorted((shipped.directory / "stacks").glob("idp-platform-*/values/*-base.yaml")):
        for each in yaml.safe_load(path.read_text(encoding="utf-8"))["externalSecrets"]:
            texts = [match for text in each["literals"].values() for match in re.findall(r"\{\{ \.(\w+)", text)]
            yield each["store"], each["key"], {*each["keys"].values(), *texts}


def test_a_command_writes_what_the_components_take(
    shipped: Synth, deployment_with: Build, kept: Mapping[str, Mapping[str, Any]]
) -> None:
    taken: dict[tuple[str, str], set[str]] = {}
    for store, key, properties in synced(shipped):
        taken.setdefault((store, key), set()).update(properties)
    deployment = deployment_with()
    written = [secret for secret in rows(deployment) if secret.maker == PERSON and place(secret.path) in taken]
    assert written
    for secret in written:
        assert set(kept[full_path(deployment, secret)]["value"]) == taken[place(secret.path)]


def test_answers_arrive_as_they_were_given(kept: Mapping[str, Mapping[str, Any]]) -> None:
    assert kept["/idp/oauth/argocd"] == {
        "id": "/idp/oauth/argocd",
        "region": "us-west-2",
        "value": {"client-id": 'answer "client-id" $x', "client-secret": 'answer "client-secret" $x'},
    }
    assert kept["/idp/api/github"]["value"]["private-key"].splitlines()[1] == '"quoted"'


def test_a_random_value_is_made_and_not_asked_for(kept: Mapping[str, Mapping[str, Any]]) -> None:
    (value,) = kept["/idp/api/argo-events"]["value"].values()
    assert re.fullmatch(r"[0-9a-f]{64}", value)


def test_cache_logins_have_the_keys_that_ecr_takes(kept: Mapping[str, Mapping[str, Any]]) -> None:
    assert set(kept["ecr-pullthroughcache/docker-hub"]["value"]) == {"username", "accessToken"}


def test_no_answer_is_an_argument_of_a_process(page: str) -> None:
    for block in putting(page):
        (call,) = re.findall(r"^  jq -n(.*)$", block, re.MULTILINE)
        assert "--arg" not in call
        assert re.fullmatch(r"( --rawfile (\w+) \"\$\2\")* '\{", call)


def test_nothing_is_left_for_a_person_to_fill_in(page: str) -> None:
    for block in blocks(page):
        assert not re.findall(r"<[^>]*>|YOUR|REPLACE|\bxxx", block), block


def test_every_name_follows_the_deployment_file(shipped_context: dict[str, Any], deployment_with: Build) -> None:
    def moved(value: Any) -> Any:
        text = json.dumps(value)
        for old, new in {"example.com": "acme.test", "example-org": "acme", "111122223333": "555566667777"}.items():
            text = text.replace(old, new)
        return json.loads(text.replace("us-west-2", "eu-central-1"))

    changed = {key: moved(value) for key, value in shipped_context.items()} | {"deployment:id": "tower"}
    page = post_deployment_page.text(deployment_with(changed))
    assert not re.findall(r"example\.com|example-org|111122223333|us-west-2|(?<![\w-])idp-\w|/idp/", page)
    assert "--secret-id /tower/oauth/argocd" in page
    assert "callback `https://argocd.acme.test/api/dex/callback`" in page


def test_stacks_of_the_first_half_are_there_and_come_before_the_cluster(page: str, shipped: Synth) -> None:
    listed = re.findall(r"--stack (\S+)", blocks(page)[0])
    there = {stack.name for stack in shipped.stacks()}
    assert set(listed) == {name for name in there if name.startswith("idp-foundation-")} | {"idp-account"}


def test_every_host_is_looked_at(page: str, shipped: Synth, deployment_with: Build) -> None:
    for name, host in deployment_with().components.hosts().items():
        annotations = shipped.values(f"idp-platform-{name}", f"{name}-ingress")["annotations"]
        path = annotations["alb.ingress.kubernetes.io/healthcheck-path"]
        codes = annotations["alb.ingress.kubernetes.io/success-codes"]
        assert f"https://{host.domain}{path}   # {codes}\n" in page


def test_the_hook_goes_where_the_source_listens(page: str) -> None:
    source = (ROOT / "charts" / "events" / "templates" / "source.yaml").read_text(encoding="utf-8")
    (endpoint,) = re.findall(r"endpoint: (\S+)", source)
    assert f'url: "https://events.example.com{endpoint}"' in page


def test_callbacks_are_those_of_the_software(page: str) -> None:
    assert "callback `https://backstage.example.com/api/auth/github/handler/frame`" in page
    assert "callback `https://argocd.example.com/api/dex/callback`" in page


def test_a_zone_that_exists_needs_no_delegation(deployment_with: Build) -> None:
    page = post_deployment_page.text(deployment_with({"deployment:shared:zoneId": "Z0123456789ABCDEFGHIJ"}))
    assert "Z0123456789ABCDEFGHIJ" in page
    assert "NameServers" not in page


def test_an_image_that_is_chosen_is_not_asked_for(deployment_with: Build) -> None:
    chosen = f"registry.example.com/platform/database-bootstrap@sha256:{'0' * 64}"
    page = post_deployment_page.text(deployment_with({"deployment:aurora:bootstrapImage": chosen}))
    assert "platform/database-bootstrap:v1" not in page
    assert "platform/backstage:v1`" in page


def test_images_of_steps_are_asked_for_where_workflows_build(page: str, deployment_with: Build) -> None:
    listed = {name for name in ("ci-tools", "techdocs-builder") if f"/platform/{name}:v1`" in page}
    assert listed == {"ci-tools", "techdocs-builder"}
    off = {name: {"enabled": False, "domain": f"{name}.example.com"} for name in ("argo-workflows", "argo-events")}
    without = post_deployment_page.text(deployment_with({"deployment:components": off}))
    assert "ci-tools" not in without
    assert "techdocs-builder" not in without


def test_images_that_nobody_caches_are_copied_where_they_are_used(page: str) -> None:
    copies = re.findall(
        r"^docker buildx imagetools create --tag (\S+) (\S+)$", post_deployment_page.text(example()), re.M
    )
    assert "imagetools" not in page, "Crossplane is off"
    assert {source.partition(":")[0] for _, source in copies} == {
        repository.mirrors for repository in REPOSITORIES if repository.mirrors
    }
    for target, source in copies:
        assert target.startswith("111122223333.dkr.ecr.us-west-2.amazonaws.com/platform/")
        assert target.rpartition("/")[2] == source.rpartition("/")[2]


def test_ids_that_the_deployment_file_lacks_are_to_be_written_there(page: str) -> None:
    assert '"deployment:github:app": {"id": "…", "installation": "…"}`, and run `make synth`' in page


def test_ids_that_the_deployment_file_has_are_not_asked_for(deployment_with: Build) -> None:
    page = post_deployment_page.text(deployment_with({"deployment:github:app": {"id": "1234", "installation": "5678"}}))
    (block,) = (block for block in putting(page) if "/idp/api/github" in block)
    assert "the deployment file has both" in page
    assert "  APP_ID=1234\n  INSTALLATION_ID=5678\n" in block
    assert re.findall(r"read -r\w*p '(.+): '", block) == ["file with private-key"]


def test_only_what_is_on_is_looked_at(page: str) -> None:
    line = "backupstoragelocation --all --namespace velero\n"
    assert line in post_deployment_page.text(example())
    assert line not in page


def test_steps_are_numbered_without_a_gap(page: str, deployment_with: Build) -> None:
    none = post_deployment_page.text(deployment_with({"deployment:components": {"kyverno": {"enabled": True}}}))
    for text in (page, none):
        numbers = [int(number) for number in re.findall(r"^## (\d+)\.", text, re.MULTILINE)]
        assert numbers == list(range(1, len(numbers) + 1))


def test_links_lead_to_pages_that_are_there(page: str) -> None:
    links = re.findall(r"\]\(([\w./-]+\.md)\)", page)
    assert links and all((ROOT / "docs" / link).is_file() for link in links)
