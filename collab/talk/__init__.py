"""What people say in a room: a chat, and threads of comments on its code."""
