"""What a vendor is to the engine: data and a few functions."""
