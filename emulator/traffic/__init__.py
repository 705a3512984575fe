"""Traffic with a real vendor: requests, answers and webhooks, recorded so that nobody is recognised."""
