"""Overlays: what somebody's own account was seen to answer, laid over what a vendor's tables say."""
