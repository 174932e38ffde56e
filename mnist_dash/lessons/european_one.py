"""Lesson: why a European 1 is read as 7."""

from mnist_dash.lessons.lesson import Choice, DrawingTask, Figure, Lead, Lesson, Question, Step, Wanted

EUROPEAN_ONE = Lesson(
    "european-one",
    "Why a European 1 is read as 7",
    "In much of Europe a 1 has a long upstroke. See at what length networks begin to doubt, and where that comes from.",
    (
        Step(
            "upstroke",
            "A little longer, and longer",
            "Move the slider: the upstroke of this 1 grows, and two networks read it at once. The lines show how "
            "likely each finds a 7, at every length.",
            Question(
                "What does *cnn* read where the upstroke is long?",
                (
                    Choice("4", "Look at what it reads while the upstroke grows."),
                    Choice(
                        "7",
                        "Right. A stroke at the top and a long one downwards is a 7 to whoever has seen few 1s with "
                        "an upstroke.",
                        right=True,
                    ),
                    Choice(
                        "It stays a 1", "That is what *reader* does. Move the slider to its end, and look at *cnn*."
                    ),
                ),
            ),
            figure=Figure.UPSTROKE,
        ),
        Step(
            "fool",
            "Fool one with your own 1",
            "Draw a 1 with a long, flat upstroke from the left, then straight down. Both networks read it here: one of "
            "them shall take it for a 7. How flat counts: a steep upstroke is read as a 1.",
            DrawingTask(Wanted.ONE_READ_AS_SEVEN),
            Lead("sketch", "Draw on Sketch", "draw", {"model": "cnn"}),
        ),
        Step(
            "where",
            "What has the network seen of 1s?",
            "*cnn* has learnt from MNIST, whose digits were written in the United States. This is the mean of all its "
            "training 1s: the darker, the more of them have ink there. *Why* on Sketch shows what speaks for the 7 in "
            "your drawing.",
            Question(
                "What would help a network to read such 1s?",
                (
                    Choice(
                        "More epochs on the same images",
                        "No: it would see the same 1s again, hardly any of which has a long upstroke.",
                    ),
                    Choice(
                        "Training images with such 1s among them",
                        "Right. A network knows what its data hold. The bundled *reader* has learnt from such forms as "
                        "well: drawn by the model of handwriting, and written by people on tablets.",
                        right=True,
                    ),
                    Choice(
                        "A higher resolution of the images",
                        "28×28 pixels show the upstroke well enough: you see it yourself.",
                    ),
                ),
            ),
            Lead("sketch", "Ask it why", "help", {"model": "cnn", "closer": "why"}),
            Figure.MEAN_ONE,
        ),
    ),
)
