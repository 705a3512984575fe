"""The user's own application in the loop: run through everything that can go wrong, smallest first."""
