# In chats that the bot does not know: what is typed behind its name, guest mode, and their cards.

inline-model = { $model } · { $price }
inline-time = about { $time }
inline-tap = 👇 Tap Generate to order it. Nothing is charged before.
inline-cut = ⚠️ Telegram passes on at most 256 characters, so the end of your text may be missing here. For a longer one write to me in private.
inline-anybodys = 👤 Whoever taps Generate orders and pays
inline-no-command = I do not know { $command } here. Just say what to make; it may begin with a kind, such as /image, or with a model, such as /pika.
inline-button-go = ✨ Generate · { $price }
inline-button-long = ✍️ Longer text: in private
inline-button-credits = 💳 Get credits in private
inline-button-start = 💬 Open the private chat
inline-button-again = 🔁 Once more
inline-button-others = 🔀 Other models
inline-button-more = 💬 Open the bot

inline-how-title = How to order here
inline-how-description = Go on typing: what shall I make? For example: a fox in the snow
inline-how =
    I make pictures, videos and music from words, in any chat. Type <code>@{ $bot }</code> and what it shall be:
    <code>@{ $bot } a fox in the snow</code>
    Then choose a model and tap Generate. Nothing is charged before.
inline-wrong = ✍️ Something is missing or wrong
inline-open = Open the bot: credits, history, help
inline-short = Not enough credits: open the bot
inline-start = First open the bot and press Start
inline-off-title = I cannot take orders here at the moment
inline-off = Orders are only taken in private: open the bot
inline-guest-off = I cannot take orders in this chat, sorry. Please write to me in private: @{ $bot }. Nothing was charged.
inline-help = In any other chat: type <code>@{ $bot } a fox in the snow</code> and choose a model.
inline-deleted = 🗑 This result was deleted. I cannot take this message away: delete it here, if you like.
inline-guest-words = In this chat I work from words only. To have something made of a picture, write to me in private: @{ $bot }. Nothing was charged.
inline-long = Telegram cuts what is typed behind a bot's name at 256 characters. Here there is room: send me the whole text now, and choose a model then. Nothing was charged.

# Toasts: plain text
inline-toast-expired = This card no longer holds: cards do so for a day. Nothing was charged. Please order anew.
inline-toast-not-sold = This is not on offer at the moment. Nothing was charged. Please order anew with another model.
inline-toast-off = I cannot take orders in this chat at the moment. Nothing was charged. Please order in private.
inline-toast-price = Please see the card: it shows what holds now. Nothing was charged.
inline-toast-short = You do not have enough credits for it. Nothing was charged. Get some in the private chat, then tap Generate again.
inline-toast-start = You have no account with me yet. Open the private chat by the button below the card and press Start, then tap Generate again. Nothing was charged.
inline-toast-too-many = You have { $limit ->
    [one] { $limit } order
   *[other] { $limit } orders
  } under way already. Nothing was charged. Tap again when one is ready.
inline-toast-queue = Too many people are waiting right now. Nothing was charged. Please tap again in a few minutes.
inline-toast-sure = It is being made already. To cancel it anyway, tap Cancel once more within 30 seconds; you will not be charged.

# For the operator
inline-status-not-set = ⚠️ Orders by inline and guest mode are off: STAGING_CHAT_ID is not set.
inline-status-refused = ⚠️ Orders by inline and guest mode are off: Telegram does not let the bot write to STAGING_CHAT_ID. It says: <i>{ $detail }</i>
inline-status-unknown = Telegram was not reached yet to see whether the bot may write to STAGING_CHAT_ID, which orders by inline and guest mode need.
inline-status-no-inline = Inline mode is off in BotFather (/setinline): in other chats nobody can type @yourbot.
inline-status-no-guest = Guest Mode is off in BotFather: in chats without the bot it does not hear its name.
inline-status-no-feedback = ⚠️ Since the start { $count ->
    [one] { $count } card was
   *[other] { $count } cards were
  } pressed that Telegram had not reported as chosen. Set /setinlinefeedback to 100% in BotFather: until then a forged press can take over somebody’s new card.
