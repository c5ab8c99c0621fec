"""The outbox of mails, and how a mail is made, sent and shown."""
