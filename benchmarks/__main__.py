"""``python -m benchmarks`` runs every benchmark and prints its ratio.

Suppression has a command of its own, ``python -m benchmarks.suppression``: it is an attack.
"""

from benchmarks import disclosure, outcomes, start

start.main()
outcomes.main()
disclosure.main()
