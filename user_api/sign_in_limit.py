"""How often a password may be guessed: attempts by login, counted in the Read Redis."""

import hashlib
from datetime import timedelta
from typing import cast

from redis import Redis

from timecontrol.serving.redis_client import BestEffortRedis

# A person who mistypes is in after three or four attempts. At ten in a quarter of an hour a guess against twelve
# characters has no chance (NIST SP 800-63B allows a hundred in a row), and whoever is kept out on purpose waits no longer.
MAX_ATTEMPTS = 10
WINDOW = timedelta(minutes=15)

# Count an attempt; the first begins the window. KEYS: the login's; ARGV: the window in seconds.
COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('TTL', KEYS[1])}
"""

# Take one attempt back; where the window has passed meanwhile there is none.
TAKE_BACK = "if tonumber(redis.call('GET', KEYS[1]) or 0) > 0 then redis.call('DECR', KEYS[1]) end"


class TooManyAttempts(Exception):
    """Nobody is let in with this login for a while, whatever the password."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__("Too many attempts to sign in with this login.")
        self.retry_after_seconds = retry_after_seconds


class SignInLimit:
    """Counts attempts before they are judged, so that none at the same time slips through; without Redis none are counted."""

    def __init__(self, redis: Redis) -> None:
        self._redis = BestEffortRedis(redis)

    def count(self, login: str) -> None:
        """Count an attempt; raises TooManyAttempts."""
        window = int(WINDOW.total_seconds())
        counted = self._redis.attempt(lambda redis: cast("list[int]", redis.eval(COUNT, 1, key(login), window)))
        if counted is not None and counted[0] > MAX_ATTEMPTS:
            raise TooManyAttempts(counted[1])

    def take_back(self, login: str) -> None:
        """One attempt was not judged, so it was none; those before it stay."""
        self._redis.attempt(lambda redis: redis.eval(TAKE_BACK, 1, key(login)))

    def forget(self, login: str) -> None:
        """Begin anew: somebody has signed in, or the account has a new password."""
        self._redis.attempt(lambda redis: redis.delete(key(login)))


def key(login: str) -> str:
    """Where the attempts are counted. Not by name: people type their password there too."""
    return f"sign_in:{hashlib.sha256(login.encode()).hexdigest()}"
