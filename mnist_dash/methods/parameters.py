"""The hyperparameters: what each means and what is allowed.

One table for the widgets of the page, `--hyperparameter` on the command line and the check of every spec.
"""

from enum import StrEnum
from types import MappingProxyType

from mnist_dash.methods.kept_models import KEPT_MODELS, KeptModels
from mnist_dash.methods.kinds import Choice, Group, LayerList, Number, Parameter, Value

__all__ = [
    *("DEFAULTS", "FOLDS", "PARAMETERS"),
    *("Activation", "Initializer", "Loss", "Optimizer", "Schedule", "ValidationBy"),
]


class Optimizer(StrEnum):
    """How a gradient becomes a step."""

    ADAM = "adam"
    ADAMW = "adamw"
    SGD = "sgd"
    MOMENTUM = "momentum"
    NESTEROV = "nesterov"
    RMSPROP = "rmsprop"


class Schedule(StrEnum):
    """How the learning rate changes in the course of a run."""

    CONSTANT = "constant"
    STEP = "step"
    COSINE = "cosine"
    ONE_CYCLE = "one_cycle"
    PLATEAU = "plateau"


class Loss(StrEnum):
    """What is made small."""

    CROSSENTROPY = "crossentropy"
    FOCAL = "focal"
    SQUARED_ERROR = "squared_error"


class Activation(StrEnum):
    """What a hidden unit does with its sum."""

    RELU = "relu"
    LEAKY_RELU = "leaky_relu"
    ELU = "elu"
    GELU = "gelu"
    SILU = "silu"
    TANH = "tanh"
    SIGMOID = "sigmoid"


class Initializer(StrEnum):
    """How the first weights are drawn."""

    GLOROT_UNIFORM = "glorot_uniform"
    HE_NORMAL = "he_normal"
    LECUN_NORMAL = "lecun_normal"
    SMALL_NORMAL = "small_normal"
    ZEROS = "zeros"


class ValidationBy(StrEnum):
    """What stays whole where validation images are drawn."""

    IMAGE = "image"
    WRITER = "writer"


def _share(name: str, label: str, help: str, high: float, group: Group) -> Number:  # noqa: A002 - as the field
    return Number(name, label, help, 0.0, high, group, whole=False)


