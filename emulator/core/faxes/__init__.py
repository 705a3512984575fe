"""A fax: what is kept of it, its states, its calls. Pure data and tables."""
