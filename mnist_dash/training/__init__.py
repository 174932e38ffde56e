"""TensorFlow's only room: started as a process, imported by nobody else."""

import os

# By itself TensorFlow takes all memory of a graphics card, and the next run, or a model that is converted beside it,
# finds none. Heeded when TensorFlow first looks at the card, which nobody has done before this.
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
