"""Which scenario a fax gets: rules, one-shots, magic numbers."""
