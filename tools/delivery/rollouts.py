"""The golden path's deliveries: its places, and the steps by which a new version takes over.

Source: Argo Rollouts documentation, "Rollout Specification", "BlueGreen Deployment Strategy", "Analysis".
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from config.names import source_name
from constructs_lib.components.catalog.backstage import BACKSTAGE
from constructs_lib.naming import naming_of
from tools.delivery.files import REPOSITORY, Files, Object, below, documents
from tools.workflow_files import Unreadable

SKELETON = "golden-path/skeleton"
TEMPLATE = "golden-path/template.yaml"
_ENVIRONMENT = re.compile(r"environment\.parameters\.(\w+)")
_ANALYSES = ("AnalysisTemplate", "ClusterAnalysisTemplate")


def strategies(files: Files) -> list[str]:
    """What somebody may choose for a new service."""
    for page in _template(files)["spec"]["parameters"]:
        if "strategy" in page["properties"]:
            return [str(each) for each in page["properties"]["strategy"]["enum"]]
    raise Unreadable(f"{TEMPLATE}:1: no parameter strategy")


def places(files: Files) -> list[str]:
    """Directories below ``deploy`` that are deployed: those that no other builds upon."""
    found = {path.parent.name: path for path in sorted(files.top.glob(f"{SKELETON}/deploy/*/kustomization.yaml"))}
    used = {
        (path.parent / str(each)).resolve().name
        for path in found.values()
        for each in _objects(files, path, "")[0].get("resources") or ()
    }
    return [name for name in found if name not in used]


def rollout(files: Files, strategy: str) -> Object:
    """The Rollout of a service with ``strategy``. Raises Unreadable unless there is one."""
    found = []
    for path in sorted(files.top.glob(f"{SKELETON}/deploy/**/*.yaml")):
        found += [each for each in _objects(files, path, strategy) if each.get("kind") == "Rollout"]
    if len(found) != 1:
        raise Unreadable(f"{SKELETON}/deploy:1: {len(found)} Rollouts, one is needed")
    return found[0]


def patched(files: Files, place: str) -> list[str]:
    """What ``deploy/<place>`` changes of the Rollout, in short."""
    path = files.top / SKELETON / "deploy" / place / "kustomization.yaml"
    found = []
    for patch in _objects(files, path, "")[0].get("patches") or ():
        if (patch.get("target") or {}).get("kind") == "Rollout":
            changes = YAML(typ="safe").load(patch["patch"])
            found += [f"{str(each['path']).rpartition('/')[2]}: {_short(each.get('value'))}" for each in changes]
    return found


def steps(strategy: Object) -> list[list[str]]:
    """The steps of a Rollout's ``spec.strategy``, each as lines."""
    if "canary" in strategy:
        found = [
            [f"{name}: {_short(value)}"]
            for each in strategy["canary"].get("steps") or ()
            for name, value in each.items()
        ]
        return [*found, ["all requests to the new version"]]
    return list(_blue_green(strategy["blueGreen"]))


def _blue_green(spec: Object) -> Iterator[list[str]]:
    yield ["new pods beside the old ones", f"behind {spec['previewService']}" if "previewService" in spec else ""]
    if "prePromotionAnalysis" in spec:
        yield [f"prePromotionAnalysis: {_short(spec['prePromotionAnalysis'])}"]
    if spec.get("autoPromotionEnabled", True) is False:
        yield ["a person promotes"]
    elif "autoPromotionSeconds" in spec:
        yield [f"autoPromotionSeconds: {spec['autoPromotionSeconds']}"]
    yield ["all requests to the new version", f"{spec['activeService']} changes over"]
    if "postPromotionAnalysis" in spec:
        yield [f"postPromotionAnalysis: {_short(spec['postPromotionAnalysis'])}"]
    # Old pods also stay as long as an analysis runs.
    yield ["old pods go", f"{spec.get('scaleDownDelaySeconds', 30)} seconds later at the soonest"]


