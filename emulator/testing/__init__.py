"""What tests of applications use: a fax cloud of their own and a receiver for its webhooks."""
