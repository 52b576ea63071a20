"""`collab mirror`: a folder on the disk and a room, in step both ways. README.md tells how."""
