"""The base of every error that a person can put right; the command line prints its message without a traceback."""


class UserError(Exception):
    """Something a person can put right: the message says what is wrong, where, and what to do about it."""
