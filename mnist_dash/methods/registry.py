"""The methods by name: networks with their layers, their defaults and where they come from, and all others."""

from collections.abc import Mapping
from types import MappingProxyType

from mnist_dash.errors import SpecError
from mnist_dash.methods.architecture import parse_network
from mnist_dash.methods.distillation import TEACHER, TRUST
from mnist_dash.methods.fine_tuning import REPLAY, START
from mnist_dash.methods.fitted import forest, logistic, nearest, random_guess, svm
from mnist_dash.methods.kinds import Parameter, Value
from mnist_dash.methods.method import Method
from mnist_dash.methods.parameters import DEFAULTS, PARAMETERS

__all__ = ["CUSTOM", "HYPERPARAMETERS", "METHODS", "READER", "Method", "get_method"]

READER = "reader"
"""The method that makes readers for many hands, and the set that it learns from."""
CUSTOM = "custom"
"""The method whose layers are the spec's own."""


def _defaults(**changes: Value) -> Mapping[str, Value]:
    return MappingProxyType({**DEFAULTS, **changes})


_READER_NETWORK = parse_network(
    "conv 32 3, norm, pool 2, conv 64 3, norm, conv 64 3, norm, conv 96 3, norm, pool 2, conv 128 3, norm, flatten, "
    "dropout 0.2"
)
_VARIED: Mapping[str, Value] = {"rotation": 10.0, "shift": 1.5, "zoom": 0.1, "elastic": 0.7}
"""How images are varied where a network sees each many times."""
_CHAMPION_NETWORK = parse_network(
    "crop 2, conv 24 3, norm, conv 32 3, norm, pool 2, conv 48 3, norm, conv 64 3, norm, pool 2, conv 96 3, norm, "
    "global"
)
_CHAMPION_DEFAULTS = _defaults(
    epochs=20,
    batch_size=128,
    learning_rate=0.01,
    optimizer="adamw",
    schedule="one_cycle",
    weight_decay=0.02,
    label_smoothing=0.05,
    shear=0.15,
    thickness=0.5,
    **_VARIED,
)
_OWN = "conv 32 3, pool 2, conv 64 3, pool 2, flatten, dense 64"
_METHODS = (
    Method(
        "fast",
        "Fast convolutional network",
        "Made for the clock: few multiplications, no margins, large steps along one cycle, digits moved about. "
        "About 99.2 % after two epochs.",
        "This program; the idea is of tuomaso/train_mnist_fast, which reaches 99 % in 0.76 s on a graphics card",
        parse_network("crop 2, conv 24 5, pool 2, conv 32 3, pool 2, flatten, dense 256"),
        _defaults(
            epochs=2,
            batch_size=128,
            learning_rate=0.01,
            schedule="one_cycle",
            label_smoothing=0.05,
            shift=2.0,
        ),
    ),
    Method(
        "cnn",
        "Convolutional network",
        "Three convolutions find strokes and their crossings, wherever they are; two dense layers decide. "
        "About 99 % after five epochs.",
        "A notebook with live loss plots, which claims 99.17 % after 5 + 5 epochs",
        parse_network("conv 32 3, pool 2, conv 64 3, pool 2, conv 64 3, flatten, dense 64"),
        _defaults(),
    ),
    Method(
        "tiny",
        "Tiny convolutional network",
        "How few numbers are enough? Fewer than ten thousand, a tenth of the convolutional network's, that see every "
        "digit turned, moved and slanted a little.",
        "This program; a course's task asks for 99.4 % with fewer than 10,000 parameters",
        parse_network(
            "conv 8 3, norm, conv 16 3, norm, pool 2, conv 16 3, norm, conv 16 3, norm, pool 2, conv 24 3, norm, global"
        ),
        _defaults(
            epochs=20,
            batch_size=128,
            learning_rate=0.01,
            optimizer="adamw",
            schedule="one_cycle",
            weight_decay=0.01,
            rotation=8.0,
            shift=1.5,
            zoom=0.1,
            shear=0.1,
        ),
    ),
    Method(
        "champion",
        "Champion convolutional network",
        "Few errors with a hundred thousand numbers: narrow layers, one upon the other, that see every digit turned, "
        "bent and thickened anew in each of twenty epochs.",
        "This program; after An, Lee, Park, Yang and So, “An Ensemble of Simple Convolutional Neural Network Models "
        "for MNIST” (2020), where larger ones vote",
        _CHAMPION_NETWORK,
        _CHAMPION_DEFAULTS,
    ),
    Method(
        "distilled",
        "Distilled convolutional network",
        "The champion's network learns what a larger model, or a vote of several, answers to every image, and so more "
        "than labels tell: which digits look alike, and which images are hard.",
        "Hinton, Vinyals and Dean, “Distilling the Knowledge in a Neural Network” (2015)",
        _CHAMPION_NETWORK,
        MappingProxyType({**_CHAMPION_DEFAULTS, "label_smoothing": 0.0, "teacher": READER, "trust": 0.5}),
        hyperparameters=MappingProxyType({TEACHER.name: TEACHER, TRUST.name: TRUST, **PARAMETERS}),
        first=("teacher", "epochs", "train_size", "trust"),
    ),
    Method(
        "dense_128",
        "Dense network",
        "Every pixel is wired to each of 128 units, and again to 128, and those to the ten digits. "
        "About 97.5 % after five epochs.",
        "Isha Dagar, “MNIST Digit Classification” (DEV Community)",
        parse_network("flatten, dense 128, dense 128"),
        _defaults(),
    ),
    Method(
        "mlp_900",
        "Wide dense network",
        "Two layers of 900 units, half of which are switched off at random in each step, so that none relies on one.",
        "“Deep Learning on MNIST Datasets” (blackeagle01/MNISTDeepLearn), which claims 94 %",
        parse_network("flatten, dense 900, dense 900"),
        _defaults(dropout=0.5),
    ),
    Method(
        "functional_4",
        "Four hidden layers",
        "300, 100, 100 and 200 units, trained by plain SGD: slower to start than Adam, and a good place to try both.",
        "“MNIST Dataset from Practical Perspective” (blog, 2019), a network of Keras' Functional API",
        parse_network("flatten, dense 300, dense 100, dense 100, dense 200"),
        _defaults(optimizer="sgd", learning_rate=0.1),
        functional=True,
    ),
    Method(
        "functional_5",
        "Five hidden layers",
        "One layer more of 100 units than the network with four: does depth alone help?",
        "“MNIST Dataset from Practical Perspective” (blog, 2019), a network of Keras' Functional API",
        parse_network("flatten, dense 300, dense 100, dense 100, dense 100, dense 200"),
        _defaults(optimizer="sgd", learning_rate=0.1),
        functional=True,
    ),
    Method(
        "cnn_1000",
        "Convolutional network on 1,000 images",
        "A small network that sees only 1,000 images, a hundred times: how far do few examples go?",
        "“Deep Learning on MNIST Datasets” (blackeagle01/MNISTDeepLearn), which claims 95 % in under 5 minutes",
        parse_network(_OWN),
        _defaults(train_size=1_000, epochs=100, dropout=0.5),
    ),
    Method(
        READER,
        "Reader of everyone's hand",
        "For the hands of many people: it learns from MNIST, from forms and pens that MNIST lacks, and from digits "
        "on paper with shadows, lines and spots.",
        "This program; the bundled reader is one run of it",
        _READER_NETWORK,
        _defaults(
            epochs=16,
            batch_size=128,
            learning_rate=0.003,
            optimizer="adamw",
            schedule="one_cycle",
            validation_split=0.01,
            weight_decay=0.02,
            shear=0.1,
            thickness=1.5,
            **_VARIED,
            disturbance=0.3,
        ),
        data=READER,
    ),
    Method(
        "fine_tuned",
        "Fine-tuned reader",
        "The bundled reader learns digits of your own as well, from ten of them on. It is shown others again "
        "meanwhile, so that it does not forget how everybody else writes.",
        "Robins, “Catastrophic forgetting, rehearsal and pseudorehearsal” (Connection Science 7, 1995)",
        _READER_NETWORK,
        _defaults(
            epochs=20,
            learning_rate=0.0005,
            optimizer="adamw",
            schedule="one_cycle",
            weight_decay=0.02,
            shear=0.1,
            thickness=1.0,
            **_VARIED,
            start=START.options[0],
            replay=0.5,
        ),
        data=None,
        hyperparameters=MappingProxyType({START.name: START, REPLAY.name: REPLAY, **PARAMETERS}),
        first=("start", "epochs", "train_size", "replay"),
    ),
    Method(
        CUSTOM,
        "Your own layers",
        "Put layers together yourself; shapes and costs are shown before anything is trained.",
        "You",
        parse_network(_OWN),
        _defaults(layers=_OWN),
    ),
    nearest.METHOD,
    logistic.METHOD,
    forest.METHOD,
    svm.METHOD,
    random_guess.METHOD,
)

METHODS = MappingProxyType({method.name: method for method in _METHODS})
"""Every method by name, first that of a first run: good in seconds."""


HYPERPARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {name: parameter for method in _METHODS for name, parameter in method.own.items()} | dict(PARAMETERS)
)
"""Every hyperparameter of any method by name; two methods may share a name where it means the same."""


def get_method(name: str) -> Method:
    """The method of that name; raises SpecError with the names that there are."""
    if name not in METHODS:
        raise SpecError(f"{name!r} is no method; allowed are {', '.join(METHODS)}.")
    return METHODS[name]
