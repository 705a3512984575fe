"""Zero change: an application with the vendors' own addresses built in is answered by Localfax."""
