"""What people do in their chats, and the routes by which tests do it for them."""
