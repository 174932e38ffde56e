"""The data sets of this machine: found, downloaded, named, and kept in the home."""