def beside(strategy: Object) -> list[str]:
    """What is measured the whole time, in short; empty for nothing."""
    analysis = (strategy.get("canary") or {}).get("analysis")
    if not analysis:
        return []
    start = f"from step {analysis['startingStep']}" if "startingStep" in analysis else "from the start"
    return [f"analysis: {_short(analysis)}", start]


def analyses(files: Files, node: Object) -> list[str]:
    """AnalysisTemplates that ``node`` names. Raises Unreadable for one that no file makes."""
    made = {str(each["metadata"]["name"]) for each in analysis_templates(files)}
    made |= {each.name for kind in _ANALYSES for each in files.of(kind)}
    found = list(dict.fromkeys(_names(node)))
    for name in found:
        if name not in made:
            raise Unreadable(f"{SKELETON}/deploy:1: AnalysisTemplate {name} is named, and no file makes it")
    return found


def measured(files: Files) -> list[Object]:
    """The AnalysisTemplates that a service's Rollout names, whatever its strategy."""
    nodes = [*analysis_templates(files), *(each.node for kind in _ANALYSES for each in files.of(kind))]
    named = {
        name for strategy in strategies(files) for name in analyses(files, rollout(files, strategy)["spec"]["strategy"])
    }
    return [node for node in nodes if node["metadata"]["name"] in named]


def analysis_templates(files: Files) -> list[Object]:
    """The AnalysisTemplates that come with a service, whatever its strategy."""
    found: dict[str, Object] = {}
    for strategy in strategies(files):
        for path in sorted(files.top.glob(f"{SKELETON}/deploy/**/*.yaml")):
            for each in _objects(files, path, strategy):
                if each.get("kind") in _ANALYSES:
                    found[str(each["metadata"]["name"])] = each
    return list(found.values())


def _names(node: Any) -> Iterator[str]:
    return map(str, below(node, "templateName"))


def _short(value: Any) -> str:
    """A value of the Rollout in one line; of an analysis the names of its templates."""
    names = list(_names(value))
    if names:
        return ", ".join(names)
    if isinstance(value, Mapping):
        return ", ".join(
            f"{key}: {_short(each)}" if len(value) > 1 else _short(each) or str(key) for key, each in value.items()
        )
    return "" if value is None else str(value)


def _template(files: Files) -> Any:
    (found,) = documents((files.top / TEMPLATE).read_text(encoding="utf-8"))
    return found


def _values(files: Files, strategy: str) -> dict[str, str]:
    """What the scaffolder gives the skeleton; what a person would say beside names stands for itself."""
    steps: Sequence[Any] = _template(files)["spec"]["steps"]
    given: Mapping[str, str] = next(
        (each["input"]["values"] for each in steps if each["action"] == "fetch:template"), {}
    )
    chosen = {"name": source_name(REPOSITORY), "team": files.team.name, "strategy": strategy}
    decided = BACKSTAGE.context(files.deployment, naming_of(files.deployment))["golden_path"]["parameters"]
    found = {}
    for name, expression in given.items():
        of_deployment = _ENVIRONMENT.search(expression)
        found[name] = decided[of_deployment.group(1)] if of_deployment else chosen.get(name, name)
    return found


def _rendered(files: Files, path: Path, strategy: str) -> str:
    engine = jinja2.Environment(
        variable_start_string="${{", undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False
    )
    try:
        return engine.from_string(path.read_text(encoding="utf-8")).render(values=_values(files, strategy))
    except jinja2.TemplateError as error:
        line = getattr(error, "lineno", 1)
        raise Unreadable(f"{path.relative_to(files.top).as_posix()}:{line}: {error}") from None


@functools.lru_cache(maxsize=256)
def _objects(files: Files, path: Path, strategy: str) -> tuple[Object, ...]:
    try:
        return documents(_rendered(files, path, strategy))
    except YAMLError as error:
        raise Unreadable(f"{path.relative_to(files.top).as_posix()}:1: filled in it is no YAML: {error}") from None
