"""The parts of docs/CONFIGURATION.md that no model knows."""

from __future__ import annotations

BEFORE = """# Configuration

This page is generated from the models, templates and rules in `config/` and `envs/`: change those, then run `make
docs`.

A deployment is described by flat keys in one JSON object: the `context` of `cdktf.json` for the default deployment, a
file of its own for any other. `cdktf.json` names the others, relative to itself, and one synth makes all of them:

```json
"context": { "deployments": ["envs/pci/v1/deployment.json"], "platform:id": "idp" }
```

**Precedence.** What the deployment file says counts. Where it lacks a key, or has `null` for one that the template
decides, the template of its environment decides, `envs/<deployment:environment>/<deployment:version>/conf.yaml.j2`;
the column *default* shows what it decides, by environment where they differ, and `<key>` where it repeats another key.
No environment variable and no command-line option changes a value. What a template says outside of these keys (the
`policy` of an environment, sizes without a key) can't be set from a file.

**Errors.** Everything wrong in all files is printed at once, each with its file, key, value, what is allowed and a
remedy, and nothing is written. The exit code of `make synth`, `idp synth` and `idp validate` is then 2 (that of `python
main.py`; make itself says 2 for every failure), of other verbs 1: their 2 means something else. An unknown key is an
error, as is a key that stands twice in one object.

**Limits of a file.** Both kinds of file are JSON, in UTF-8 without a byte order mark; YAML is refused. A file has at
most 4 MiB, 200,000 values, 5,000 entries in one list or object, and 32 levels; integers have at most 4,300 digits. What
is beyond is refused before anything of the file is looked at. Of one file's wrong keys and values the first 500 are
named, and the others counted. No text may hold `${`, `%{`, `{{`, `[[`, a line break, a control character or a letter
other than a to z: none becomes an expression of Terraform, Jinja2, Helm, Argo or GitHub, and none looks like another.

**Editors.** `config/deployment.schema.json` completes and checks both kinds of file. A deployment file may name it in
the key `$schema`; for `cdktf.json` set it in the editor, by file name. The schema knows what one key may hold; the
rules below are checked by `make synth`.
"""

AFTER = """A VPC range may be that of another deployment: AWS permits it, but two such VPCs can't be peered.

## Roles of IAM Identity Center

EKS compares the whole ARN of a role, path included. A role named `AWSReservedSSO_...` without a path gets the path
that Identity Center gives it: `aws-reserved/sso.amazonaws.com/<home region>/`, without the region where that is
us-east-1. The home region is `platform:ssoRegion`. A role with another path is refused.

## The identity lock

`deployments.lock.json` beside `cdktf.json` records what can't change once a deployment is applied: id, account,
region, organization, VPC CIDR, zones in their order, Service CIDR and cluster name. Loading refuses a difference, with
both values. It is shipped empty, since the shipped deployment is an example that nobody has applied: run `make lock`
after the first apply and commit the file. It looks like this:

```json
{
  "idp": {
    "account": "111122223333",
    "region": "us-west-2",
    "organization": "example-org",
    "vpc_cidr": "10.100.0.0/16",
    "zones": ["us-west-2a", "us-west-2b", "us-west-2c"],
    "service_cidr": "172.20.0.0/16",
    "cluster": "idp-platform"
  }
}
```

`make lock` adds deployments that the file lacks, and zones added behind the recorded ones; it changes nothing else.
After a deployment was destroyed, `python -m config.identity --write --replace <id>` records its new values, or remove
its entry.
"""
