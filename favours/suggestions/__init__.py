"""Who could use a tip: the people of a week, each with a reason and next steps.

`scoring` and `signals` are pure: what they are given has neither direction nor kind of help. `evidence` reads it from
rows, `rounds` makes and reads the stored list of a week, `wording` puts reasons into words when they are shown, `steps`
says what can be done next, and `answers` records what the member said.
"""
