"""The domain: faxes, calls, time, scenarios and what a store must do. It knows no vendor, no network and no wall clock."""
