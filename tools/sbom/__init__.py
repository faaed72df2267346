"""The bill of materials: all that the project ships and runs, as one CycloneDX document made of its locks and pins."""
