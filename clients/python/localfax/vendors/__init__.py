"""The smallest client of each vendor, one module each: how a fax is sent, how its status is read."""
