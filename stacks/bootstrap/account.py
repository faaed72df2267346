"""idp-account: what an account or a region has only once, and what watches the deployment's costs."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.account.audit import security_services
from constructs_lib.account.singletons import (
    ebs_encryption,
    github_oidc,
    password_policy,
    registry_settings,
    s3_public_access,
    spot_role,
)
from constructs_lib.account.spending import spending
from constructs_lib.engine import App
from constructs_lib.stack import PlatformStack


class AccountStack(PlatformStack):
    """Owns the singletons that the deployment file says are ``managed``; those ``existing`` or ``off`` aren't touched.

    Budget and cost anomalies are the deployment's own: several deployments of one account have one each.

    Declares no outputs: nothing above reads a singleton.
    """

    layer = "bootstrap"
    stack = "account"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        registry_settings(self)
        ebs_encryption(self)
        s3_public_access(self)
        password_policy(self)
        github_oidc(self)
        spot_role(self)
        security_services(self)
        spending(self)
