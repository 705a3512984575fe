"""A sandbox: its credentials and settings, its clock, its ids."""
