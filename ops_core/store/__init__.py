"""Rows: the database, the outbox, the audit log and migrations."""
