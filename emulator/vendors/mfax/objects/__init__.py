"""The account's own objects and the operations on them, by subject."""
