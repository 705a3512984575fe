"""A webhook: its message, its delivery with every try, and what scenarios do to it."""
