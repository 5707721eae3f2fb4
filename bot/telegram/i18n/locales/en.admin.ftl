# The operator's side. admin-told-* are said to users.
admin-person = <b>{ $name }</b> (id <code>{ $id }</code>)
admin-person-username = <b>{ $name }</b> (@{ $username }, id <code>{ $id }</code>)
admin-write-me-first = I answer that in private, but I cannot write to you. Open a chat with me, press Start and send the command again.
admin-cancelled = Cancelled. The balance has not changed.
admin-note = Note: { $note }
admin-more = … and { $count } more

# /topup, /debit
admin-form =
    <code>/{ $command } @ann 50 for the logo</code>
    <code>/{ $command } 123456789 12.50</code>
    Or reply to a person's message with <code>/{ $command } 50</code>.
    The amount is in credits: above 0, at most two decimal places. A note may follow.
admin-form-empty = Use it like this:
admin-form-nobody = “{ $given }” is neither a @username nor a numeric id, and you replied to no message. Use it like this:
admin-form-no_amount = The amount is missing. Use it like this:
admin-form-long_note = The note is too long: at most { $longest } characters. Use it like this:
admin-form-spaced = Is “{ $given }” one number or two? Write the amount without spaces, and begin the note with a word. Use it like this:
admin-form-not_a_number = “{ $given }” is not an amount. Use it like this:
admin-form-not_positive = The amount must be above 0. Use it like this:
admin-form-too_precise = “{ $given }” has more than two decimal places. Write thousands without separators. Use it like this:
admin-form-too_large = “{ $given }” is too much: one command may move at most { $maximum } (MAX_TOPUP). Use it like this:
admin-nobody-name = I do not know { $sought }. I find a @username only if its owner has written to me. Otherwise give the numeric id.
admin-nobody-id = The user with the id { $sought } has not written to me yet. They have to press Start first.
admin-nobody-replied = The author of that message (id { $sought }) has not written to me yet. They have to press Start first.
admin-ask-top_up = Top up { $person } by <b>{ $amount }</b>?
admin-ask-debit = Take <b>{ $amount }</b> from { $person }?
admin-ask-balance = Balance: { $before } → { $after }
admin-tap-confirm = Confirm
admin-tap-cancel = Cancel
admin-done-top_up = ✅ Topped up { $person } by <b>{ $amount }</b>. By { $by }.
admin-done-debit = ✅ Took <b>{ $amount }</b> from { $person }. By { $by }.
admin-done-refund = ✅ Refunded <b>{ $amount }</b> to { $person } for the order <code>{ $job }</code>.
admin-balance-now = Their balance now: { $balance }
admin-not-told = ⚠️ I could not tell them: they blocked me or never opened a private chat with me.
admin-not-enough = { $person } has only { $available } available. Nothing was taken.
admin-done-before = This was done earlier. The balance has not changed now.
admin-done-before-by = Done earlier: { $amount } by { $by }, { $time }. The balance has not changed now.
admin-note-asked = asked for credits
admin-toast-decided = This is decided already or too old. The balance has not changed now.
admin-told-top_up = 💳 You were given { $amount }. Your balance: <b>{ $balance }</b>
admin-told-debit = 💳 Taken from your balance: { $amount }. Your balance: <b>{ $balance }</b>
admin-told-refund = ↩️ Refunded: { $amount } for { $model }. Your balance: <b>{ $balance }</b>

