"""Confines a process by the kernel of Linux: Landlock for paths, seccomp for system calls."""
