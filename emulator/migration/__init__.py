"""The same scenarios at two vendors, and what an application would see differently."""
