"""Arrays and frozen records to pictures: pure functions that know one theme and nothing of pages."""
