"""The account: its tokens and logins, its faxboxes, its webhooks."""
