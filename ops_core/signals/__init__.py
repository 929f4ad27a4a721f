"""Numbers that are read outside: from a monitoring system, a server, a file."""
