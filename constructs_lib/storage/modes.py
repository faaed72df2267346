"""How S3 Object Lock is bypassed. Pure: imports no engine."""

from __future__ import annotations

from typing import Literal

# Governance: who may bypass it, by IAM, can take objects away. Compliance: nobody can, the account's root included
# (Amazon S3 User Guide, "Retention modes").
LockMode = Literal["GOVERNANCE", "COMPLIANCE"]
