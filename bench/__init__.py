"""The benchmark: how long a synth takes, against a stock CDK for Terraform app in the same run."""
