"""What the checks ask that some resource has a reason not to follow, by their ids. Pure."""

from __future__ import annotations

from collections.abc import Mapping

CHECKS: Mapping[str, str] = {
    "CKV_AWS_18": "S3 buckets log who accesses them.",
    "CKV_AWS_21": "S3 buckets keep versions of their objects.",
    "CKV_AWS_39": "An EKS cluster's API has no public endpoint.",
    "CKV_AWS_61": "A role isn't trusted to a whole account.",
    "CKV_AWS_107": "IAM documents don't allow actions that return credentials, on any resource.",
    "CKV_AWS_108": "IAM documents don't allow actions that read data out, on any resource.",
    "CKV_AWS_109": "IAM documents don't allow actions that change permissions, on any resource.",
    "CKV_AWS_111": "IAM documents don't allow actions that write, on any resource.",
    "CKV_AWS_144": "S3 buckets are replicated to another region.",
    "CKV_AWS_145": "S3 buckets are encrypted by a customer managed key.",
    "CKV_AWS_149": "Secrets are encrypted by a customer managed key.",
    "CKV_AWS_226": "Database instances take minor upgrades by themselves.",
    "CKV_AWS_231": "Network ACLs don't let the internet in at port 3389.",
    "CKV_AWS_252": "Trails tell a topic of each file that they deliver.",
    "CKV_AWS_287": "IAM policies don't allow actions that return credentials, on any resource.",
    "CKV_AWS_288": "IAM policies don't allow actions that read data out, on any resource.",
    "CKV_AWS_289": "IAM policies don't allow actions that change permissions, on any resource.",
    "CKV_AWS_290": "IAM policies don't allow actions that write, on any resource.",
    "CKV_AWS_338": "Log groups keep their events for at least a year.",
    "CKV_AWS_352": "Network ACLs don't let all ports in.",
    "CKV_AWS_355": 'IAM policies don\'t allow actions on "*" that could name their resources.',
    "CKV_AWS_356": 'IAM documents don\'t allow actions on "*" that could name their resources.',
    "CKV2_AWS_3": "GuardDuty is on for the whole organization.",
    "CKV2_AWS_8": "Aurora clusters are in a plan of AWS Backup.",
    "CKV2_AWS_31": "Web ACLs log the requests that they judge.",
    "CKV2_AWS_38": "Public DNS zones are signed (DNSSEC).",
    "CKV2_AWS_39": "Public DNS zones log the queries they get.",
    "CKV2_AWS_57": "Secrets rotate by themselves.",
    "CKV2_AWS_62": "S3 buckets send notifications of events.",
    "CKV2_AWS_71": "Certificates name no wildcard.",
}
