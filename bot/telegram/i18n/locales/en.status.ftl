# /status and /providers: first what needs an action, each with its next step; the rest on pages.
status-well = ✅ <b>All is well.</b> Nothing needs you.
status-needs = ⚠️ <b>Needs you: { $count }</b>
status-now = Orders under way: { $live }. Models on sale: { $sold }.
status-head = Easel { $version } · running for { $uptime } · database: { $database }
status-tap-services = 🔌 Services
status-tap-jobs = 🗂 Orders
status-tap-money = 💳 Money
status-tap-safety = 🛡 Safety
status-tap-modes = ⚙️ Modes
status-tap-off = ⛔ Not on sale: { $count }
status-tap-verify = Check the accounts
status-need-books = 📒 The accounts have not been checked for { $since }.
    → Send /verify.
status-need-shop = 🛒 Nothing is on sale.
    → Look at the services below.
status-need-key = 🔑 <b>{ $provider }</b> refuses the key (401).
    → Check <code>{ $setting }</code> and restart. I keep trying by myself.
status-need-funds = 💸 <b>{ $provider }</b>: the balance there is too low.
    → Top it up, then send one test order.
status-need-not_permitted = 🚫 <b>{ $provider }</b> does not permit { $models } (403).
    → Ask for access there, or send <code>/models off { $slug }</code>
status-need-unknown_model = ❓ <b>{ $provider }</b> does not know { $models }.
    → Send /models sync, or <code>/models off { $slug }</code>
status-need-circuit = 🔌 <b>{ $provider }</b> failed several times in a row.
    → Nothing to do: { $back }
status-back-now = the next order is a test.
status-back-in = in { $wait } one order is a test.
status-need-hosts = 🧪 ALLOW_PRIVATE_RESULT_HOSTS is on.
    → Switch it off outside the sandbox.
status-need-words = 📝 BLOCKED_WORDS_FILE cannot be used: { $problem }
    → Mend it. Until then the list before holds.
status-need-staging = 📤 Telegram does not let me write to STAGING_CHAT_ID. It says: <i>{ $detail }</i>
    → Make me an admin there.
status-need-feedback = 🎯 { $count ->
    [one] { $count } card was
   *[other] { $count } cards were
  } pressed that Telegram had not reported as chosen.
    → Set /setinlinefeedback to 100% in BotFather.
status-need-updates = 📬 Telegram keeps { $count } updates for me.
    → Look at the log: I do not keep up.
status-need-ends = 🔍 Orders without an answer from the service: { $count } in three days.
    → Compare them with its bill: Orders.
status-need-costly = 💔 { $name } (<code>{ $id }</code>) ended orders that you had paid for: { $count }.
    → If on purpose: <code>/ban { $id }</code>
status-jobs-title = <b>Orders</b>
status-jobs-live = Waiting: { $queued }, at the services: { $upstream }, being delivered: { $delivering }
status-jobs-hint = All orders: /jobs all
status-money-title = <b>Money</b>
status-money-available = People have: { $amount }
status-money-held = Held for orders under way: { $amount }
status-books-well = 📒 The accounts balance.
status-money-services = Balances at the services:
status-money-service = { $provider }: { $balance } { $unit }
providers-paused = ⛔ <b>{ $provider }</b>: { $reason ->
    [bad_key] the key is refused
    [out_of_funds] the balance is too low
    [circuit] several failures in a row
    [not_permitted] a model is not permitted
    [unknown_model] a model is unknown there
   *[other] { $reason }
  }
