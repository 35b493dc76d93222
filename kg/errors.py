"""What can go wrong on purpose.

    KgError            problem and mend; the command line shows both and exits with 1
    ├── InputError     a file or record that cannot be read; names it; the other inputs go on
    ├── ModelError     the language model is missing or does not fit
    ├── QueryError     a SPARQL text that does not parse or may not run
    └── StoreError     the store is missing, locked by another writer or unreadable

Everything else is a bug and crashes with its traceback.
"""


class KgError(Exception):
    """A problem that the user can mend.

    Args:
        problem: What is wrong, naming the value and the place.
        mend: What to do about it, as an order.
    """

    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(problem, mend)
        self.problem = problem
        self.mend = mend

    def __str__(self) -> str:
        """Return problem and mend in one line."""
        return f"{self.problem}. {self.mend}"


class InputError(KgError):
    """A file or record that cannot become a document."""


class ModelError(KgError):
    """The language model cannot be loaded."""


class QueryError(KgError):
    """A query that cannot be run."""


class StoreError(KgError):
    """The store on disk cannot be opened or written."""
