"""What moto lacks or gets wrong for our JSON, mended in memory. Each module says which behaviour of AWS it restores.

``patches`` change moto in place; ``routes`` answer requests before moto sees them.
"""

from __future__ import annotations

from typing import Any

from sandbox.extension.application import Application


def extend(application: Any) -> Application:
    """Mend moto, and wrap its WSGI ``application`` in ours."""
    from sandbox.extension import accounts, bucket_policy, budgets, ec2, ecr, eks, kms, rds, s3

    for module in (accounts, bucket_policy, budgets, ec2, ecr, kms, rds, s3):
        module.patch()
    return Application(application, routes=[ecr.route, eks.route])
