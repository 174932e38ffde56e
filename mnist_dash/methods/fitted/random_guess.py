"""Random guess: learns nothing, and answers always the same to the same image."""

import hashlib

import numpy as np

from mnist_dash.arrays import Float64s, Images, Probabilities
from mnist_dash.data.dataset import CLASSES, Digits
from mnist_dash.methods.method import Arrays, Classifier, Cost, Method, Report, Values
from mnist_dash.methods.parameters import DEFAULTS

_SCRIPT = '''\
"""Random guess on MNIST: the floor that every method has to beat."""

import keras
import numpy as np

_, (_, labels) = keras.datasets.mnist.load_data()
answers = np.random.default_rng({seed}).integers(10, size=len(labels))
print(f"Test accuracy: {{np.mean(answers == labels):.2%}}")
'''


class RandomGuess:
    """Answers at random, and always the same to the same image: a function of seed and pixels."""

    def __init__(self, seed: int) -> None:
        """Guess by `seed`."""
        self._seed = seed

    def probabilities(self, images: Images) -> Probabilities:
        """Probabilities (n, 10) drawn uniformly from all that sum to 1, whatever the images (n, 28, 28) show."""
        return np.array([self._guess(image.tobytes()) for image in images], np.float32).reshape(-1, CLASSES)

    def _guess(self, pixels: bytes) -> Float64s:
        digest = int.from_bytes(hashlib.blake2b(pixels, digest_size=8).digest(), "big")
        return np.random.default_rng([self._seed, digest]).dirichlet(np.ones(CLASSES))


class _Guessing:
    """Nothing is fitted and nothing kept."""

    plainly = "It learns nothing: it guesses, and shows what every other method has to beat."

    def fit(self, _digits: Digits, _values: Values, _report: Report) -> Arrays:
        return {}

    def open(self, _arrays: Arrays, values: Values) -> Classifier:
        seed = values["seed"]
        assert isinstance(seed, int)  # noqa: S101 - the spec has been checked
        return RandomGuess(seed)

    def estimate(self, _values: Values, _images: int) -> Cost | None:
        return None

    def write_script(self, values: Values, _images: int) -> str:
        return _SCRIPT.format(seed=values["seed"])


METHOD = Method(
    "random",
    "Random guess",
    "Answers a random digit and learns nothing: the floor that every method has to beat, near 10 %.",
    "“How long it will take, to train MNIST like dataset, all by myself?” (blog, 2019)",
    None,
    {**DEFAULTS, "epochs": 1},
    fitting=_Guessing(),
    first=("seed",),
    folded=False,
    learns=False,
)
"""It takes the hyperparameters of networks, as it has since the first version, and heeds the seed alone."""
