"""Faxes that are asked for by mail."""