_PARAMETERS: tuple[Parameter, ...] = (
    Number("epochs", "Epochs", "How often the network sees every training image once.", 1, 1_000, Group.RUN),
    Number(
        "train_size",
        "Training images",
        "How many images to learn from, drawn at random by the seed. Validation images are among them.",
        20,
        10_000_000,
        Group.RUN,
        optional=True,
    ),
    Number("batch_size", "Batch size", "Images looked at together before each step.", 1, 60_000, Group.STEPS),
    Number(
        "learning_rate",
        "Learning rate",
        "How far each step goes. Too small: it crawls. Too large: the loss jumps or becomes NaN.",
        1e-6,
        10.0,
        Group.STEPS,
        whole=False,
    ),
    Choice(
        "optimizer",
        "Optimizer",
        "How a gradient becomes a step: plain SGD, with momentum 0.9 (Nesterov's looks ahead), or with a rate of its "
        "own for each weight (Adam, RMSprop; AdamW for use with weight decay).",
        tuple(Optimizer),
        Group.STEPS,
    ),
    Choice(
        "schedule",
        "Schedule",
        "How the learning rate changes: not at all; a tenth of it after 60 % and again after 85 % of the epochs; along "
        "a cosine to zero; up and down again in one cycle; or halved whenever the validation loss has not fallen for 3 "
        "epochs.",
        tuple(Schedule),
        Group.STEPS,
    ),
    _share(
        "clip_norm", "Clip gradients at", "Longer gradients are shortened to this length. 0: none.", 1000.0, Group.STEPS
    ),
    _share(
        "validation_split",
        "Validation",
        "The share of the training images kept aside to see how the network does on images it has not learnt.",
        0.9,
        Group.RUN,
    ),
    Choice(
        "validation_by",
        "Validation by",
        "What is kept aside: single images, or all images of some people. By image, the network has learnt from other "
        "digits of the same hands; by writer, validation tells how it reads people whom it has never met.",
        tuple(ValidationBy),
        Group.RUN,
    ),
    Number(
        "patience",
        "Stop early after",
        "Ends the run when the validation loss has not fallen for so many epochs. 0: never.",
        0,
        1_000,
        Group.RUN,
    ),
    KEPT_MODELS,
    Number(
        "seed",
        "Seed",
        "The number that decides first weights, validation images, order and augmentation. It repeats a run.",
        0,
        2**31 - 1,
        Group.RUN,
    ),
    LayerList("layers", "Layers", "The hidden layers, from the image to the ten digits.", Group.NETWORK),
    Choice("activation", "Activation", "What each hidden unit does with its sum.", tuple(Activation), Group.NETWORK),
    Choice(
        "initializer",
        "First weights",
        "How they are drawn: fitted to the size of each layer (Glorot, He, LeCun), small, or all zero, from which no "
        "network learns.",
        tuple(Initializer),
        Group.NETWORK,
    ),
    Choice(
        "loss",
        "Loss",
        "What is made small: cross-entropy; focal loss, which looks most at what is still wrong; or the squared error "
        "of the ten probabilities.",
        tuple(Loss),
        Group.NETWORK,
    ),
    _share(
        "dropout",
        "Dropout",
        "The share of units switched off at random in each step, after every hidden dense layer.",
        0.95,
        Group.RESTRAINT,
    ),
    _share(
        "weight_decay",
        "Weight decay",
        "Each step shrinks all weights by this share of the learning rate (decoupled, as in AdamW).",
        1.0,
        Group.RESTRAINT,
    ),
    _share(
        "label_smoothing",
        "Label smoothing",
        "The share of each label that is spread over all ten digits, so that the network does not become too sure.",
        0.5,
        Group.RESTRAINT,
    ),
    _share("rotation", "Rotation", "Turns each digit by up to so many degrees.", 45.0, Group.AUGMENTATION),
    _share("shift", "Shift", "Moves each digit by up to so many pixels.", 8.0, Group.AUGMENTATION),
    _share("zoom", "Zoom", "Makes each digit larger or smaller by up to this share.", 0.5, Group.AUGMENTATION),
    _share("shear", "Shear", "Slants each digit by up to this share of its height.", 0.5, Group.AUGMENTATION),
    _share("elastic", "Elastic", "Bends each digit smoothly, by about so many pixels.", 2.0, Group.AUGMENTATION),
    _share(
        "thickness", "Stroke thickness", "Thickens or thins strokes by up to so many pixels.", 2.0, Group.AUGMENTATION
    ),
    _share(
        "disturbance",
        "Disturbances",
        "The share of digits that is seen on grey, shaded or cloudy paper, with noise, lines, spots or holes, blurred, "
        "or as an outline.",
        1.0,
        Group.AUGMENTATION,
    ),
)

PARAMETERS = MappingProxyType({parameter.name: parameter for parameter in _PARAMETERS})
"""Every hyperparameter by name."""

FOLDS = Number(
    "folds",
    "Folds",
    "Into how many parts an audit divides the training images; a network that has not seen a part reads it.",
    2,
    20,
    Group.RUN,
)
"""No hyperparameter, since it changes no network: it says that a run is an audit, and of how many networks."""

_PLAIN: dict[str, Value] = {
    "epochs": 5,
    "train_size": None,
    "batch_size": 64,
    "learning_rate": 0.001,
    "optimizer": Optimizer.ADAM.value,
    "schedule": Schedule.CONSTANT.value,
    "clip_norm": 0.0,
    "validation_split": 0.1,
    "validation_by": ValidationBy.IMAGE.value,
    "patience": 0,
    "kept_models": KeptModels.LAST_AND_BEST.value,
    "seed": 0,
    "layers": None,
    "activation": Activation.RELU.value,
    "initializer": Initializer.GLOROT_UNIFORM.value,
    "loss": Loss.CROSSENTROPY.value,
    "dropout": 0.0,
    "weight_decay": 0.0,
    "label_smoothing": 0.0,
} | {parameter.name: 0.0 for parameter in _PARAMETERS if parameter.group is Group.AUGMENTATION}

DEFAULTS = MappingProxyType(_PLAIN)
"""The value of each hyperparameter where a method does not name another."""
