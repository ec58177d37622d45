"""Tables and queries: functions take a session, return core types or frames, never commit."""
