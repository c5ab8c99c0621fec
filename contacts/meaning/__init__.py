"""How near in meaning texts are, by language models that run on this machine.

`engines` are the models, `encoding` turns texts into rows of small integers, `shelves` compares them, `service` is the
process that does all this for the others, and `client` asks it. Nothing here knows a table; contacts/matching decides
what is stored, and when. Only the engine process and commands load numpy and a model.
"""

import os

# To be set before anything loads numpy: with several threads, a text takes fifty times as long on a busy machine.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
