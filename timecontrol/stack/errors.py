"""What the stack says when it cannot do what was asked."""

from timecontrol.errors import UserError


class StackError(UserError):
    """A server or service cannot be started or stopped; the message names it, the reason and the way out."""
