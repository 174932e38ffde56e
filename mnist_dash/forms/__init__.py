"""Sheets of paper with boxes: printed, written on by people, photographed or scanned, and cut into digits."""
