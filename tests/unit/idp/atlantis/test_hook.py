"""The hook, really run on clones: what a pull request's code sees, and what it can bring into the clone."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from constructs_lib.guardrails import GuardrailError
from idp.atlantis import intake
from idp.errors import OperationError
from tests.synth import Synth
from tests.unit.idp.atlantis import server_image

ROOT = server_image.ROOT
STACKS = ("idp-bootstrap", "idp-account")
ACCOUNT = "stacks/idp-account/cdk.tf.json"
# A repository whose synth copies what lies beside it; what else it does is added.
MAIN = """
import os, pathlib, shutil, sys
out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
shutil.copytree("output", out, dirs_exist_ok=True)
"""
# Instead of sudo: the same user with the server's environment, which jail.sh empties, and another user.
SAME = ["env"]
OTHER = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "env", "-i"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return server_image.lay_out(tmp_path_factory.mktemp("image"))


@pytest.fixture(scope="module")
def output(shipped: Synth) -> dict[str, str]:
    """What a synth of two stacks writes."""
    manifest = json.loads((shipped.directory / "manifest.json").read_text(encoding="utf-8"))
    manifest["stacks"] = {name: entry for name, entry in manifest["stacks"].items() if name in STACKS}
    names = [f"stacks/{name}/cdk.tf.json" for name in STACKS]
    texts = {name: (shipped.directory / name).read_text(encoding="utf-8") for name in names}
    return {"manifest.json": json.dumps(manifest), **texts}


@pytest.fixture
def clone(tmp_path: Path, output: Mapping[str, str]) -> Path:
    """A clone of a repository that synthesizes ``output``."""
    place = tmp_path / "clone"
    put(place, {"main.py": MAIN, ".gitignore": "cdktf.out/\n", **{f"output/{name}": output[name] for name in output}})
    git(place, "init", "--quiet", "--initial-branch=main")
    commit(place)
    return place


def put(place: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")


def git(place: Path, *arguments: str) -> None:
    who = ["-c", "user.name=someone", "-c", "user.email=someone@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", place, *who, *arguments], check=True, capture_output=True)


def commit(place: Path) -> None:
    git(place, "add", "--all", "--force")
    git(place, "commit", "--quiet", "--message=x")


def merge(place: Path, files: Mapping[str, str]) -> None:
    """A pull request with ``files``, merged into its base as Atlantis checks it out."""
    git(place, "checkout", "--quiet", "-b", "pull")
    put(place, files)
    commit(place)
    git(place, "checkout", "--quiet", "main")
    git(place, "merge", "--quiet", "--no-ff", "--message=x", "pull")


def hook(home: Path, clone: Path, become: list[str]) -> subprocess.CompletedProcess[str]:
    """Run the hook of repos.yaml, which becomes another user by ``become``."""
    (repo,) = YAML(typ="safe", pure=True).load((ROOT / "atlantis" / "repos.yaml").read_text(encoding="utf-8"))["repos"]
    (found,) = repo["pre_workflow_hooks"]
    return server_image.run(found["run"], home, clone, {"IDP_SYNTH_AS": " ".join(become)})


def patterns(clone: Path) -> dict[str, list[str]]:
    projects = YAML(typ="safe", pure=True).load((clone / "atlantis.yaml").read_text(encoding="utf-8"))["projects"]
    return {project["name"]: project["autoplan"]["when_modified"] for project in projects}


def python_for(become: list[str]) -> str | None:
    """A Python that this user may run after ``become``, with the repository in its reach; None where there is none."""
    asks = f"open({str(ROOT / 'images' / 'atlantis' / 'jail.sh')!r})"
    for each in (sys.executable, "/usr/local/bin/python3", "/usr/bin/python3"):
        command = [*become, each, "-c", asks]
        if (
            shutil.which(become[0])
            and subprocess.run(command, cwd="/", capture_output=True, check=False).returncode == 0
        ):
            return each
    return None


def test_of_a_merge_only_what_differs_from_the_base_is_planned_and_no_module_of_it_runs_outside(
    home: Path, clone: Path, output: Mapping[str, str]
) -> None:
    other = output[ACCOUNT].replace('"internal"', '"public"', 1)
    hostile = {
        "idp/__init__.py": "print('taken')",
        "idp/atlantis/__main__.py": "",
        "config/__init__.py": "print('taken')",
    }
    merge(clone, {f"output/{ACCOUNT}": other, **hostile})
    finished = hook(home, clone, [*SAME, f"IDP_PYTHON={sys.executable}"])
    assert finished.stdout == "changed: idp-account\n", finished.stderr
    assert (clone / "cdktf.out" / ACCOUNT).read_text(encoding="utf-8") == other
    assert patterns(clone) == {"idp-bootstrap": ["**/*"], "idp-account": ["../../../**/*"]}


def test_a_base_that_does_not_synthesize_hides_no_stack(home: Path, clone: Path) -> None:
    put(clone, {"main.py": "raise SystemExit(1)\n"})
    commit(clone)
    merge(clone, {"main.py": MAIN})
    assert hook(home, clone, [*SAME, f"IDP_PYTHON={sys.executable}"]).returncode == 0
    assert patterns(clone) == dict.fromkeys(STACKS, ["../../../**/*"])


@pytest.mark.parametrize("become", [SAME, OTHER], ids=["own environment", "own user"])
def test_the_code_sees_no_credentials(become: list[str], clone: Path, tmp_path: Path) -> None:
    python = python_for(become)
    if python is None:
        pytest.skip("no other user can run a Python here: needs root, setpriv, and a clone that others may read")
    secret = tmp_path / "token"
    secret.write_text("hunter2-file")
    secret.chmod(0o600)
    spy = f"""
