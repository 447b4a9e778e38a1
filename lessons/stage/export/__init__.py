"""A run as a file to take away: trace, events, picture, table. Stage or events in, text or bytes out."""
