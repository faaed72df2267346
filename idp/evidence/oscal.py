"""Evidence as an OSCAL component definition: a component for each stack, and for whom the rest falls to.

Identifiers follow from what they stand for and the date is the catalog's: the same input makes the same bytes.
Source: NIST OSCAL 1.1.3, "Component Definition Model".
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from constructs_lib.evidence.catalog import REVISED, STANDARD, VERSION
from constructs_lib.evidence.evidence import Evidence, Place, Status

OSCAL_VERSION = "1.1.3"
# Of properties that OSCAL doesn't define itself; a name, which leads nowhere.
NAMESPACE = "https://idp-foundation.example/ns/evidence"
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)

# Status → type, title and description of the component that has what no resource serves.
_OTHERS: Mapping[Status, tuple[str, str, str]] = {
    "customer": ("policy", "Customer", "Requirements that fall to whoever runs the deployment."),
    "aws": ("service", "Amazon Web Services", "Requirements that fall to AWS, by its attestation of compliance."),
    "gap": ("plan", "Gaps", "Requirements of the platform that no resource of the deployment serves."),
}

Json = dict[str, Any]
Id = Callable[..., str]


def component_definition(deployment: str, found: Sequence[Evidence]) -> str:
    """The JSON text for ``deployment``."""

    def id_of(*parts: str) -> str:
        return str(uuid.uuid5(_SPACE, "/".join((deployment, *parts))))

    source = id_of("standard")
    stacks = sorted({place.stack for each in found for place in each.places})
    components = [_stack(stack, found, id_of, source) for stack in stacks]
    components += [made for status in _OTHERS if (made := _other(status, found, id_of, source))]
    content = {
        "metadata": {
            "title": f"{deployment}: how {STANDARD} v{VERSION} is met",
            "last-modified": REVISED,
            "version": VERSION,
            "oscal-version": OSCAL_VERSION,
        },
        "components": components,
        "back-matter": {"resources": [{"uuid": source, "title": f"{STANDARD} v{VERSION}"}]},
    }
    # Another content is another document.
    document = {"uuid": id_of(json.dumps(content, sort_keys=True)), **content}
    return json.dumps({"component-definition": document}, indent=2, ensure_ascii=False) + "\n"


def _stack(stack: str, found: Sequence[Evidence], id_of: Id, source: str) -> Json:
    serving = [(each, [place for place in each.places if place.stack == stack]) for each in found]
    rows = [_served(stack, each, places, id_of) for each, places in serving if places]
    return _component("software", stack, f"Resources of Terraform stack {stack}.", rows, id_of, source)


def _other(status: Status, found: Sequence[Evidence], id_of: Id, source: str) -> Json | None:
    kind, title, description = _OTHERS[status]
    rows = [_requirement(title, each, [], [], id_of) for each in found if each.status == status]
    return _component(kind, title, description, rows, id_of, source) if rows else None


def _component(kind: str, title: str, description: str, rows: list[Json], id_of: Id, source: str) -> Json:
    return {
        "uuid": id_of("component", title),
        "type": kind,
        "title": title,
        "description": description,
        "control-implementations": [
            {
                "uuid": id_of("implementation", title),
                "source": f"#{source}",
                "description": f"{STANDARD} v{VERSION}, by number; what each asks is a paraphrase.",
                "implemented-requirements": rows,
            }
        ],
    }


def _served(stack: str, each: Evidence, places: Iterable[Place], id_of: Id) -> Json:
    links = [
        {"href": f"{place.file}#L{place.line}", "rel": "implementation", "text": place.address} for place in places
    ]
    proofs = {"guardrail": each.guardrails, "checkov": each.checks, "test": each.tests}
    props = [_prop(name, value) for name, values in proofs.items() for value in values]
    return _requirement(stack, each, props, links, id_of)


def _requirement(title: str, each: Evidence, props: list[Json], links: list[Json], id_of: Id) -> Json:
    """``links`` stay away where there are none: OSCAL admits no empty list."""
    requirement = each.requirement
    made: Json = {
        "uuid": id_of("requirement", title, requirement.id),
        # An identifier of OSCAL begins with a letter.
        "control-id": f"pci-{requirement.id}",
        "description": requirement.says,
        "props": [_prop("label", requirement.id), _prop("status", each.status), *props],
    }
    if links:
        made["links"] = links
    if requirement.note:
        made["remarks"] = requirement.note
    return made


def _prop(name: str, value: str) -> Json:
    return {"name": name, "ns": NAMESPACE, "value": value}
