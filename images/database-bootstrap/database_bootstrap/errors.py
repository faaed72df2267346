"""What can go wrong, each with the exit code of the process. 1 is left for what nobody foresaw."""

from __future__ import annotations


class JobError(Exception):
    """The job can't go on. The message says what, why and what to do; it never holds a secret."""

    exit_code = 1


class SettingsError(JobError):
    """The settings file is wrong; another try with the same file won't help."""

    exit_code = 2


class SecretMissing(JobError):
    """Secrets Manager has no such secret, or no value in it that can be read as what it should be."""

    exit_code = 3


class Unreachable(JobError):
    """The database server doesn't answer, or is not the one that its certificate should name."""

    exit_code = 4


class LoginRefused(JobError):
    """The server refuses the user or the password."""

    exit_code = 5


class HalfDone(JobError):
    """Some components are done and some are not. Run again: it goes on where it stopped."""

    exit_code = 6


class Busy(JobError):
    """Another run holds the lock."""

    exit_code = 7


class AwsRefused(JobError):
    """Secrets Manager can't be reached, or doesn't allow the call."""

    exit_code = 8


class Unsafe(JobError):
    """A user, schema or right exists that the job did not make and must not touch."""

    exit_code = 9
