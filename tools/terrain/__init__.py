"""The way out of the archived engine, tried: the same sources under CDK Terrain (docs/ENGINE.md)."""
