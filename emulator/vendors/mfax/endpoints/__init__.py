"""The views of the operations, by subject."""
