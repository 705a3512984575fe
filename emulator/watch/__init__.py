"""What observes: the feed of events and the counts."""
