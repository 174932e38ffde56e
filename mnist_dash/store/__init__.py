"""The database: its tables, how it is opened, and how an older one is brought to today's schema version."""
