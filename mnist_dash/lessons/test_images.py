"""Lesson: why accuracy on training images lies, and what a test set is for."""

from mnist_dash.lessons.lesson import Choice, Experiment, Fact, Figure, Lesson, NumberQuestion, Question, Step

TEST_IMAGES = Lesson(
    "test-images",
    "Why training accuracy lies",
    "A network that reads all of its training images right, and what it is worth on images that it has never seen.",
    (
        Step(
            "few",
            "Learn from a hundred digits",
            "A convolutional network, 40 epochs on 100 digits, ten of them for validation. In the end it reads every "
            "image right that it learns from.",
            Experiment("cnn", {"train_size": 100, "epochs": 40}),
        ),
        Step(
            "test",
            "And on images that it has never seen?",
            "When a run has ended, the test images are looked at once. Compare *Training accuracy* with *Test "
            "accuracy* on Train.",
            NumberQuestion(
                "How many per cent of the test images does your run read right?",
                Fact.TEST_ACCURACY,
                "{wanted:.1f} %. The accuracy on training images says how well they are remembered, the one on test "
                "images what was understood.",
                "It stands on Train, beside the other accuracies.",
                tolerance=0.6,
            ),
        ),
        Step(
            "luck",
            "Choose by the test images, and they lie as well",
            "Twenty random guessers, who have learnt nothing, each answer the first 50 test digits. The best of them "
            "is chosen by these 50. Then the same guesser answers all the other test digits.",
            Question(
                "You try 20 settings and keep the one with the highest test accuracy. What is that accuracy worth?",
                (
                    Choice(
                        "It is honest: no network has learnt from the test images",
                        "No network has, but you have: of 20 results you kept the luckiest, as with the guessers.",
                    ),
                    Choice(
                        "It is too high: part of it is luck, since it was chosen for being high",
                        "Right. So settings are chosen by validation images, and the test images are looked at once. "
                        "That is how every run here does it.",
                        right=True,
                    ),
                    Choice(
                        "It is too low: the test images are harder",
                        "They are not made harder. What is wrong is that they did the choosing.",
                    ),
                ),
            ),
            figure=Figure.LUCK,
        ),
    ),
)
