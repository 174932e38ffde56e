"""`python -m mnist_dash`."""

import sys

from mnist_dash.cli import main

if __name__ == "__main__":
    sys.exit(main())
