"""How much somebody may bring: beyond these a file is refused before it fills memory, disk or an afternoon."""

MAX_IMAGES = 500_000
"""Images of a set; EMNIST's digits are 280,000."""
MAX_BYTES = 4_000_000_000
"""What a file, or all files of an archive together, may unpack to."""
MAX_ARRAYS = 1_500_000_000
"""Bytes of arrays that are read at once, those of an NPZ or IDX file."""
MAX_FILES = 200_000
"""Files in an archive or folder."""
MAX_FILE = 100_000_000
"""Bytes of one picture's file."""
MAX_SIDE = 512
"""Pixels along each side of the images in arrays and rows. Pictures may be larger: they are read one by one."""
MAX_PIXELS = 20_000_000_000
"""Pixels of all pictures together."""