print("environment", sorted(os.environ.items()), file=sys.stderr)
for name in ("/proc/{os.getpid()}/environ", {str(secret)!r}):
    try:
        print("read", name, pathlib.Path(name).read_bytes(), file=sys.stderr)
    except OSError as error:
        print("refused", name, error.strerror, file=sys.stderr)
print("printed")
"""
    put(clone, {"main.py": MAIN + spy})
    commit(clone)
    finished = hook(ROOT, clone, [*become, f"IDP_PYTHON={python}"])
    assert finished.returncode == 0, finished.stderr
    (environment,) = (line for line in finished.stderr.splitlines() if line.startswith("environment"))
    assert not any(value in environment for value in server_image.SECRETS.values())
    if become is OTHER:
        assert "hunter2" not in finished.stderr
        assert f"refused {secret} Permission denied" in finished.stderr
        assert f"refused /proc/{os.getpid()}/environ Permission denied" in finished.stderr


def test_without_the_other_user_nothing_runs(home: Path, clone: Path) -> None:
    assert hook(home, clone, ["false"]).returncode != 0
    assert not (clone / "cdktf.out").exists() and not (clone / "atlantis.yaml").exists()


def archive(path: Path, files: Mapping[str, str | None]) -> Path:
    """A tar of ``files``; None stands for a symbolic link to a file of the machine."""
    with tarfile.open(path, "w") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            if text is None:
                member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
            content = (text or "").encode()
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def _module(output: Mapping[str, str]) -> str:
    return json.dumps({**json.loads(output[ACCOUNT]), "module": {"x": {"source": "./x"}}})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda _: {"stacks/idp-account/evil.tf": ""}, "evil.tf is none of its files"),
        (lambda _: {"stacks/idp-account/evil_override.tf.json": "{}"}, "is none of its files"),
        (lambda _: {"stacks/idp-account/.terraform/providers/x": ""}, "is none of its files"),
        (lambda _: {"../atlantis.yaml": ""}, "is none of its files"),
        (lambda _: {"/atlantis.yaml": ""}, "is none of its files"),
        (lambda _: {"stacks/x/charts/../../y/charts/z": ""}, "is none of its files"),
        (lambda _: {"stacks/idp-account/values/x.yaml": None}, "x.yaml is none of its files"),
        (lambda _: {"manifest.json": "{}"}, "isn't the JSON of stacks"),
        (lambda output: {"manifest.json": output["manifest.json"].replace("stacks/idp-b", "../idp-b")}, "manifest"),
        (lambda _: {ACCOUNT: "{"}, "isn't the JSON of stacks"),
        (lambda _: {ACCOUNT: "[]"}, "isn't the JSON of stacks"),
        (lambda output: {ACCOUNT: _module(output)}, "OUT-6: idp-account: module"),
    ],
)
def test_what_no_synth_writes_is_refused_and_nothing_written(
    change: Callable[[Mapping[str, str]], Mapping[str, str | None]],
    said: str,
    output: Mapping[str, str],
    clone: Path,
    tmp_path: Path,
) -> None:
    head = archive(tmp_path / "head.tar", {**output, **change(output)})
    with pytest.raises((OperationError, GuardrailError), match=said):
        intake.take(head, None, clone)
    assert not (clone / "cdktf.out").exists() and not (clone / "atlantis.yaml").exists()


def test_a_tar_that_would_fill_the_server_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MOST_BYTES", 10)
    with pytest.raises(OperationError, match="too large"):
        intake.unpack(archive(tmp_path / "x.tar", {"manifest.json": "x" * 11}))


def test_a_stack_that_goes_away_is_told(output: Mapping[str, str], clone: Path, tmp_path: Path) -> None:
    manifest = json.loads(output["manifest.json"])
    del manifest["stacks"]["idp-account"]
    left = {name: text for name, text in output.items() if name != ACCOUNT} | {"manifest.json": json.dumps(manifest)}
    found = intake.take(archive(tmp_path / "h.tar", left), archive(tmp_path / "b.tar", output), clone)
    assert (found.changed, found.gone) == ([], ["idp-account"])
    assert set(patterns(clone)) == {"idp-bootstrap"}


def test_output_that_the_repository_tracks_is_not_written_over(
    output: Mapping[str, str], clone: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (clone / "cdktf.out").symlink_to(tmp_path / "elsewhere")
    commit(clone)
    with pytest.raises(OperationError, match="tracks files below cdktf.out"):
        intake.take(archive(tmp_path / "head.tar", output), None, clone)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_of_the_clone_that_leads_elsewhere_is_replaced(
    output: Mapping[str, str], clone: Path, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text("mine")
    (clone / "atlantis.yaml").symlink_to(tmp_path / "config")
    commit(clone)
    assert intake.take(archive(tmp_path / "head.tar", output), None, clone).changed == sorted(STACKS)
    assert (tmp_path / "config").read_text() == "mine" and not (clone / "atlantis.yaml").is_symlink()
