"""A fitted run as a script for scikit-learn, on the very images that the run learnt from."""

from mnist_dash.methods.method import Values
from mnist_dash.methods.source import Code, write_call

IMAGES = 60_000
"""Training images of MNIST."""

_SCRIPT = '''\
"""{title} on MNIST, with scikit-learn."""

import numpy as np
from sklearn.datasets import fetch_openml
from sklearn.{module} import {name}

images, labels = fetch_openml("mnist_784", version=1, as_frame=False, return_X_y=True)
images, labels = images{scale}, labels.astype(int)
order = np.random.default_rng([{seed}, 0]).permutation({images})
train, test = np.sort(order[:{learnt}]), slice({images}, None)

model = {call}
model.fit(images[train], labels[train])
print(f"Test accuracy: {{model.score(images[test], labels[test]):.2%}}")
'''


def write_script(title: str, module: str, call: Code, values: Values, learnt: int, *, scaled: bool = True) -> str:
    """The script that fits what `call` makes to so many images, with pixels from 0 to 1 where they are `scaled`."""
    return _SCRIPT.format(
        title=title,
        module=module,
        name=call.partition("(")[0],
        scale=" / 255" if scaled else "",
        seed=values["seed"],
        images=f"{IMAGES:_}",
        learnt=f"{min(learnt, IMAGES):_}",
        call=call,
    )


__all__ = ["IMAGES", "write_call", "write_script"]
