"""What comes round: reminders, birthdays, and the feed that shows both."""
