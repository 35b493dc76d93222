"""Articles that print an earlier one: what they have in common is told once, and where else it stands is kept.

Outlets print what an agency sends them: with a headline of their own, cut from the end, with a paragraph of their own. ``Copies`` finds
such articles by their words; ``repeated`` finds the statements and figures of one that stand in the earlier one word for word.
"""

from kg.copies.near import RULE, SIGNATURES, Copies
from kg.copies.prints import SHORTEST, Print, body, common, print_of
from kg.copies.repeating import Read, copied, repeated
from kg.copies.wording import wording

__all__ = ["RULE", "SHORTEST", "SIGNATURES", "Copies", "Print", "Read", "body", "common", "copied", "print_of", "repeated", "wording"]
