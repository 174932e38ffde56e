"""Lesson: what a convolution sees."""

from mnist_dash.lessons.lesson import (
    Choice,
    DrawingTask,
    Fact,
    Figure,
    Lead,
    Lesson,
    NumberQuestion,
    Question,
    Step,
    Wanted,
)

CONVOLUTION = Lesson(
    "convolution",
    "What a convolution sees",
    "Follow your own digit into a network: small patterns that are looked for everywhere at once.",
    (
        Step(
            "draw",
            "Draw a digit",
            "Any digit will do: a 4 has strokes in three directions, which makes it a good one. It stays in this tab.",
            DrawingTask(Wanted.DIGIT),
            Lead("sketch", "Draw on Sketch", "draw", {"model": "cnn"}),
        ),
        Step(
            "filter",
            "How small is the pattern?",
            "The first layer of the network *cnn* has 32 filters. Each slides over your digit and answers, place by "
            "place, how well its pattern fits there. *Why* on Sketch shows all 32: choose one, and see its filter "
            "beside it.",
            NumberQuestion(
                "Of how many pixels is the pattern of one filter?",
                Fact.FILTER_WEIGHTS,
                "{wanted:g}, in a square. A unit of a dense layer has a weight for each of 784 pixels; a filter learns "
                "so few since it is used again at every place.",
                "Count the squares of the picture under *Its filter*.",
            ),
            Lead("sketch", "See the 32 channels", "neurology", {"model": "cnn", "closer": "why"}),
        ),
        Step(
            "moved",
            "And when the digit moves?",
            "Imagine that your digit stood four pixels farther right. Decide first; then you see what one filter of "
            "*cnn* really answers.",
            Question(
                "What happens to what the filter has found?",
                (
                    Choice(
                        "It stays where it was",
                        "No: the filter answers at the place where the pattern is. Look at the two answers below.",
                    ),
                    Choice(
                        "It moves four pixels to the right as well",
                        "Right: the same nine weights are used at every place, so what they find moves along. It is "
                        "called equivariance, and it is why a convolution needs no second example for another place.",
                        right=True,
                    ),
                    Choice(
                        "It is gone: the network must learn the digit anew at that place",
                        "That is what a dense layer has to do, since every pixel has weights of its own. A filter is "
                        "used at all places alike. Look at the two answers below.",
                    ),
                ),
            ),
            figure=Figure.SHIFTED_CHANNEL,
        ),
    ),
)
