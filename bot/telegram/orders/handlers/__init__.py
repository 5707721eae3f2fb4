"""Commands, buttons and photos that begin an order or go on with one."""
