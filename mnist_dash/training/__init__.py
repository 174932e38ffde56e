"""TensorFlow's only room: started as a process, imported by nobody else."""
