"""One thing on the bill of materials, and what it becomes in CycloneDX."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import LicenseExpression
from packageurl import PackageURL

# Properties of ours. Source: CycloneDX, "Property Taxonomy": names have a prefix of the maker's.
SOURCE, CHECKSUM, VERSIONS, DIGEST = "idp:source", "idp:go-sum", "idp:versions", "idp:digest"


@dataclass(frozen=True, kw_only=True)
class Item:
    """``sources`` are files of the repository that name it; ``hashes`` are ``sha256:<hex>``; several are
    of its files, any of which may be installed.

    ``runs`` says that it is part of a deployment, or of what makes one; else it only tests or builds. ``notes`` become
    properties.
    """

    purl: PackageURL
    kind: ComponentType = ComponentType.LIBRARY
    sources: frozenset[str] = frozenset()
    hashes: frozenset[str] = frozenset()
    runs: bool = False
    licence: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        return self.purl.to_string()

    def joined(self, other: Item) -> Item:
        """This and the same item of another source."""
        return replace(
            self,
            sources=self.sources | other.sources,
            hashes=self.hashes | other.hashes,
            runs=self.runs or other.runs,
            notes={**other.notes, **self.notes},
        )

    def component(self) -> Component:
        properties = [*((SOURCE, source) for source in sorted(self.sources)), *sorted(self.notes.items())]
        return Component(
            type=self.kind,
            bom_ref=self.reference,
            group=self.purl.namespace,
            name=self.purl.name,
            version=self.purl.version,
            purl=self.purl,
            scope=ComponentScope.REQUIRED if self.runs else ComponentScope.EXCLUDED,
            hashes=[_hash(each) for each in sorted(self.hashes)],
            licenses=[LicenseExpression(self.licence)] if self.licence else [],
            properties=[Property(name=name, value=value) for name, value in properties],
        )


def merged(items: Iterable[Item]) -> list[Item]:
    """Each item once, by reference."""
    found: dict[str, Item] = {}
    for item in items:
        found[item.reference] = found[item.reference].joined(item) if item.reference in found else item
    return [found[name] for name in sorted(found)]


def _hash(text: str) -> HashType:
    algorithm, _, value = text.partition(":")
    return HashType(alg=HashAlgorithm({"sha256": "SHA-256", "sha512": "SHA-512"}[algorithm]), content=value)