# What moves credits is announced before, and ends in the same message. admin-open-*: in a group, without figures.
admin-first-top_up = ⏳ Topping up { $person } by <b>{ $amount }</b>…
admin-first-debit = ⏳ Taking <b>{ $amount }</b> from { $person }…
admin-first-refund = ⏳ Refunding the order <code>{ $job }</code>…
admin-first-open = ⏳ One moment…
admin-open-top_up = ✅ Topped up <b>{ $name }</b>. Do not send the command again. I show amounts in private only, but I cannot write to you. Open a chat with me, press Start and send /ledger.
admin-open-debit = ✅ Took the credits from <b>{ $name }</b>. Do not send the command again. I show amounts in private only, but I cannot write to you. Open a chat with me, press Start and send /ledger.
admin-open-before = This was done earlier. The balance has not changed now.
admin-open-unmoved = The balance has not changed. I explain why in private, but I cannot write to you. Open a chat with me and press Start.
admin-open-unasked = The balance has not changed. I ask you in private first, but I cannot write to you. Open a chat with me, press Start and send the command again.
admin-open-same = The balance has not changed: you did the same { $ago } ago. To repeat it, open a chat with me, press Start and send the command there.
admin-same-top_up = ⚠️ You topped up the same person by the same amount { $ago } ago. Do it again?
admin-same-debit = ⚠️ You took the same amount from the same person { $ago } ago. Do it again?
admin-toast-untold = I cannot write to you, so the balance has not changed. Open a chat with me and press Start.

# /refund
admin-refund-form = <code>/refund abcdefgh23456 the video was black</code>: the id of the order, and a note if you like. /jobs all shows the ids.
admin-ask-refund = Refund <b>{ $amount }</b> for the order <code>{ $job }</code>?
admin-refund-job = { $model } for { $person }, { $time }
admin-refunded-before = The order <code>{ $job }</code> was refunded earlier. The balance has not changed now.
admin-refund-forgotten = The owner of the order <code>{ $job }</code> had all their data erased. Their balance expired then, so a refund would reach no person. Nothing was refunded. If they are back, use /topup.
admin-not-charged = Nothing was charged for the order <code>{ $job }</code>, so there is nothing to refund.
admin-toast-not-refundable = There is nothing to refund for this order.

# /users, /ledger
admin-users-title = <b>Users: { $count }</b>
admin-users-line = { $person } · <b>{ $balance }</b>
admin-users-hint = Statement of a user: <code>/ledger id</code>
admin-ledger-form = <code>/ledger @ann</code> or <code>/ledger 123456789</code>, or reply to a person's message with <code>/ledger</code>.
admin-ledger-title =
    { $person }
    Available: <b>{ $available }</b>, held: { $held }
admin-ledger-none = No credits have moved yet.
admin-ledger-line = <b>{ $amount }</b> { $kind } · { $time }
admin-ledger-job = order <code>{ $job }</code>
admin-ledger-actor = by { $actor } (account { $account })
admin-ledger-note = “{ $note }”
admin-kind-hold = held
admin-kind-capture = charged
admin-kind-release = not charged
admin-kind-refund = refund
admin-kind-top_up = top-up
admin-kind-debit = taken by an admin
admin-kind-welcome = welcome credits

# /jobs all, /job
admin-jobs-none = There are no orders yet.
admin-jobs-title = <b>Orders: { $count }</b>, newest first
admin-jobs-line = { $mark } <code>{ $job }</code> { $model } · { $user } ({ $id }) · { $state } · { $age } ago
admin-job-form = <code>/job abcdefgh23456</code>: the id of an order. /jobs all shows them.
admin-job-bad-id = “{ $given }” is not the id of an order. Use it like this:
admin-job-unknown = There is no order <code>{ $job }</code>.
admin-card-title = { $mark } <b>Order</b> <code>{ $job }</code> – { $state }
admin-card-erased = A person whose data were erased, account { $account }
admin-card-user = { $person }, account { $account }, language { $locale }
admin-card-model = <b>{ $model }</b> (<code>{ $slug }</code>, { $kind }) at <code>{ $provider }</code>
admin-card-options = Options: { $options }
admin-card-place = Place in the queue: { $position }
admin-card-owner = Owner { $owner }, epoch { $epoch }, attempt { $attempt }, retries { $tries }
admin-card-created = Ordered: { $time }
admin-card-submitted = Sent to the service: { $time }
admin-card-deadline = Deadline: { $time }
admin-card-delivering = Result: { $time }
admin-card-finished = Finished: { $time }
admin-card-took = Took: { $time }
admin-card-ref = Reference at the service: <code>{ $ref }</code>
admin-card-cost = Cost at the service: { $cost }
admin-card-asset = Result: <code>{ $url }</code>
admin-card-delivered = Delivered as: { $media }
admin-card-target = Chat <code>{ $chat }</code>, topic { $thread }, message { $message }
admin-card-notice = Final message still to be sent: { $due ->
    [True] yes
   *[other] no
  }; “Ready” sent: { $ready ->
    [True] yes
   *[other] no
  }
