"""What moto's S3 gets wrong: a delete marker is deleted like any other version."""

from __future__ import annotations


def patch() -> None:
    from moto.s3.models import FakeDeleteMarker

    def dispose(_marker: FakeDeleteMarker) -> None:
        """A marker holds no content to give back, but is asked for it when a bucket is emptied version by version."""

    FakeDeleteMarker.dispose = dispose
