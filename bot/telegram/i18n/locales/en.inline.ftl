# In chats that the bot does not know: what is typed behind its name, guest mode, and their cards.

inline-model = { $model } · { $price }
inline-time = about { $time }
inline-tap = 👇 Tap Generate to order. Nothing is charged before that.
inline-cut = ⚠️ Telegram passes on at most 256 characters, so your text may be cut. Send longer texts to me in private.
inline-anybodys = 👤 The person who taps Generate orders and pays
inline-no-command = I do not know { $command } here. Just say what to make. You may begin with a kind, such as /image, or a model, such as /pika.
inline-button-go = ✨ Generate · { $price }
inline-button-long = ✍️ Send a longer text in private
inline-button-credits = 💳 Get credits in private
inline-button-start = 💬 Open the private chat
inline-button-again = 🔁 Once more
inline-button-others = 🔀 Other models
inline-button-more = 💬 Open the bot

inline-how-title = How to order here
inline-how-description = Keep typing: what should I make? For example: a fox in the snow
inline-how =
    I make pictures, videos and music from words, in any chat. Type <code>@{ $bot }</code> and what you want:
    <code>@{ $bot } a fox in the snow</code>
    Then choose a model and tap Generate. Nothing is charged before that.
inline-wrong = ✍️ Something is missing or wrong
inline-open = Open the bot: credits, history, help
inline-short = Not enough credits: open the bot
inline-start = First open the bot and press Start
inline-off-title = I cannot take orders here right now
inline-off = I take orders only in private: open the bot
inline-guest-off = I cannot take orders in this chat. Nothing was charged. Please write to me in private: @{ $bot }.
inline-help = In any other chat: type <code>@{ $bot } a fox in the snow</code> and choose a model.
inline-deleted = 🗑 This result was deleted. I cannot remove this message: you can delete it here.
inline-guest-words = In this chat I work only from words. Nothing was charged. To work on a picture, write to me in private: @{ $bot }.
inline-long = Telegram cuts text behind a bot's name at 256 characters. Here is room for more: send me the whole text, then choose a model. Nothing was charged.

# Toasts: plain text
inline-toast-expired = This card has expired: cards last a day. Nothing was charged. Please order again.
inline-toast-not-sold = This is not available right now. Nothing was charged. Please order with another model.
inline-toast-off = I cannot take orders in this chat right now. Nothing was charged. Please order in private.
inline-toast-price = Something has changed: please look at the card again. Nothing was charged.
inline-toast-short = You do not have enough credits. Nothing was charged. Get some in the private chat, then tap Generate again.
inline-toast-start = You have no account with me yet. Nothing was charged. Open the private chat below the card, press Start, then tap Generate again.
inline-toast-too-many = You already have { $limit ->
    [one] { $limit } order
   *[other] { $limit } orders
  } under way. Nothing was charged. Tap again when one is ready.
inline-toast-queue = There is a long queue right now. Nothing was charged. Please tap again in a few minutes.
inline-toast-sure = Your order is already under way. To cancel it, tap Cancel again within 30 seconds. You will not be charged.

# For the operator
inline-status-not-set = ⚠️ Orders by inline and guest mode are off: STAGING_CHAT_ID is not set.
inline-status-refused = ⚠️ Orders by inline and guest mode are off: Telegram does not let me write to STAGING_CHAT_ID. It says: <i>{ $detail }</i>
inline-status-unknown = I could not yet ask Telegram whether I may write to STAGING_CHAT_ID. Orders by inline and guest mode need it.
inline-status-no-inline = Inline mode is off in BotFather (/setinline). In other chats @yourbot does not work.
inline-status-no-guest = Guest Mode is off in BotFather. In chats without the bot its name does not work.
inline-status-no-feedback = ⚠️ Since the start { $count ->
    [one] { $count } card was
   *[other] { $count } cards were
  } pressed that Telegram had not reported as chosen. Set /setinlinefeedback to 100% in BotFather. Until then a forged press can take over another person's new card.
