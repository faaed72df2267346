"""Events that cross from one deployment's account into another's queue, and no further."""
