"""What starts the processes of runs: a protocol, and one file an implementation."""
