"""What people show to chat models beside their words."""
