"""Identities of the platform components.

Where the seed says ``s3:*`` or ``ecr:*``, a row holds what the component calls. The keys of buckets and secrets need no
statement here: their key policies admit whoever may use the object, through its service (constructs_lib.kms.table).
"""

from __future__ import annotations

from constructs_lib.iam.rows.delivery import DELIVERY
from constructs_lib.iam.rows.events import EVENTS
from constructs_lib.iam.rows.operations import OPERATIONS
from constructs_lib.iam.workloads import Workload

PLATFORM: tuple[Workload, ...] = (*DELIVERY, *EVENTS, *OPERATIONS)
