"""What goes into the image."""

from __future__ import annotations

import datetime
import re
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID
from database_bootstrap.settings import CA_FILE

from config.loader import load

ROOT = Path(__file__).resolve().parent.parent.parent
IMAGE = ROOT / "images" / "database-bootstrap"
PINNED = re.compile(r"^([a-zA-Z0-9_.-]+)==([^ ;]+)", re.MULTILINE)


def pinned(lock: Path) -> dict[str, str]:
    return dict(PINNED.findall(lock.read_text(encoding="utf-8")))


def roots() -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates((IMAGE / "rds-roots.pem").read_bytes())


def name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def test_packages_are_those_that_the_tests_run_with() -> None:
    found = pinned(IMAGE / "requirements.lock")
    assert {"boto3", "psycopg", "psycopg-binary"} <= set(found)
    assert found.items() <= pinned(ROOT / "requirements-dev.lock").items()


def test_packages_are_locked_by_hash_and_name_no_registry() -> None:
    text = (IMAGE / "requirements.lock").read_text(encoding="utf-8")
    assert len(PINNED.findall(text)) == len(
        re.findall(r"^\S+==.*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    )
    assert "://" not in text


def test_certificates_are_roots_of_amazon_rds() -> None:
    found = roots()
    assert found
    for certificate in found:
        assert re.fullmatch(r"Amazon RDS [a-z]{2}-[a-z]+-\d Root CA (RSA2048|RSA4096|ECC384) G1", name(certificate))
        certificate.verify_directly_issued_by(certificate)
    assert len({name(certificate) for certificate in found}) == len(found)


def test_certificates_are_valid_for_another_ten_years() -> None:
    horizon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3650)
    assert all(certificate.not_valid_after_utc > horizon for certificate in roots())


def test_the_regions_of_the_shipped_deployments_have_theirs() -> None:
    names = {name(certificate) for certificate in roots()}
    for deployment in load(ROOT / "cdktf.json"):
        for algorithm in ("RSA2048", "RSA4096", "ECC384"):
            assert f"Amazon RDS {deployment.platform.region} Root CA {algorithm} G1" in names


def test_the_file_of_certificates_loads_as_a_whole() -> None:
    context = ssl.create_default_context(cafile=str(IMAGE / "rds-roots.pem"))
    assert context.cert_store_stats()["x509_ca"] >= len(roots())


def test_the_image_does_not_run_as_root_and_names_no_tag() -> None:
    lines = (IMAGE / "Containerfile").read_text(encoding="utf-8").splitlines()
    users = [line for line in lines if line.startswith("USER ")]
    assert users == ["USER 10001:10001"]
    assert all(line.startswith("FROM ${PYTHON_IMAGE}") for line in lines if line.startswith("FROM "))
    assert "ARG PYTHON_IMAGE" in lines
    assert any("--require-hashes" in line for line in lines)


def test_the_image_puts_the_certificates_where_the_job_looks() -> None:
    assert f"COPY rds-roots.pem {CA_FILE}" in (IMAGE / "Containerfile").read_text(encoding="utf-8")
