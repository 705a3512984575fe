"""The heartbeat: it wakes when something is due, and lends threads to slow work."""
