"""The structs of changes that can be removed with their kind: see `collab.room.kinds`."""
