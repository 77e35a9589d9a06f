"""The one error type. Its text is shown to people, so it says what to do."""


class OneThreadError(Exception):
    """A refusal with a stable `code`, a `message` for people and an HTTP `status`."""

    code = "error"
    status = 400

    def __init__(self, message: str, *, code: str | None = None, status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.status = status or self.status


class NotFound(OneThreadError):
    code = "not_found"
    status = 404


class NotAllowed(OneThreadError):
    code = "not_allowed"
    status = 403


class Conflict(OneThreadError):
    code = "conflict"
    status = 409


class Invalid(OneThreadError):
    code = "invalid"
    status = 422
