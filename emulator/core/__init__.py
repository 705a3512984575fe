"""The domain: faxes, calls, time, scenarios, what a store must do. No vendor, no network, no wall clock."""
