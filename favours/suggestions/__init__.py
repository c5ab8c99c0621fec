"""The people who could use a tip in a week, each with a reason and next steps.

`scoring` and `signals` are pure; their input contains neither the direction nor the kind of any help. `evidence` reads
this input from the database, `rounds` makes and reads the stored list of a week, `wording` puts reasons into words when
they are shown, `steps` offers next steps, and `answers` stores the member's answers.
"""
