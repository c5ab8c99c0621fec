"""Recurring and dated things: reminders, birthdays, and the feed that shows both."""
