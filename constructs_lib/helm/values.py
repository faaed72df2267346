"""Values files of releases, from the templates of the deployment's environment. Pure: imports no engine."""

from __future__ import annotations

import functools
from typing import Any

import jinja2

from config.deployment import Deployment
from config.environment import sources
from config.templates import as_json, engine
from constructs_lib.helm.blocks import Block, block

TEMPLATE = "values.yaml.j2"


def values(deployment: Deployment, component: str, **context: Any) -> str:
    """The text of ``envs/<environment>/<version>/<component>/values.yaml.j2`` for ``deployment``, or of the template of
    the set that the environment extends.

    Templates see ``deployment`` and what ``context`` adds. An expression is written as JSON on one line; the filter
    ``block(n)`` writes it as block YAML, indented by n. Raises jinja2.TemplateNotFound where there is no such template,
    jinja2.UndefinedError where it names an unknown variable.
    """
    template = _templates(f"{deployment.environment}/{deployment.version}").get_template(f"{component}/{TEMPLATE}")
    return template.render(deployment=deployment, **context)


@functools.cache
def _templates(template_set: str) -> jinja2.Environment:
    templates = engine(sources(template_set), finalize=_written)
    templates.filters["block"] = block
    return templates


def _written(value: object) -> str:
    return value if isinstance(value, Block) else as_json(value)
