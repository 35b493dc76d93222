"""The command line: parse, make one call, write what came back, print a summary.

Data goes to stdout or a file, words to stderr. Exit code 0: all went well; 1: something failed and was named; 2: the command
itself was wrong. Nothing heavy is imported before a command needs it.
"""

from kg.cli import analysing, asking, exchanging, reading, reviewing, serving, telling
from kg.cli.group import ALIASES, main

__all__ = ["ALIASES", "analysing", "asking", "exchanging", "main", "reading", "reviewing", "serving", "telling"]
