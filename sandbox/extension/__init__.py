"""What moto lacks or gets wrong for our JSON, mended in memory. Each module says which behaviour of AWS it restores.

``patches`` change moto in place; ``routes`` answer requests before moto sees them.
"""

from __future__ import annotations

from typing import Any

from sandbox.extension.application import Application


def extend(application: Any) -> Application:
    """Mend moto, and wrap its WSGI ``application`` in ours."""
    from sandbox.extension import (
        access_analyzer,
        accounts,
        backup,
        bucket_policy,
        budgets,
        cloudtrail,
        config_packs,
        cost_anomalies,
        ec2,
        ecr,
        eks,
        events,
        guardduty,
        kms,
        network_firewall,
        rds,
        resolver,
        route53,
        s3,
        securityhub,
        sqs,
    )

    for module in (
        accounts,
        backup,
        bucket_policy,
        budgets,
        cloudtrail,
        cost_anomalies,
        ec2,
        ecr,
        events,
        guardduty,
        kms,
        rds,
        route53,
        s3,
        sqs,
    ):
        module.patch()
    answering = (access_analyzer, backup, config_packs, ecr, eks, network_firewall, resolver, securityhub)
    return Application(application, routes=[module.route for module in answering])
