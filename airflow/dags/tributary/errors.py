"""Why a task does not succeed."""


class Transient(Exception):
    """Trying again later may help: a period ended with a transient error."""


class Failed(Exception):
    """Trying again does not help."""


class RequestError(Failed):
    """A request that failed, also when sent again. code: its status, or None if there was no response."""

    def __init__(self, message, code=None, sent=True):
        super().__init__(message)
        self.code = code
        # Whether it may have had an effect.
        self.sent = sent
