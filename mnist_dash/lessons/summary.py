"""Lesson: a notebook's wrong summary of MNIST, found and put right."""

from mnist_dash.lessons.lesson import Choice, Fact, Figure, Lead, Lesson, NumberQuestion, Question, Step

SUMMARY = Lesson(
    "summary",
    "A summary that was wrong",
    "A notebook printed that MNIST has 28 features and 2 classes. Find out what it has, and how that came about.",
    (
        Step(
            "features",
            "28 features?",
            "This is what a public notebook printed of MNIST before it trained on it. A feature is one number that a "
            "network is given of an image.",
            NumberQuestion(
                "How many features does an image have?",
                Fact.FEATURES,
                "{wanted:g}: 28 rows of 28 pixels. 28 is the length of one side.",
                "Every pixel is a number of its own. Count them all.",
            ),
            Lead("explore", "Look at the data", "grid_view", {"view": "overview"}),
            Figure.WRONG_SUMMARY,
        ),
        Step(
            "classes",
            "2 classes?",
            "A class is what an image may be. Count the different labels: the bars of Overview have one for each.",
            NumberQuestion(
                "How many classes are there?",
                Fact.CLASSES,
                "{wanted:g}, one for each digit that occurs.",
                "Count the different labels, not the sets that they stand in.",
            ),
            Lead("explore", "Count the labels", "grid_view", {"view": "overview"}),
        ),
        Step(
            "code",
            "Where do such numbers come from?",
            "`images` has the shape (60000, 28, 28): images, rows, columns. A summary is only code, and code can ask "
            "for the wrong thing without any error.",
            Question(
                "Which line gives the number of features?",
                (
                    Choice(
                        "`images.shape[1]`",
                        "That is the number of rows: 28, the notebook's mistake. It would be "
                        "right for a table with a row for each image.",
                    ),
                    Choice(
                        "`images[0].size`",
                        "Right: all numbers of one image. The classes are `len(set(labels))`; what is counted wrongly "
                        "there is often another length that happens to be at hand.",
                        right=True,
                    ),
                    Choice("`len(images)`", "That is the number of images."),
                ),
            ),
            figure=Figure.RIGHT_SUMMARY,
        ),
    ),
)
