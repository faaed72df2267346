"""Known vulnerabilities in what is locked: asked of those who publish them, and judged by what was accepted."""
