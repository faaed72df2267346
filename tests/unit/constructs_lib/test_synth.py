"""What reaches the output directory: all of it or nothing, changed files only, nothing stale."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from config.deployment import Deployment
from constructs_lib.engine import App
from constructs_lib.stack import PlatformStack
from constructs_lib.synth import assets, documents, render, write

JSON = "stacks/idp-x/cdk.tf.json"
FILES = {
    "manifest.json": "{}\n",
    JSON: "{}\n",
    "stacks/idp-x/values/a.yaml": "a: 1\n",
    "stacks/idp-x/charts/c/Chart.yaml": "name: c\n",
    "stacks/idp-x/charts/c/templates/t.yaml": "kind: T\n",
}


class AssetStack(PlatformStack):
    layer = "platform"
    stack = "assets"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        self.asset("values/a.yaml", "a: 1\n")


def names(directory: Path) -> set[str]:
    return {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}


def test_assets_lie_beside_the_json_of_their_stack(deployment_with: Callable[..., Deployment]) -> None:
    files = render([deployment_with()], lambda app, deployment: [AssetStack(app, deployment)])
    assert files["stacks/idp-platform-assets/values/a.yaml"] == "a: 1\n"
    assert assets(files) == {"idp-platform-assets": {"values/a.yaml": "a: 1\n"}}
    assert set(documents(files)) == {"idp-platform-assets"}


@pytest.mark.parametrize("path", ["main.tf.json", "../x", "values/../../x", "/values/x", "other/x"])
def test_an_asset_elsewhere_is_refused(deployment_with: Callable[..., Deployment], path: str) -> None:
    stack = AssetStack(App(), deployment_with())
    with pytest.raises(ValueError, match="must lie in one of"):
        stack.asset(path, "")


def test_one_asset_has_one_text(deployment_with: Callable[..., Deployment]) -> None:
    stack = AssetStack(App(), deployment_with())
    stack.asset("values/a.yaml", "a: 1\n")
    with pytest.raises(ValueError, match="two texts"):
        stack.asset("values/a.yaml", "a: 2\n")


def test_everything_is_written(tmp_path: Path) -> None:
    write(FILES, tmp_path)
    assert names(tmp_path) == set(FILES)


def test_unchanged_files_keep_their_time(tmp_path: Path) -> None:
    write(FILES, tmp_path)
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in FILES}
    write({**FILES, "stacks/idp-x/values/a.yaml": "a: 2\n"}, tmp_path)
    changed = {name for name in FILES if (tmp_path / name).stat().st_mtime_ns != before[name]}
    assert changed == {"stacks/idp-x/values/a.yaml"}


def test_stale_assets_and_their_empty_directories_go(tmp_path: Path) -> None:
    write(FILES, tmp_path)
    write({"manifest.json": "{}\n", JSON: "{}\n"}, tmp_path)
    assert names(tmp_path) == {"manifest.json", JSON}
    assert not (tmp_path / "stacks" / "idp-x" / "charts").exists()


def test_a_stack_that_is_gone_goes_with_its_assets(tmp_path: Path) -> None:
    write(FILES, tmp_path)
    write({"stacks/idp-y/cdk.tf.json": "{}\n"}, tmp_path)
    assert not (tmp_path / "stacks" / "idp-x").exists()


def test_what_an_engine_left_in_a_stack_directory_stays(tmp_path: Path) -> None:
    write(FILES, tmp_path)
    kept = {"stacks/idp-x/.terraform.lock.hcl", "stacks/idp-x/.terraform/x", "stacks/idp-x/local_override.tf.json"}
    for name in kept:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    write(FILES, tmp_path)
    assert kept <= names(tmp_path)
