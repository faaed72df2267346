"""All rows of the table of quotas, by topic."""

from __future__ import annotations

from config.quota_rows.cluster import CLUSTER
from config.quota_rows.identity import IDENTITY
from config.quota_rows.network import NETWORK
from config.quota_rows.regional import REGIONAL
from config.quotas import Quota

ROWS: tuple[Quota, ...] = (*IDENTITY, *CLUSTER, *NETWORK, *REGIONAL)
