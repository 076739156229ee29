"""``python -m benchmarks`` runs every benchmark and prints its ratio."""

from benchmarks import start

start.main()
