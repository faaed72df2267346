"""Evidence as Markdown: from a requirement to lines of JSON, and from a resource back to requirements."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from constructs_lib.evidence.catalog import PRINCIPALS, STANDARD, place
from constructs_lib.evidence.evidence import Evidence, Place, Status
from tools.markdown import table

# A place → where its line is, as a link.
Link = Callable[[Place], str]

STATUSES: dict[Status, str] = {
    "platform": "the platform",
    "shared": "the platform and the customer",
    "customer": "the customer",
    "aws": "AWS",
    "gap": "**gap**",
}
_MEANINGS: dict[Status, str] = {
    "platform": "resources of the deployment meet it",
    "shared": "resources of the deployment do a part; a note says whose the rest is",
    "customer": "whoever runs the deployment meets it; where resources are named, they help",
    "aws": "AWS meets it, by its attestation of compliance (AWS Artifact)",
    "gap": "the platform has a part in it, and no resource of this deployment serves it",
}
_UNSEEN = f"""Nothing here has run on AWS. Guardrails and checkov judge the JSON, tests what real tools and a local
AWS server make of it. What each requirement of {STANDARD} asks is said in our own words; the standard's text is what
counts. Its appendices (multi-tenant service providers, designated entities) are not here."""


def page(title: str, intro: str, found: Sequence[Evidence], link: Link) -> str:
    """The page's text. ``intro`` says where it comes from."""
    parts = [f"# {title}\n", intro, f"{_UNSEEN}\n", _counts(found), _gaps(found)]
    by_id = {each.requirement.id: each for each in found}
    for principal in PRINCIPALS:
        parts.append(f"## Requirement {principal.id}: {principal.about}\n")
        for section in principal.sections:
            parts.append(f"### {section.id} {section.about}\n")
            parts += [_one(by_id[requirement.id], link) for requirement in section.requirements]
    return "\n".join([*parts, _back(found, link)])


def _counts(found: Sequence[Evidence]) -> str:
    rows = [
        (STATUSES[status], str(sum(each.status == status for each in found)), meaning)
        for status, meaning in _MEANINGS.items()
    ]
    return table(("who", "requirements", "that is"), rows)


def _gaps(found: Sequence[Evidence]) -> str:
    gaps = [each.requirement for each in found if each.status == "gap"]
    head = "## Gaps\n\n"
    if not gaps:
        return f"{head}None: each requirement that the platform has a part in is served by a resource.\n"
    rows = [(_reference(each.id), each.says, each.note or "–") for each in gaps]
    return head + table(("requirement", "asks", "note"), rows)


def _one(each: Evidence, link: Link) -> str:
    requirement = each.requirement
    lines = [f"#### {requirement.id}\n", f"{requirement.says}.\n", f"- Who: {STATUSES[each.status]}"]
    if requirement.note:
        lines.append(f"- Note: {requirement.note}")
    for stack in sorted({at.stack for at in each.places}):
        places = (f"[`{at.address}`]({link(at)})" for at in each.places if at.stack == stack)
        lines.append(f"- `{stack}`: {', '.join(places)}")
    for name, ids in (("Guardrails", each.guardrails), ("checkov", each.checks), ("Tests", each.tests)):
        if ids:
            lines.append(f"- {name}: {', '.join(f'`{id}`' for id in ids)}")
    return "\n".join(lines) + "\n"


def _back(found: Sequence[Evidence], link: Link) -> str:
    serves: dict[Place, list[str]] = {}
    for each in found:
        for at in each.places:
            serves.setdefault(at, []).append(each.requirement.id)
    parts = ["## From resources back to requirements\n"]
    for stack in sorted({at.stack for at in serves}):
        rows = [
            (f"[`{at.address}`]({link(at)})", ", ".join(map(_reference, sorted(ids, key=place))))
            for at, ids in sorted(serves.items())
            if at.stack == stack
        ]
        parts.append(f"### `{stack}`\n\n{table(('resource', 'requirements'), rows)}")
    return "\n".join(parts)


def _reference(id: str) -> str:
    """A link to the requirement's own heading: an anchor has no full stops."""
    return f"[{id}](#{id.replace('.', '')})"
