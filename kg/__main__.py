"""``python -m kg`` does what ``kg`` does."""

from kg.cli import main

main()
