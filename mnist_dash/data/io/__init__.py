"""The files that digits come in and go out as: read with every check, written whole or not at all."""
