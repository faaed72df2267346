"""Makes databases, users and passwords of the platform's components, and rotates them when it runs again."""
