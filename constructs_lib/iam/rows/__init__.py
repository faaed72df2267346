"""All rows of the table of workload identities."""

from constructs_lib.iam.rows.cluster import CLUSTER
from constructs_lib.iam.rows.platform import PLATFORM

ROWS = (*CLUSTER, *PLATFORM)

__all__ = ["ROWS"]
