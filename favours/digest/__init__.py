"""The weekly letter: when it is due, what it says, how its links work, and how it is sent. See docs/letter.md."""
