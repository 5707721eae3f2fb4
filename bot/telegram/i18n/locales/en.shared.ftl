# Orders in groups: what others read, and the way to the private chat.
shared-payer = 👤 { $name } orders and pays
shared-anyone = 👤 The person who taps Confirm orders and pays
shared-by = 👤 { $name }
shared-ready = { $mention }: { $ready }
shared-start-first-order = You have no account with me yet. Nothing was charged. Open our private chat and press Start: your order is waiting there.
shared-start-first = You have no account with me yet. Nothing was charged. Open our private chat, press Start, then send this again.
shared-start-button = Open the private chat
shared-as-person = You write as a chat, so I cannot tell who you are. Nothing was charged. Please send this as yourself.
shared-order-gone = This order is no longer waiting. Nothing was charged. Please send it again.
