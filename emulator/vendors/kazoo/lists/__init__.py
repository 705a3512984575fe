"""Lists page by page, and the objects that they show."""
