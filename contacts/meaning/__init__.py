"""Comparing the meanings of texts, with language models that run on this machine.

`engines` are the models, `encoding` turns texts into rows of small integers, `shelves` compares them, `service` is the
process that does all this for the others, and `client` queries it. Nothing here uses the database; contacts/matching
decides what is stored, and when. Only the engine process and commands load numpy and a model.
"""

import os

# This must be set before numpy is loaded: with several threads, a text takes fifty times as long on a busy machine.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
