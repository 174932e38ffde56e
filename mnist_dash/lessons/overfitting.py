"""Lesson: overfitting, seen and mended."""

from mnist_dash.lessons.lesson import (
    Choice,
    Experiment,
    Fact,
    Figure,
    Lesson,
    NumberQuestion,
    Question,
    Remedy,
    Step,
)

_RESTRAINT = ("dropout", "weight_decay", "patience")
_AUGMENTATION = ("rotation", "shift", "zoom", "shear", "elastic", "thickness", "disturbance")

OVERFITTING = Lesson(
    "overfitting",
    "Overfitting, seen and mended",
    "Let a network learn a thousand digits by heart (overfitting), see in its curves when that began, and mend it.",
    (
        Step(
            "seen",
            "Train too long on too little",
            "A dense network, 30 epochs on 1,000 digits. Another 1,000 are kept aside: the network never learns from "
            "these validation images, they only show how it does. Watch both lines.",
            Experiment("dense_128", {"train_size": 2_000, "validation_split": 0.5, "epochs": 30}),
        ),
        Step(
            "turn",
            "Where did it turn?",
            "The training loss goes on falling. The validation loss falls at first, and then rises: from there on the "
            "network learns its own 1,000 images by heart (overfitting), and becomes too sure of what it reads wrong.",
            NumberQuestion(
                "After which epoch was the validation loss of your run lowest?",
                Fact.BEST_EPOCH,
                "Epoch {wanted:g}. All that it has learnt since helps with its own 1,000 images alone.",
                "Point at the lowest place of the validation line, or open *The figures of every epoch* on Train.",
                tolerance=1,
            ),
            figure=Figure.LOSSES,
        ),
        Step(
            "mended",
            "Mend it",
            "Train once more and change one thing that keeps a network from that: switch units off at random "
            "(dropout), show every digit a little differently each time (augmentation), or stop in time. It is mended "
            "where the validation loss, on the same images as before, ends lower.",
            Remedy(
                "seen",
                (*_RESTRAINT, *_AUGMENTATION),
                {
                    "With dropout": {"dropout": 0.5},
                    "With augmentation": {"rotation": 10.0, "shift": 1.0, "zoom": 0.1},
                    "Stop in time": {"patience": 3},
                },
            ),
        ),
        Step(
            "rule",
            "What do you take along?",
            "You have two losses of every run, and they say different things.",
            Question(
                "Which one tells how the network will do on digits that it has never met?",
                (
                    Choice(
                        "The training loss: the lower, the better",
                        "No: it went on falling while the network became worse on all other digits.",
                    ),
                    Choice(
                        "The validation loss: nothing was learnt from these images",
                        "Right. That is why settings are chosen by validation images, and a run keeps the epoch that "
                        "did best on them beside the last one.",
                        right=True,
                    ),
                    Choice(
                        "Neither: only the test images do",
                        "They would tell, but they are looked at once, at the "
                        "end. Whoever chooses by them has no honest figure left: the next lesson shows it.",
                    ),
                ),
            ),
        ),
    ),
)
