"""The register: new vintages, and when authorities begin and end."""
