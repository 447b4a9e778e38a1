"""The link: what a browser and the server say to each other."""
