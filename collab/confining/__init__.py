"""Confines a process by the kernel of Linux (Landlock, seccomp) and in its environment."""
