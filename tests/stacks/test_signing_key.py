"""The key that signs images, and who uses it."""

from __future__ import annotations

from tests.synth import Synth


def test_the_key_signs_with_the_curve_of_cosign_and_encrypts_nothing(shipped: Synth) -> None:
    key = shipped.stack("idp-foundation-data").of_type("aws_kms_key")["image_signing"]
    assert (key["customer_master_key_spec"], key["key_usage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
    assert "enable_key_rotation" not in key
    assert key["lifecycle"] == {"prevent_destroy": True}


def test_kyverno_checks_signatures_and_makes_none(shipped: Synth) -> None:
    documents = shipped.stack("idp-foundation-iam").document["data"]["aws_iam_policy_document"]
    statements = [s for name, found in documents.items() for s in found["statement"] if "kyverno" in name]
    (signing,) = [each for each in statements if each.get("sid") == "SigningKey"]
    assert sorted(signing["actions"]) == ["kms:DescribeKey", "kms:GetPublicKey"]
    assert signing["condition"][0]["values"] == ["alias/idp-image-signing"]
