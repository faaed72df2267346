"""Evidence: which requirements of PCI DSS the synthesized JSON serves, and what proves it."""
