"""Running the site on several processes: by docker-compose.yml, or by `make cluster` on this machine."""