admin-card-cause = ⚠️ <code>{ $cause }</code>: { $sentence }
admin-card-detail = The service answered: <code>{ $detail }</code>
admin-card-reconcile = 🔍 Compare with the service's bill: { $reason }, { $time }
admin-card-money = Quote: <b>{ $quote }</b>, charged: <b>{ $charged }</b>
admin-card-refunded = Refunded.
admin-tap-refund = Refund…
admin-tap-stop = Cancel…
admin-tap-stop-sure = Cancel the order
admin-tap-card-words = Description
admin-tap-card-course = Progress
admin-tap-card-result = Result
admin-tap-card-money = Credits
admin-tap-all-jobs = ‹ All orders
admin-card-nothing = Nothing yet.
admin-tap-refresh = ↻ Refresh
admin-ask-stop = Cancel the order <code>{ $job }</code> ({ $model }) for its user? The { $held } held go back to them at once. What the service was paid is not refunded.
admin-toast-stopped = Cancelled.
admin-toast-not-cancellable = It is being delivered or finished, so it cannot be cancelled.

# /status, /verify
admin-status-no-key = 🔒 { $provider }: no key, not offered
admin-pause = { $reason ->
    [bad_key] 🔑 The service refuses the key (401)
    [out_of_funds] 💸 The balance with the service is too low
    [circuit] 🔌 Several failures in a row
    [not_permitted] 🚫 The service does not permit it to you (403)
    [unknown_model] ❓ The service does not know this model
   *[other] { $reason }
  }, since { $since }. Off sale: { $models }
admin-pause-ping = It goes back on sale as soon as the health check succeeds.
admin-pause-probing = One test order was sent: <code>{ $job }</code>
admin-pause-open = The next order will be sent as a test.
admin-pause-wait = One test order will be sent in { $time }.
admin-status-queue = In the queue: { $queued }, at the service: { $upstream } of { $most }, being delivered: { $delivering }
admin-status-updates = Updates waiting here, including this one: { $count }
admin-status-pending = Updates waiting at Telegram: { $count }
admin-status-reconcile = Compare with the services' bills: { $count }
admin-status-reconcile-line = <code>{ $job }</code> · { $reason } · { $time }
admin-status-costly = 💔 { $name } (<code>{ $id }</code>): orders ended within a day after you had paid the service: { $count }
admin-status-switches = <b>Modes and settings</b>
admin-switch-welcome = WELCOME_CREDITS is 0: new users get no credits.
admin-switch-contact = TOPUP_CONTACT is empty: users are not told how to get credits.
admin-switch-polling = WEBHOOK_URL is empty: updates come by long polling.
admin-switch-private-hosts = ⚠️ ALLOW_PRIVATE_RESULT_HOSTS is on: results may come from private addresses. Use it with the sandbox only.
admin-switch-none = Everything is switched on.
admin-tap-probe = Send one test order: { $provider }
admin-toast-probe = The next order is sent as a test.
admin-toast-no-probe = There is nothing to test.
admin-verify-clean = ✅ The accounts balance.
admin-verify-title = ⚠️ <b>Problems: { $count }</b>
admin-verify-line = <b>{ $rule }</b> <code>{ $subject }</code>: { $detail }
