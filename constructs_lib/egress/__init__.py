"""What leaves the VPC."""
