"""What an order in the making looks like: cards, menus, refusals."""
