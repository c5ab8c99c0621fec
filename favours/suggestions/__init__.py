"""The people who could use a tip in a week, each with a reason and next steps.

`scoring` and `signals` are pure; their input contains neither the direction nor the kind of any help. `evidence` reads
it from the database, `rounds` makes and reads the stored list of a week, `wording` words reasons when they are shown,
`steps` says what can be done next, and `answers` stores the member's answers.
"""
