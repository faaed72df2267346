"""Render an environment's ``conf.yaml.j2`` for one deployment file and parse the result into a Deployment."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import jinja2.meta
from pydantic import ValidationError

from config.capacity import encrypts_between_hosts, recommended_pods
from config.deployment import Deployment
from config.errors import ConfigError, Problem, shown
from config.file import DeploymentFile
from config.plain_yaml import read
from config.problems import problems_of
from config.requirements import with_implied
from config.sizing import SIZINGS
from config.sso import with_path
from config.templates import as_json, engine

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ROOT / "envs"
TEMPLATE = "conf.yaml.j2"
# Keys that hold identities; their roles' paths are completed.
PEOPLE = ("eks_administrators", "operators", "viewers", "auditors")
TEAM_ROLES = ("developerRoles", "viewerRoles")
# Nested objects keep the user's own spelling, so that the rendered file reads like the deployment file.
_VERBATIM = ("components", "teams", "grafana_cloud", "events_forward")


@dataclass(frozen=True)
class _Unset:
    """Stands for a key that the file leaves to the template, and records in ``chosen`` what the template decides."""

    name: str
    chosen: dict[str, Any]


def available() -> tuple[str, ...]:
    """The template sets there are, as ``production/v1``, sorted."""
    return tuple(sorted(str(path.parent.relative_to(ENVIRONMENTS)) for path in ENVIRONMENTS.glob(f"*/*/{TEMPLATE}")))


def resolve(file: DeploymentFile, *, source: str) -> Deployment:
    """The complete deployment: ``file`` over the defaults of its environment's template.

    Raises ConfigError where ``file`` names an environment that doesn't exist, or its template makes what the models
    don't admit.
    """
    wanted = f"{file.deployment_environment}/{file.deployment_version}"
    if wanted not in available():
        raise ConfigError(
            [
                Problem(
                    file=source,
                    key="deployment:environment",
                    value=shown(wanted),
                    message=f"no such template set; available: {', '.join(available())}",
                    remedy="set deployment:environment and deployment:version to one of them",
                )
            ]
        )
    try:
        return Deployment.model_validate(parse(render(wanted, file)))
    except ValidationError as error:
        rendered = f"envs/{wanted}/{TEMPLATE}"
        raise ConfigError(problems_of(error, source=rendered, model=Deployment)) from None


def render(template_set: str, file: DeploymentFile) -> str:
    """The text of ``envs/<template_set>/conf.yaml.j2`` for ``file``, as YAML.

    Every expression is emitted as JSON, which is YAML too: a value can't break out of its place.
    """
    return _render(template_set, file, _given(file))


def defaults(template_set: str, file: DeploymentFile) -> dict[str, Any]:
    """What the template decides for each key that ``file`` leaves open, by the key's Python name."""
    chosen: dict[str, Any] = {}
    given = {name: _Unset(name, chosen) if value is None else value for name, value in _given(file).items()}
    _render(template_set, file, given)
    # What isn't the template's to decide, but follows from other keys.
    chosen["vpc_zones"] = _zones(file.model_copy(update={"vpc_zones": None}))
    chosen["sso_region"] = file.platform_region
    return chosen


def parse(text: str) -> Any:
    """``text`` as YAML 1.2: no anchors across documents, no custom tags, no octal surprises."""
    return read(text)


def _render(template_set: str, file: DeploymentFile, given: Mapping[str, Any]) -> str:
    return _template(template_set).render(given=given, zones=_zones(file), sizings=SIZINGS)


@functools.cache
def sources(template_set: str) -> tuple[Path, ...]:
    """Where the templates of ``template_set`` are, its own directory first: then those of the set that its
    ``conf.yaml.j2`` extends, and so on. What a set doesn't say itself, it takes from there.
    """
    own = ENVIRONMENTS / template_set
    syntax = engine([], finalize=_as_json).parse((own / TEMPLATE).read_text(encoding="utf-8"))
    extended = [name for name in jinja2.meta.find_referenced_templates(syntax) if name]
    return (own, *(path for name in extended for path in sources(str(Path(name).parent))))


@functools.cache
def _template(template_set: str) -> jinja2.Template:
    """The compiled template: compiling takes longer than rendering."""
    # Below envs/ as well: a set names the one that it extends by its full path.
    templates = engine([ENVIRONMENTS / template_set, ENVIRONMENTS], finalize=_as_json)
    templates.filters["otherwise"] = _otherwise
    templates.filters["recommended_pods"] = recommended_pods
    templates.filters["enabled"] = _enabled
    templates.filters["encrypting"] = _encrypting
    return templates.get_template(TEMPLATE)


def _encrypting(types: Sequence[str], default: Sequence[str]) -> Sequence[str]:
    """Instance ``types`` where all encrypt between hosts, else ``default``."""
    return types if all(map(encrypts_between_hosts, types)) else default


def _otherwise(value: Any, default: Any) -> Any:
    if isinstance(value, _Unset):
        value.chosen[value.name] = default
    return default if value is None or isinstance(value, _Unset) else value


def _enabled(components: Mapping[str, Any]) -> list[str]:
    return [name for name, settings in components.items() if settings and settings.get("enabled")]


def _given(file: DeploymentFile) -> dict[str, Any]:
    given = file.model_dump(mode="json", by_alias=False)
    as_written = file.model_dump(mode="json", by_alias=True)
    given |= {name: as_written[_alias(name)] for name in _VERBATIM}
    given["components"] = with_implied(given["components"])
    sso_region = file.sso_region or file.platform_region
    for team in given["teams"]:
        for key in TEAM_ROLES:
            team[key] = [with_path(role, sso_region) for role in team[key]]
    for key in PEOPLE:
        given[key] = [person | {"role": with_path(person["role"], sso_region)} for person in given[key]]
    return given


def _alias(name: str) -> str:
    return DeploymentFile.model_fields[name].alias or name


def _as_json(value: object) -> str:
    return as_json(None if isinstance(value, _Unset) else value)


def _zones(file: DeploymentFile) -> list[str]:
    names = file.vpc_zones or tuple(f"{file.platform_region}{letter}" for letter in "abc")
    return list(names[: file.vpc_max_azs])
