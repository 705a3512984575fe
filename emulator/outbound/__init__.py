"""The HTTP edge that goes out: webhook posts and document fetches. It knows no fax, vendor or store."""
