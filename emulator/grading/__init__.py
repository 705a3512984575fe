"""An application's webhook endpoint, tried with every message of a vendor and every mishap on the way."""
