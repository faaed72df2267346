"""What the benchmark should show, and whether it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Target:
    """``value`` of what ``label`` says lies from ``least`` to ``most``."""

    label: str
    value: float
    most: float
    least: float = 0.0

    @property
    def met(self) -> bool:
        return self.least <= self.value <= self.most

    def line(self) -> str:
        """``label: value (0.8 to 1.2: met)``."""
        wanted = f"{self.least:g} to {self.most:g}" if self.least else f"at most {self.most:g}"
        return f"{self.label}: {self.value:.3g} ({wanted}: {'met' if self.met else 'MISSED'})"


def lines(targets: Sequence[Target]) -> str:
    """All of them, one a line."""
    return "\n".join(target.line() for target in targets)
