"""What plays: faxes come in, steps are due, webhooks go out, time passes."""
