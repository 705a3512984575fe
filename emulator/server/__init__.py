"""What listens: the HTTP server, its workers, TLS, and the guard at the door."""
