# Rules and limits that keep the bot usable for everybody, and a person's own data.
safety-blocked = 🚫 The operator's rules do not allow this order. Nothing was charged. Please ask for something else.
safety-orders = ⏳ At most { $limit ->
    [one] { $limit } order
   *[other] { $limit } orders
  } a minute. Nothing was charged. You can order again in { $wait }.
safety-all-orders = ⏳ Very many orders are coming in right now. Nothing was charged. Please try again in { $wait }.
safety-new-orders = ⏳ Before your first top-up: at most { $limit ->
    [one] { $limit } order
   *[other] { $limit } orders
  } a day. Nothing was charged. You can order again in { $wait }, or right after a top-up.
safety-costly-ends = ⏳ You cancelled several orders that a service was already working on. Nothing was charged. You can order again in { $wait }.
safety-updates = ⏳ That was a lot at once. I did not read all of it, and nothing was charged. Please write again in { $wait }.
safety-banned = 🚫 You have been blocked from using this bot.
safety-banned-contact = 🚫 You have been blocked from using this bot. Write to the operator: { $contact }
safety-welcome-later = 🎁 Many people have just joined, so your welcome credits come a little later. Write to me again in about { $wait }.

# /ban, /unban
bans-form =
    <code>/{ $command } @ann</code>
    <code>/{ $command } 123456789 for spam</code>
    Or reply to a person's message with <code>/{ $command }</code>. You may add a reason to a ban: only admins see it.
bans-ask = Ban { $person }?
bans-ask-means = The bot stops working for them and answers commands with one sentence. Orders under way end as usual, the balance stays.
bans-reason = Reason: { $reason }
bans-done = 🚫 Banned: { $person }. By { $by }, { $time }.
bans-before = { $person } is banned already, by { $by }, { $time }.
bans-admin = { $person } is an admin (ADMIN_IDS): admins cannot be banned.
bans-lifted = ✅ { $person } may use the bot again.
bans-not-banned = { $person } is not banned.
bans-users-line = 🚫 { $person } · <b>{ $balance }</b> · banned

# /status
guard-title = <b>Rules</b>
guard-words = Entries in the word list: { $count }; refused since the start: { $refused }
guard-bans = Banned people: { $count }

# /mydata, /forget
mydata-ask = I can send you everything I store about you: profile, balance, orders, results, conversations. Which format?
mydata-tap-json = JSON
mydata-tap-zip = ZIP with the files
mydata-caption-json = Everything I store about you.
mydata-caption-zip = Everything I store about you, and a list of your results. The newest files are here too, as many as fit.
mydata-again = I have just sent it. You can ask again in { $wait }.
mydata-large = It is too large for one file. Please ask the operator for it.
forget-working = { $count ->
    [one] { $count } order of yours is not finished.
   *[other] { $count } orders of yours are not finished.
  } Nothing was erased. Wait or send /cancel, then send /forget again.
forget-ask =
    <b>Erase everything about you?</b>
    Name, orders, results, conversations, pictures and settings. This cannot be undone. /mydata gives you a copy first.
    Messages in this chat stay until you delete them.
    What stays: amounts without your name, and an anonymous code. With it welcome credits are given only once.
forget-balance = ⚠️ You also lose your balance: <b>{ $balance }</b>.
forget-no-balance = Your balance is empty: you lose no credits.
forget-moved = Your balance has just changed, so nothing was erased yet.
forget-tap-yes = Erase everything
forget-tap-no = No, keep it
forget-kept = Nothing was erased.
forget-done = 🧹 Everything about you is erased. You can come back any time, but without welcome credits.
forget-lost = Balance lost: { $balance }.
forget-toast-old = This question is answered already or too old. Nothing was erased now.

# /terms, /privacy: what is said where the operator has no texts of their own
legal-terms =
    <b>Terms</b>
    1. You describe what you want. A generation service makes it, and I send you the result.
    2. You see the price in credits before each order. I reserve it when you confirm and charge it when the result arrives. If the order fails or you cancel it, nothing is charged. Answers in the chat are billed by use; a stopped one costs what is written so far.
    3. Do not order anything that is illegal, hurts people or belongs to others. The rules of the operator and the services may refuse an order. Then nothing is charged.
    4. Results are made by machines and can be wrong. Check them before you rely on them. You are responsible for how you use them.
    5. Credits are for this bot only. The operator can correct mistakes and block people who break these terms.
    6. What is stored about you: /privacy. To erase it: /forget.
legal-privacy =
    <b>Privacy</b>
    <b>Stored</b> in the operator's database: your Telegram id, name, @username and language; your first and last visit; orders with prompts, options, results and prices; your questions and the answers; settings; all changes of your balance with admins' notes. Pictures and voice messages you send are kept for about two days. Chat memory is kept for 30 days after the last answer. Your messages are kept for at most two days after I handle them. Logs contain ids; your prompts are not written there on purpose.
    <b>Passed on</b>: prompts, pictures and voice messages go to the generation service you order from, without your name. Results stay there as long as that service keeps them, and in Telegram as long as the messages exist.
    <b>Seen</b> by the operator and the admins: orders, balances and names.
    <b>Your choice</b>: /mydata sends you all of it. /forget erases it. What stays: amounts without your name, and a code made from your id, so that welcome credits are given only once. Backup copies disappear together with the backups.
legal-contact = Questions: { $contact }

command-terms = Terms of use
command-privacy = What is stored about you
command-mydata = Get a copy of your data
command-forget = Erase everything about you
command-ban = Ban a user
command-unban = Unban a user
