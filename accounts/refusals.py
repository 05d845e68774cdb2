"""What a verb says when it cannot be done."""


class NotPossible(Exception):
    """A verb was used on something that is not in a state for it; the message says why."""
