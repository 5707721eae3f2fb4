# Rules and limits that keep the bot usable for everybody, and a person's own data.
safety-blocked = 🚫 The operator's rules do not allow this order. Nothing was charged. Please ask for something else, in other words.
safety-orders = ⏳ I take { $limit ->
    [one] { $limit } order
   *[other] { $limit } orders
  } a minute from one person. Nothing was charged. You can order again in { $wait }.
safety-all-orders = ⏳ Very many orders are coming in just now. Nothing was charged. Please try again in { $wait }.
safety-new-orders = ⏳ Before the first top-up I take { $limit ->
    [one] { $limit } order
   *[other] { $limit } orders
  } a day. Nothing was charged. You can order again in { $wait }, or at once after a top-up.
safety-costly-ends = ⏳ Several of your orders were broken off while the service was already working. Nothing was charged. You can order again in { $wait }.
safety-updates = ⏳ That was a lot at once. I read what you send again in { $wait }; nothing was charged for what I left out.
safety-banned = 🚫 The operator has closed this bot for you.
safety-banned-contact = 🚫 The operator has closed this bot for you; you can write to them: { $contact }
safety-welcome-later = 🎁 Many people have just joined, so your welcome credits come a little later: write to me again in about { $wait }.

# /ban, /unban
bans-form =
    <code>/{ $command } @ann</code>
    <code>/{ $command } 123456789 for spam</code>
    or reply to a person's message with <code>/{ $command }</code>. When you ban somebody, you may add the reason; only admins see it.
bans-ask = Ban { $person }?
bans-ask-means = Commands get one sentence from then on, and nothing else works. Orders under way end as usual, the balance stays.
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
guard-words-problem = ⚠️ BLOCKED_WORDS_FILE cannot be used as it stands now, the list read before holds: { $problem }
guard-bans = Banned people: { $count }

# /mydata, /forget
mydata-ask = I can send you everything I store about you: profile, balance, orders, results, conversations. In which form?
mydata-tap-json = JSON
mydata-tap-zip = ZIP with the files
mydata-caption-json = Everything that I store about you.
mydata-caption-zip = Everything that I store about you, a list of your results, and the newest of their files as far as they fit into one message.
mydata-again = You have just got it. Please ask again in { $wait }.
mydata-large = It is too large for one file here. Please ask the operator for it.
forget-working = { $count ->
    [one] { $count } order of yours is not finished.
   *[other] { $count } orders of yours are not finished.
  } Nothing was erased. Wait for it or /cancel, then send /forget again.
forget-ask =
    <b>Erase everything I know about you?</b>
    Your name and @username, orders with their prompts and results, conversations, drafts, pictures and settings. This cannot be undone. Messages in our chat stay with Telegram: you can delete them there. /mydata gives you a copy first.
    Amounts that were moved stay in the books without your name, and a code that tells nobody who you are, so that welcome credits are given once.
forget-balance = ⚠️ Your balance is lost with it: <b>{ $balance }</b>.
forget-no-balance = Your balance is empty: no credits are lost.
forget-moved = Your balance has just changed, so nothing was erased yet.
forget-tap-yes = Erase everything
forget-tap-no = No, keep it
forget-kept = Nothing was erased.
forget-done = 🧹 Everything about you is erased. If you write to me again, you begin anew, without welcome credits.
forget-lost = Forfeited: { $balance }.
forget-toast-old = This question is settled or too old. Nothing was erased now.

# /terms, /privacy: what is said where the operator has no texts of their own
legal-terms =
    <b>Terms</b>
    1. You describe what you want; I have it made by a generation service and send you the result.
    2. Before each order you see its price in credits. It is set aside when you confirm and taken when the result arrives. If the order fails or you cancel it, nothing is taken. Answers of the chat are charged by what they used, a stopped one for what was said.
    3. Do not order what is illegal, hurts people or is somebody else's. The operator's rules and those of the services may refuse an order; it then costs nothing.
    4. Results are made by machines: they can be wrong. Check them before you rely on them. You answer for how you use them.
    5. Credits are for this bot only. The operator can correct mistakes and close the bot for people who break these terms.
    6. What is stored about you: /privacy. To have it erased: /forget.
legal-privacy =
    <b>Privacy</b>
    <b>Stored</b> in the operator's database: your Telegram id, name, @username and language; when you were first and last here; your orders with their prompts, options, results and prices; answers of the chat and your questions; settings; every movement of credits with the admins' notes. Pictures you send are kept for about two days, chat memory for 30 days after its last answer, what you send me for two days at most once it is handled. Logs contain ids, no prompts of yours on purpose.
    <b>Passed on</b>: prompts and pictures go to the generation service that you order from, without your name. Results stand there as long as that service keeps them, and with Telegram as long as the messages do.
    <b>Seen</b> by the operator and the admins: orders, balances and names.
    <b>Yours to decide</b>: /mydata sends you all of it. /forget erases it; the amounts that were moved stay, without your name, and a code made from your id so that welcome credits are given once. Copies in backups go when the backups do.
legal-contact = Questions: { $contact }

command-terms = Terms of use
command-privacy = What is stored about you
command-mydata = Get a copy of your data
command-forget = Erase everything about you
command-ban = Ban a user
command-unban = Lift a ban
