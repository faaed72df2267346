"""The words of the page of costs."""

from __future__ import annotations

from constructs_lib.cost.share import AURORA_UNITS, LOAD_BALANCER_UNITS
from constructs_lib.cost.use import BUILDS, MUCH, SECURITY, SPOT, TEAM_SHARE

_UNITS = ", ".join(f"{units}" for units in AURORA_UNITS.values())
_PROFILES = ", ".join(f"`{profile}`" for profile in AURORA_UNITS)

INTRO = """# What it costs

An estimate in USD a month, without tax, before anything is applied. No bill was seen. Prices are those of {region},
read from {first} to {last}; [COMPONENTS.md](COMPONENTS.md#prices) lists each with its day and source, and as
estimates those that were not read from AWS. Other regions have other prices. This page is generated from the deployment
files and `constructs_lib/cost/`: change those, then run `make docs`.

```sh run
.venv/bin/python -m idp cost --deployment idp                 # lines, components, teams
.venv/bin/python -m idp cost --deployment idp-pci --markdown  # the same for a pull request; --json for programs
```

The command reads the deployment file and asks nobody. `--against OTHER/cdktf.json` prints what changes from that file,
line by line and in sum: in a pull request, the file of the target branch, in a checkout of it (`git worktree add
.cache/main main`), since further deployments are read from beside it. `--today` is the day whose support of the
Kubernetes minor is paid. It exits with 1 where a node type has no price in `constructs_lib/cost/prices.py`.

- **minimum**: all that is there without anybody doing anything; no node for teams.
- **expected**: by the assumptions at the end of this page.
- **maximum**: every pool of nodes at its limit with its dearest type, on demand; every team at its quotas; the database
  at its largest capacity; what is paid by use at {much} times what is expected. AWS sets no ceiling for use.
""".replace("{much}", str(MUCH))

PROFILES = """## Sizing profiles beside the architecture document's table

Expected, in standard support, for the shipped production deployment with its one team. The first column of ours is
profile `seed-cost` with what that table has: one NAT gateway, one database instance, interface endpoints in one zone.
"""

DIFFERENCES = """What the document's table leaves out or has otherwise:

- **Extended support.** The table has the control plane in standard support. Once that is over for the Kubernetes minor,
  it costs {more} more; see below.
- **Interface endpoints.** The document wants endpoints for ECR and others, and its table has none. Each costs
  {endpoint} in each zone. They are paid for keeping traffic in the VPC: against what NAT takes for data, one in three
  zones pays back only past {back} GiB a month.
- **NAT.** One gateway with its public address, as the document wants it. `deployment:vpc:natGateways: per_az` costs
  {gateways} more in three zones, and a zone's loss then takes no other zone's way out.
- **Database.** The document's range is one instance. Its "multi-AZ automatic" needs a second one, which profiles have
  unless `deployment:aurora:readers` is 0. Capacity never pauses while something is connected, as Backstage always is.
- **Load balancers.** One for components and one for teams; the document counts one.
- **Nodes.** The document's range is for four to six nodes with Spot. System and platform nodes run on demand; teams'
  nodes come by Spot, and are counted by what quotas are expected to use.
- **Keys, secrets, logs, scans of images**: not in the table.

So the smallest profile stays within the document's total only in standard support, and before teams run anything.
"""

SUPPORT = """## Extended support

{more} more a month for the control plane, from the day after standard support ends, with
`deployment:eks:supportType: EXTENDED`, which is the default; with `STANDARD` AWS upgrades the cluster instead
([ADR 0005](adr/0005-kubernetes-support.md)). All tables of this page are in standard support, so that they don't change
with the day; `idp cost` counts what its day says.
"""

DEPLOYMENTS = """## The shipped deployments
"""

TEAMS = """## Teams

Each team's nodes and volumes are parts of the lines `nodes for teams` and `volumes of teams`. In sum their maximum may
be above that of the line: quotas promise more than the pools hold (`deployment:quotaOvercommit`), and the line ends at
the pools' limits. `shared namespaces` are staging and sandbox. Pods have no tags, so that AWS shows a team's part of
nodes only by split cost allocation ([TEAM_ONBOARDING.md](TEAM_ONBOARDING.md)).
"""

BUDGETS = """## Budgets and anomalies

`deployment:cost:monthlyBudgetUsd` is a budget of all that carries tag `deployment`, in stack `<id>-account`; by default
what the profile is expected to cost in extended support, and a fifth to a third on top. At 80 % and 100 % of it, and
when a month is forecast to be over, AWS mails `deployment:audit:alarmEmails`, or the first administrator where there
are none. AWS Cost Anomaly Detection tells the same people once a day of costs that are unusual and amount to
`deployment:cost:anomalyUsd` or more. 0 switches either off. Teams have budgets of their own, `monthlyBudgetUsd`. AWS
takes nothing for these.

Both count by tags, which somebody must switch on once as cost allocation tags, in the account that pays: `deployment`
and `team` (AWS Billing User Guide, "Activating user-defined cost allocation tags"). They show up there within a day of
the first apply. Traffic and support carry no tags: they are in no such budget.
"""

COUNTED = f"""## What is assumed, and what isn't counted

`constructs_lib/cost/use.py` and `share.py` hold the assumptions:

- pods of a team request {TEAM_SHARE:.0%} of its quotas on average, and the same of its volumes; Spot costs {SPOT:.0%}
  of the on-demand price; a node for builds runs {BUILDS:.0%} of the time;
- an instance of the database uses {_UNITS} capacity units in profiles {_PROFILES};
  a load balancer uses {LOAD_BALANCER_UNITS:.0f};
- GiB of logs and of traffic, of buckets and images, by profile;
- of an account with security services: {SECURITY.trail_events:.0f} million events of the trail,
  {SECURITY.audit_events:.0f} million of the cluster's audit log, {SECURITY.data_events:.0f} million of objects,
  {SECURITY.config_items:,} configuration items, {SECURITY.hub_checks:,} checks of Security Hub,
  {SECURITY.images} images scanned, {SECURITY.backup_gib:.0f} GiB of backups. A service that is `existing` is
  its owner's to pay.

Not counted: tax and AWS's support; Grafana Cloud, GitHub and other services outside AWS; Macie, CloudTrail Insights and
dedicated hardware, which are off; traffic to the internet and between zones beyond what is in `storage, images, names`;
burst credits of t3a nodes; snapshots of volumes; what Crossplane makes for teams; replicas of images in other regions;
queues and topics, which cost cents. NAT gateways behind Network Firewall are counted in full, though AWS waives their
hours.
"""
