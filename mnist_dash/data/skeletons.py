"""The shapes of pen-stroke digits: how people write each digit, as control points drawn by hand.

Plain data, so that another way of writing a digit is one more entry here and nothing else. A stroke is a row of
points `x,y` in hundredths of the digit's height, x to the right and y down. A smooth curve runs through all of
them; a point given twice is a corner. How one entry becomes many digits stands in `generated`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Skeleton(NamedTuple):
    """One way of writing a digit: how common it is among the ways of that digit, and its strokes in order."""

    name: str
    weight: float
    strokes: tuple[str, ...]


ZERO = (
    Skeleton("plain", 5, ("45,1 20,10 3,42 6,76 28,98 54,92 72,62 70,28 52,5 38,3",)),
    Skeleton("narrow", 2, ("38,0 18,15 5,50 8,84 22,99 42,86 54,50 50,16 36,1 28,8",)),
    Skeleton("round", 3, ("50,2 18,14 1,50 14,86 46,99 80,84 93,50 80,14 50,1 38,4",)),
    Skeleton("closed on the right", 2, ("62,12 40,1 14,18 3,52 12,88 36,99 62,84 74,50 68,20 50,6",)),
    Skeleton("with a tail", 1.5, ("30,10 12,32 4,62 16,92 42,98 66,74 70,36 56,8 34,4 30,16 48,20",)),
)

ONE = (
    Skeleton("plain", 14, ("12,0 8,35 4,70 0,100",)),
    Skeleton("bowed", 2, ("6,0 12,35 10,70 0,100",)),
    Skeleton("flagged", 1, ("0,24 16,12 28,0 28,0 26,50 24,100",)),
    Skeleton("flagged with a foot", 1, ("4,26 20,14 34,0 34,0 32,50 30,98", "0,100 30,98 62,97")),
)

TWO = (
    Skeleton("plain", 4, ("5,24 18,6 42,0 62,14 58,38 38,66 16,88 2,97 2,97 36,95 78,95",)),
    Skeleton("flat", 3, ("3,14 28,3 58,2 68,14 48,46 24,76 5,93 5,93 40,90 85,88",)),
    Skeleton("looped", 4, ("6,24 24,3 52,4 62,26 48,60 26,88 8,95 3,82 18,74 42,90 64,96 86,86",)),
    Skeleton("wide loop", 2, ("16,30 18,10 42,0 62,16 58,46 38,78 14,97 0,86 10,70 34,74 58,92 82,96",)),
    Skeleton("curled start", 1.5, ("22,28 10,26 12,8 40,0 62,14 54,42 30,70 6,95 6,95 40,93 74,98",)),
    Skeleton("swan", 1.5, ("4,30 14,8 36,0 52,14 48,42 28,74 4,96 24,86 48,90 70,98 86,90",)),
)

THREE = (
    Skeleton("round", 4, ("5,14 24,1 52,5 58,24 44,40 24,47 24,47 50,52 66,70 54,92 28,100 2,90",)),
    Skeleton("flowing", 3, ("6,12 30,0 56,10 52,32 30,46 42,48 62,62 60,86 34,100 2,92",)),
    Skeleton("flat-topped", 2, ("5,5 30,3 62,2 62,2 46,22 28,42 28,42 54,46 68,68 54,92 24,100 0,88",)),
    Skeleton("knotted", 2, ("5,14 28,0 56,10 50,34 28,50 18,47 30,42 56,54 64,78 44,97 16,98 0,84",)),
    Skeleton("wide", 2, ("10,16 34,2 66,6 68,24 46,42 28,46 28,46 58,52 68,70 48,90 20,98 0,96",)),
)

FOUR = (
    Skeleton("open", 4, ("12,0 7,28 2,52 2,52 34,53 72,50", "62,2 58,50 54,100")),
    Skeleton("open cup", 4, ("10,3 4,30 10,52 34,54 60,44", "64,0 60,50 52,100")),
    Skeleton("one stroke", 2, ("8,4 5,34 16,52 40,46 60,28 66,2 66,2 60,50 52,100",)),
    Skeleton("slanted", 3, ("26,2 14,28 0,56 0,56 36,54 76,48", "64,14 54,54 42,100")),
    Skeleton("closed", 2, ("50,2 26,30 2,60 2,60 40,60 76,58", "50,2 50,50 48,100")),
    Skeleton("closed in one stroke", 2, ("54,100 56,50 56,4 56,4 30,26 6,52 6,52 42,56 72,54",)),
    Skeleton("crossed low", 1, ("14,10 6,40 0,62 0,62 40,64 80,60", "46,0 44,50 40,100")),
)

FIVE = (
    Skeleton("two strokes", 4, ("16,3 12,24 8,44 8,44 34,38 58,52 60,76 38,97 4,94", "16,3 42,2 74,0")),
    Skeleton("one stroke", 4, ("74,2 48,4 22,6 22,6 16,26 12,43 12,43 38,39 60,56 54,86 26,100 0,92",)),
    Skeleton("like an S", 3, ("78,2 50,3 26,12 20,30 36,44 54,58 54,82 32,99 0,94",)),
    Skeleton("leaning", 3, ("95,0 66,4 40,8 40,8 32,26 24,44 24,44 48,48 56,68 36,90 0,98",)),
    Skeleton("detached bar", 1.5, ("14,10 10,30 8,46 30,42 52,54 54,78 32,98 2,96", "20,6 50,4 84,0")),
)

SIX = (
    Skeleton("plain", 4, ("52,0 30,16 10,46 3,76 20,98 46,93 56,74 42,57 20,64 8,82",)),
    Skeleton("straight", 4, ("46,0 28,22 12,50 5,80 18,99 42,92 50,72 36,60 18,72 10,88",)),
    Skeleton("curled", 2, ("64,10 46,1 22,18 5,54 10,90 38,100 62,82 56,58 30,52 8,68",)),
    Skeleton("small loop", 2, ("36,0 18,24 5,58 8,88 30,99 54,88 56,68 38,62 22,76 24,94",)),
    Skeleton("like a b", 1, ("10,0 6,36 4,74 14,97 42,97 62,78 50,56 24,60 8,78",)),
)

SEVEN = (
    Skeleton("plain", 5, ("0,8 34,6 68,3 68,3 50,42 30,100",)),
    Skeleton("hooked", 3, ("2,22 4,8 4,8 36,6 66,2 66,2 50,44 36,100",)),
    Skeleton("rounded", 3, ("0,14 26,6 54,3 64,12 52,42 36,72 26,100",)),
    Skeleton("waved", 2, ("0,20 10,6 32,10 64,2 64,2 46,38 32,68 26,100",)),
    Skeleton("barred", 1.5, ("2,8 36,6 68,3 68,3 50,42 30,100", "20,52 46,50 74,47")),
    Skeleton("upright", 2, ("0,12 24,9 50,3 50,3 48,44 42,100",)),
)

EIGHT = (
    Skeleton("from the right", 5, ("60,10 38,0 14,10 14,28 36,46 54,66 50,90 26,100 6,84 16,62 42,40 60,20 58,6",)),
    Skeleton("open", 2, ("66,8 40,2 16,14 20,34 42,52 48,78 30,99 8,90 10,68 34,46 58,24 74,4",)),
    Skeleton("two rings", 1.5, ("34,1 12,10 10,32 32,46 56,36 58,12 36,1", "32,46 6,60 4,86 30,100 60,88 62,62 34,46")),
    Skeleton("from the middle", 2, ("34,46 12,30 16,8 40,0 58,12 50,34 26,54 6,76 18,98 46,96 58,74 34,46",)),
    Skeleton("slim", 2, ("52,6 34,1 18,14 24,34 38,52 42,78 26,99 8,86 16,62 36,42 52,22 50,4",)),
)

NINE = (
    Skeleton("straight", 5, ("56,12 34,2 10,16 6,38 26,47 50,32 60,6 60,6 56,50 50,100",)),
    Skeleton("slanted", 4, ("54,8 30,3 6,24 12,44 38,38 58,10 58,10 46,50 30,100",)),
    Skeleton("curled", 2, ("58,14 36,1 10,14 8,38 30,46 52,32 60,10 62,40 56,76 34,98 4,92",)),
    Skeleton("bent", 2, ("50,6 26,6 4,26 14,44 40,34 54,6 56,34 48,70 34,100",)),
    Skeleton("small ring", 1.5, ("40,4 16,8 6,28 22,40 42,28 46,4 46,4 48,50 44,100",)),
)

SKELETONS: Mapping[int, tuple[Skeleton, ...]] = MappingProxyType(
    dict(enumerate((ZERO, ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN, EIGHT, NINE)))
)
"""The ways of writing each digit."""
