"""The sandbox: runs a program so that nothing gets out of it, on the standard library alone.

A rung is one way to confine a program; `rungs` has each of them. The server starts a warden
(`warden`), a small process with a clean environment. The warden forks a supervisor for each run
(`supervisor`), which starts the sandbox, watches it (`watch`) and ends it. Inside the sandbox
`launch` takes the files of the run and becomes the program.
"""
