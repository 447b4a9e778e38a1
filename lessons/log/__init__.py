"""The event log: history and delivery of runs' events. See `lessons.log.protocol`."""
