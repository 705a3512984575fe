"""Where sandboxes live: `memory`, the default, and shared stores."""
