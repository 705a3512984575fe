"""Localfax: one program that stands in for five cloud fax vendors."""

from __future__ import annotations

__version__ = "0.1.0"
