# Orders in groups: what others read, and the way to the private chat.
shared-payer = 👤 { $name } orders and pays
shared-anyone = 👤 Whoever taps Confirm orders and pays
shared-by = 👤 { $name }
shared-ready = { $mention }: { $ready }
shared-start-first-order = You have no account with me yet. Open our private chat and press Start: your order is waiting there. Nothing was charged.
shared-start-first = You have no account with me yet. Open our private chat and press Start, then send this again. Nothing was charged.
shared-start-button = Open the private chat
shared-as-person = I cannot tell who you are: you write as a chat. Please send this as yourself. Nothing was charged.
shared-order-gone = This order is no longer waiting. Please send it again. Nothing was charged.
