"""ApplicationSets: what repositories they read, and what applications they make of directories.

Their Go templates are evaluated by Helm, whose function ``tpl`` is Go's text/template with the functions of sprig, as
Argo CD's are (Argo CD documentation, "Go Template").
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tools import build as tools

Manifest = Mapping[str, Any]
_CHART = {"apiVersion": "v2", "name": "evaluated", "version": "0.0.0"}
_TEMPLATE = "{{ range .Values.given }}---\n{{ tpl $.Values.text . }}\n{{ end }}"


def repository(manifest: Manifest) -> str:
    """The repository that an ApplicationSet reads, as its address. Raises ValueError where there isn't just one."""
    (generator,) = manifest["spec"]["generators"]
    ((kind, given),) = generator.items()
    if kind == "git":
        return str(given["repoURL"])
    if kind == "pullRequest":
        return f"https://github.com/{given['github']['owner']}/{given['github']['repo']}"
    raise ValueError(f"generator {kind} is not known")


def applications(manifest: Manifest, directories: Iterable[str]) -> list[dict[str, Any]]:
    """What a git generator makes of a repository with ``directories``, as its ``spec.template`` filled in.

    Source: Argo CD documentation, "Git Generator", parameters of directories.
    """
    (generator,) = manifest["spec"]["generators"]
    wanted = {each["path"] for each in generator["git"]["directories"]}
    found = [_parameters(path) for path in directories if path in wanted]
    return list(_filled(manifest["spec"]["template"], found))


def requests(manifest: Manifest, *numbers: int) -> list[dict[str, Any]]:
    """What a pull request generator makes of open pull requests of these numbers. Source: the same, "Pull Request
    Generator"."""
    return list(_filled(manifest["spec"]["template"], [{"number": each, "head_sha": "c" * 40} for each in numbers]))


def _parameters(path: str) -> dict[str, Any]:
    segments = path.split("/")
    return {"path": {"path": path, "basename": segments[-1], "segments": segments}}


def _filled(template: Mapping[str, Any], given: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as scratch:
        chart = Path(scratch, "chart")
        (chart / "templates").mkdir(parents=True)
        (chart / "Chart.yaml").write_text(yaml.safe_dump(_CHART), encoding="utf-8")
        (chart / "templates" / "all.yaml").write_text(_TEMPLATE, encoding="utf-8")
        values = yaml.safe_dump({"text": yaml.safe_dump(dict(template), width=1000), "given": given})
        command = [str(tools.program("helm")), "template", "evaluated", str(chart), "--values", "-"]
        finished = subprocess.run(command, input=values, capture_output=True, text=True, check=True)
    yield from (each for each in yaml.safe_load_all(finished.stdout) if each)
