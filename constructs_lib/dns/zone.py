"""The platform's DNS zone and the certificate of its names."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.acm_certificate import AcmCertificate
from cdktf_cdktf_provider_aws.acm_certificate_validation import AcmCertificateValidation
from cdktf_cdktf_provider_aws.data_aws_route53_zone import DataAwsRoute53Zone
from cdktf_cdktf_provider_aws.route53_record import Route53Record
from cdktf_cdktf_provider_aws.route53_zone import Route53Zone

from constructs_lib.engine import TerraformResourceLifecycle
from constructs_lib.stack import PlatformStack

# Any one of the four lets ACM issue; all four, since the authority that signs isn't ours to choose.
# Source: ACM User Guide, "(Optional) Configure a CAA record".
AMAZON_AUTHORITIES = ("amazon.com", "amazonaws.com", "amazontrust.com", "awstrust.com")
# cert-manager's issuer for names that end inside the cluster.
LETS_ENCRYPT = "letsencrypt.org"
CAA_TTL = 3600
VALIDATION_TTL = 300


def zone(stack: PlatformStack) -> str:
    """Id of the zone of ``platform:domain``: the configured one, looked up, or one made here."""
    domain = stack.deployment.platform.domain
    if stack.deployment.shared.zone_id is not None:
        found = stack.add(DataAwsRoute53Zone, "zone", zone_id=stack.deployment.shared.zone_id)
        return found.zone_id
    made = stack.add(
        Route53Zone,
        "zone",
        name=domain,
        comment=f"{domain}, made by {stack.full_name}",
        lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
    )
    stack.waive(
        "aws_route53_zone.zone",
        CKV2_AWS_38="Signing needs a DS record in the parent zone, which whoever holds that has to add and to change.",
        CKV2_AWS_39="The answers of a public zone are public; query logs would need a log group in us-east-1.",
    )
    stack.add(
        Route53Record,
        "authorities",
        zone_id=made.zone_id,
        name=domain,
        type="CAA",
        ttl=CAA_TTL,
        records=[f'0 issue "{authority}"' for authority in (*AMAZON_AUTHORITIES, LETS_ENCRYPT)],
    )
    return made.zone_id


def certificate(stack: PlatformStack, *, zone_id: str) -> str:
    """ARN of the certificate of ``platform:domain`` and the names one level below, once it is issued.

    The configured one where there is one. Otherwise made here and validated in the zone ``zone_id``. ACM asks for the
    same record for a name and its wildcard, so there is one record (ACM User Guide, "DNS validation").
    """
    configured = stack.deployment.shared.certificate_arn
    if configured is not None:
        return configured
    domain = stack.deployment.platform.domain
    made = stack.add(
        AcmCertificate,
        "platform",
        domain_name=domain,
        subject_alternative_names=[f"*.{domain}"],
        validation_method="DNS",
        lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
    )
    stack.serves("aws_acm_certificate.platform", "4.2.1", "4.2.1.1")
    stack.waive(
        "aws_acm_certificate.platform",
        CKV2_AWS_71="One certificate serves all hosts one level below the domain, and those of previews come and go.",
    )
    option = "tolist(aws_acm_certificate.platform.domain_validation_options)[0]"
    record = stack.add(
        Route53Record,
        "validation",
        zone_id=zone_id,
        name=f"${{{option}.resource_record_name}}",
        type=f"${{{option}.resource_record_type}}",
        ttl=VALIDATION_TTL,
        records=[f"${{{option}.resource_record_value}}"],
    )
    issued = stack.add(
        AcmCertificateValidation, "platform", certificate_arn=made.arn, validation_record_fqdns=[record.fqdn]
    )
    return issued.certificate_arn
