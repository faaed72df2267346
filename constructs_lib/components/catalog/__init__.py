"""The platform's components, a file each."""
