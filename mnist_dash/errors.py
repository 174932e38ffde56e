"""The errors that a user may see.

Each message says what came, what is allowed and what to do, in one line, fit for a page and for a terminal.

    MnistDashError
    ├── SettingsError     an environment variable or the home folder
    ├── DataError         files of images and labels
    │   └── DownloadError   no mirror answered with the official files
    ├── ImageError        a picture that cannot be read as a digit
    │   └── FormError     a sheet of paper with boxes that cannot be printed, found or cut
    ├── SpecError         a method or hyperparameter out of range
    ├── StoreError        the database of runs
    │   └── UnreachableError  its server is away or has no connection left, and may be back in a moment
    ├── BackupError       a backup of the home that cannot be written or restored
    ├── EngineError       what starts runs cannot be used as it is set up
    │   └── EngineAwayError   it cannot be asked now, and may answer in a moment
    ├── RunError          a run that is not there, or not in the state that was asked for
    │   └── DivergenceError   a training that broke down: its figures are no numbers any more
    ├── SweepError        a sweep that is not there, or not in the state that was asked for
    ├── ModelError        a model that cannot be found or loaded
    ├── NotAllowedError   a change that somebody else alone may make
    ├── QuotaError        more than one person may take of what all share
    └── SignInError       somebody who is not, or no longer, signed in
"""


class MnistDashError(Exception):
    """Any error that is meant for the person in front of the program."""


class SettingsError(MnistDashError):
    """An environment variable or the home folder cannot be used."""


class DataError(MnistDashError):
    """Files of images and labels are missing, broken or of the wrong kind."""


class DownloadError(DataError):
    """No mirror answered with the official files."""


class ImageError(MnistDashError):
    """A picture cannot be read as a digit."""


class FormError(ImageError):
    """A sheet of paper with boxes cannot be printed, found or cut."""


class SpecError(MnistDashError):
    """A method or one of its hyperparameters is unknown or out of range."""


class StoreError(MnistDashError):
    """The database of runs cannot be opened, read or written."""


class UnreachableError(StoreError):
    """The server of the database is away or has no connection left; what it has recorded is there when it is back."""


class BackupError(MnistDashError):
    """A backup of the home cannot be written, or is none that could be restored here."""


class EngineError(MnistDashError):
    """What starts runs refuses, as it is set up."""


class EngineAwayError(EngineError):
    """What starts runs cannot be asked now: of none of its runs is known whether it lives."""


class RunError(MnistDashError):
    """A run does not exist or is not in the state that was asked for."""


class DivergenceError(RunError):
    """Training broke down: loss or weights are no numbers any more."""


class SweepError(MnistDashError):
    """A sweep does not exist or is not in the state that was asked for."""


class ModelError(MnistDashError):
    """A model cannot be found or loaded."""


class NotAllowedError(MnistDashError):
    """Whoever is signed in may not change what they asked to change."""


class QuotaError(MnistDashError):
    """Somebody has as many runs in the queue, or has trained as long, as one person may."""


class SignInError(MnistDashError):
    """Nobody is signed in, or not any more, or as somebody who may not come in."""
