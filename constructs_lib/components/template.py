"""What the values templates of a component and of its own charts see. Pure: imports no engine."""

from __future__ import annotations

from typing import Any

from config.deployment import Deployment
from constructs_lib.components.component import Component
from constructs_lib.components.images import located
from constructs_lib.components.pods import placed
from constructs_lib.helm.values import values
from constructs_lib.naming import Naming


def rendered(component: Component, template: str, deployment: Deployment, naming: Naming) -> str:
    """The values template ``template``, with the variables:

    ``deployment``; ``settings``, the component's own keys of the deployment file; ``hosts``, component → host name of
    those that are on; ``pods``, row → ``Placed``; ``placement`` of the first row; ``images``, name → ``Located``;
    ``naming``; and those of the component's ``context``.
    """
    pods = {each.name: placed(each, deployment) for each in component.pods}
    context: dict[str, Any] = {
        "settings": deployment.components.named(component.name),
        "hosts": {name: found.domain for name, found in deployment.components.hosts().items()},
        "pods": pods,
        "placement": pods[component.pods[0].name].placement,
        "images": {image.name: located(deployment, image) for image in component.images},
        "naming": naming,
    }
    return values(deployment, template, **context, **component.context(deployment, naming))
