"""What happened once, written down and played again: recordings, replays, their reports."""
