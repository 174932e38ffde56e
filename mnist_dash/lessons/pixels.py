"""Lesson: why pixels are divided by 255."""

from collections.abc import Mapping

from mnist_dash.lessons.lesson import Choice, Experiment, Fact, Figure, Lead, Lesson, NumberQuestion, Question, Step
from mnist_dash.methods.kinds import Value

_SETTINGS: Mapping[str, Value] = {"optimizer": "sgd", "learning_rate": 0.1, "epochs": 3, "train_size": 5_000}

PIXELS = Lesson(
    "pixels",
    "Why pixels are divided by 255",
    "Train the same network on pixels from 0 to 1 and from 0 to 255, and see which of the two learns.",
    (
        Step(
            "largest",
            "How dark can ink be?",
            "An image is 28×28 numbers. 0 is paper; the more ink, the larger the number. Look at them on Explore: "
            "Pixels shows which values occur, Samples every value of a single digit.",
            NumberQuestion(
                "What is the largest value of a pixel?",
                Fact.LARGEST_VALUE,
                "{wanted:g}, the largest number that fits into one byte. Divided by it, all values lie from 0 to 1: "
                "that is what every network here gets.",
                "Open Explore and look at the right end of the scale.",
            ),
            Lead("explore", "Look at the pixels", "grid_view", {"view": "pixels"}),
        ),
        Step(
            "divided",
            "Train with pixels from 0 to 1",
            "A small dense network, three epochs, plain SGD with a learning rate of 0.1. Nothing about it is special: "
            "it is the yardstick.",
            Experiment("custom", {"layers": "flatten, dense 128", **_SETTINGS}),
        ),
        Step(
            "undivided",
            "Now with pixels from 0 to 255",
            "The same network, with one layer before all others that takes the division back: *scale 255*. Guess what "
            "will happen before you press Start.",
            Experiment(
                "custom", {"layers": "scale 255, flatten, dense 128", **_SETTINGS}, against="divided", may_diverge=True
            ),
        ),
        Step(
            "why",
            "What did the division change?",
            "Both networks saw the same pictures: no information is lost by a division. Yet look what became of them.",
            Question(
                "Why does the second one learn so badly?",
                (
                    Choice(
                        "The picture is brighter, so that less can be seen on it",
                        "No: brightness is only how we draw it. To a network both are the same digits, once in small "
                        "and once in large numbers.",
                    ),
                    Choice(
                        "The numbers are 255 times larger, and so are the first steps of the weights: they overshoot",
                        "Right. What a weight is corrected by is proportional to the value that it is multiplied with. "
                        "Larger inputs make larger steps, while the learning rate of 0.1 was chosen for small ones. A "
                        "far smaller learning rate would help too; dividing by 255 spares you the search.",
                        right=True,
                    ),
                    Choice(
                        "Large numbers take more memory and time",
                        "No: each value is a number of four bytes, however large. Both runs take the same time.",
                    ),
                ),
            ),
            figure=Figure.TWO_RUNS,
        ),
    ),
)
