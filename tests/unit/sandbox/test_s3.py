"""Tests of emptying a versioned bucket."""

from __future__ import annotations

import boto3
import pytest
from moto import mock_aws

from sandbox.extension import s3


@mock_aws
def test_a_versioned_bucket_with_delete_markers_can_be_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    s3.patch()
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket="states")
    client.put_bucket_versioning(Bucket="states", VersioningConfiguration={"Status": "Enabled"})
    client.put_object(Bucket="states", Key="idp.tflock", Body=b"{}")
    client.delete_object(Bucket="states", Key="idp.tflock")
    # A destroy suspends versioning before it empties the bucket.
    client.put_bucket_versioning(Bucket="states", VersioningConfiguration={"Status": "Suspended"})
    found = client.list_object_versions(Bucket="states")
    versions = [{"Key": v["Key"], "VersionId": v["VersionId"]} for v in [*found["Versions"], *found["DeleteMarkers"]]]
    deleted = client.delete_objects(Bucket="states", Delete={"Objects": versions})
    assert len(deleted["Deleted"]) == 2
    client.delete_bucket(Bucket="states")
