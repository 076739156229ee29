"""``python -m benchmarks`` runs every benchmark and prints its ratio."""

from benchmarks import outcomes, start

start.main()
outcomes.main()
