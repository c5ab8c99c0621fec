"""The outbox, and the code that writes, sends and shows its mails."""
