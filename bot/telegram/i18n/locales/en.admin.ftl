# The operator's side. admin-told-* are said to users.
admin-person = <b>{ $name }</b> (id <code>{ $id }</code>)
admin-person-username = <b>{ $name }</b> (@{ $username }, id <code>{ $id }</code>)
admin-write-me-first = I answer that in private, but I cannot write to you. Open a chat with me, press Start, and send the command again.
admin-cancelled = Cancelled. Nothing was moved.
admin-note = Note: { $note }
admin-more = … and { $count } more

# /topup, /debit
admin-form =
    <code>/{ $command } @ann 50 for the logo</code>
    <code>/{ $command } 123456789 12.50</code>
    or reply to a person's message with <code>/{ $command } 50</code>.
    The amount is in credits, above 0, with at most two places; a note may follow it.
admin-form-empty = Tell me more. The form:
admin-form-nobody = “{ $given }” is neither a @username nor a numeric id, and this is no reply to a person's message. The form:
admin-form-no_amount = The amount is missing. The form:
admin-form-long_note = The note is too long: at most { $longest } characters. The form:
admin-form-spaced = “{ $given }” may be one number or two. Write the amount without spaces, and begin the note with a word. The form:
admin-form-not_a_number = “{ $given }” is not an amount. The form:
admin-form-not_positive = The amount must be above 0. The form:
admin-form-too_precise = “{ $given }” has more than two places after the point or comma; write thousands without separators. The form:
admin-form-too_large = “{ $given }” is more than the { $maximum } that one command may move (MAX_TOPUP). The form:
admin-nobody-name = I have not seen anybody as { $sought }. I find a @username only if its owner has written to me under it; otherwise give the numeric id.
admin-nobody-id = Nobody with the id { $sought } has used me yet. They have to press Start first.
admin-nobody-replied = The author of that message (id { $sought }) has not used me yet. They have to press Start first.
admin-ask-top_up = Top up { $person } by <b>{ $amount }</b>?
admin-ask-debit = Take <b>{ $amount }</b> from { $person }?
admin-ask-balance = Balance: { $before } → { $after }
admin-tap-confirm = Confirm
admin-tap-cancel = Cancel
admin-done-top_up = ✅ Topped up { $person } by <b>{ $amount }</b>. By { $by }.
admin-done-debit = ✅ Took <b>{ $amount }</b> from { $person }. By { $by }.
admin-done-refund = ✅ Refunded <b>{ $amount }</b> to { $person } for the job <code>{ $job }</code>.
admin-balance-now = Their balance now: { $balance }
admin-not-told = ⚠️ I could not write to them about it: they blocked me or have no private chat with me.
admin-not-enough = { $person } has only { $available } available. Nothing was taken.
admin-done-before = That had been done before. Nothing was moved now.
admin-done-before-by = Done before: { $amount } by { $by }, { $time }. Nothing was moved now.
admin-note-asked = asked for credits
admin-toast-decided = This is decided already, or too old. Nothing was moved now.
admin-told-top_up = 💳 You were given { $amount }. Your balance: <b>{ $balance }</b>
admin-told-debit = 💳 Taken from your balance: { $amount }. Your balance: <b>{ $balance }</b>
admin-told-refund = ↩️ You were given back { $amount } for { $model }. Your balance: <b>{ $balance }</b>

# What moves credits is announced before, and ends in the same message. admin-open-*: in a group, without figures.
admin-first-top_up = ⏳ Topping up { $person } by <b>{ $amount }</b>…
admin-first-debit = ⏳ Taking <b>{ $amount }</b> from { $person }…
admin-first-refund = ⏳ Giving the credits for the job <code>{ $job }</code> back…
admin-first-open = ⏳ One moment…
admin-open-top_up = ✅ Topped up <b>{ $name }</b>. Do not send the command again. The amounts are for you alone, and I cannot write to you: open a chat with me, press Start and send /ledger.
admin-open-debit = ✅ Took the credits from <b>{ $name }</b>. Do not send the command again. The amounts are for you alone, and I cannot write to you: open a chat with me, press Start and send /ledger.
admin-open-before = That had been done before. Nothing was moved now.
admin-open-unmoved = Nothing was moved. I say why in private, but I cannot write to you: open a chat with me and press Start.
admin-open-unasked = Nothing was moved: I ask you in private first, but I cannot write to you. Open a chat with me, press Start, and send the command again.
admin-open-same = Nothing was moved: you did the same { $ago } ago. To do it once more, open a chat with me, press Start and send the command there.
admin-same-top_up = ⚠️ You topped up the same person by the same amount { $ago } ago. Once more?
admin-same-debit = ⚠️ You took the same amount from the same person { $ago } ago. Once more?
admin-toast-untold = I cannot write to you, so nothing was moved. Open a chat with me and press Start.

# /refund
admin-refund-form = <code>/refund abcdefgh23456 the video was black</code>: the id of the job, and a note if you like. /jobs all shows the ids.
admin-ask-refund = Give back <b>{ $amount }</b> for the job <code>{ $job }</code>?
admin-refund-job = { $model } for { $person }, { $time }
admin-refunded-before = The job <code>{ $job }</code> was refunded before. Nothing was moved now.
admin-refund-forgotten = The job <code>{ $job }</code> belongs to somebody who had everything about them erased: their balance was forfeited then, and nobody could use what you give back. Nothing was moved. If they are back, use /topup.
admin-not-charged = Nothing was charged for the job <code>{ $job }</code>: there is nothing to give back.
admin-toast-not-refundable = There is nothing to give back for this job.

# /users, /ledger
admin-users-title = <b>Users: { $count }</b>
admin-users-line = { $person } · <b>{ $balance }</b>
admin-users-hint = The statement of one: <code>/ledger id</code>
admin-ledger-form = <code>/ledger @ann</code> or <code>/ledger 123456789</code>, or reply to a person's message with <code>/ledger</code>.
admin-ledger-title =
    { $person }
    Available: <b>{ $available }</b>, held: { $held }
admin-ledger-none = Nothing has happened yet.
admin-ledger-line = <b>{ $amount }</b> { $kind } · { $time }
admin-ledger-job = job <code>{ $job }</code>
admin-ledger-actor = by { $actor } (account { $account })
admin-ledger-note = “{ $note }”
admin-kind-hold = held
admin-kind-capture = paid
admin-kind-release = not charged
admin-kind-refund = refund
admin-kind-top_up = top-up
admin-kind-debit = taken
admin-kind-welcome = welcome

# /jobs all, /job
admin-jobs-none = There are no jobs yet.
admin-jobs-title = <b>Jobs: { $count }</b>, newest first
admin-jobs-line = { $mark } <code>{ $job }</code> { $model } · { $user } ({ $id }) · { $state } · { $age } ago
admin-job-form = <code>/job abcdefgh23456</code>: the id of a job. /jobs all shows them.
admin-job-bad-id = “{ $given }” is no id of a job. The form:
admin-job-unknown = There is no job <code>{ $job }</code>.
admin-card-title = { $mark } <b>Job</b> <code>{ $job }</code> – { $state }
admin-card-erased = Somebody whose data were erased, account { $account }
admin-card-user = { $person }, account { $account }, language { $locale }
admin-card-model = <b>{ $model }</b> (<code>{ $slug }</code>, { $kind }) at <code>{ $provider }</code>
admin-card-options = Options: { $options }
admin-card-place = Place in the queue: { $position }
admin-card-owner = Owner { $owner }, epoch { $epoch }, attempt { $attempt }, tries { $tries }
admin-card-created = Ordered: { $time }
admin-card-submitted = Submitted: { $time }
admin-card-deadline = Deadline: { $time }
admin-card-delivering = Result: { $time }
admin-card-finished = Finished: { $time }
admin-card-took = Took: { $time }
admin-card-ref = Upstream reference: <code>{ $ref }</code>
admin-card-cost = Upstream cost: { $cost }
admin-card-asset = Result: <code>{ $url }</code>
admin-card-delivered = Delivered as: { $media }
admin-card-target = Chat <code>{ $chat }</code>, topic { $thread }, message { $message }
admin-card-notice = Last word due: { $due ->
    [True] yes
   *[other] no
  }; “Ready” sent: { $ready ->
    [True] yes
   *[other] no
  }
admin-card-cause = ⚠️ <code>{ $cause }</code>: { $sentence }
admin-card-detail = Upstream said: <code>{ $detail }</code>
admin-card-reconcile = 🔍 To reconcile with the upstream bill: { $reason }, { $time }
admin-card-money = Quote: <b>{ $quote }</b>, charged: <b>{ $charged }</b>
admin-card-refunded = Refunded.
admin-tap-refund = Refund…
admin-tap-stop = Cancel…
admin-tap-stop-sure = Cancel the job
admin-tap-refresh = ↻ Refresh
admin-ask-stop = Cancel the job <code>{ $job }</code> ({ $model }) for its user? The { $held } held are released at once. What upstream has been paid is not given back.
admin-toast-stopped = Cancelled.
admin-toast-not-cancellable = It is being delivered or is finished: it cannot be cancelled.

# /status, /verify
admin-status-title = <b>Easel</b> { $version } · running for { $uptime } · database: { $database }
admin-status-providers = <b>Providers</b>
admin-status-no-key = 🔒 { $provider }: no key, not offered
admin-status-on-sale = ✅ { $provider }: { $models ->
    [one] { $models } model
   *[other] { $models } models
  } on sale
admin-status-paused = ⛔ { $provider }: not everything is on sale
admin-pause = { $reason ->
    [bad_key] 🔑 The key is refused (401)
    [out_of_funds] 💸 The balance is too low
    [circuit] 🔌 It failed several times in a row
    [not_permitted] 🚫 Not permitted to you (403)
    [unknown_model] ❓ The provider does not know it
   *[other] { $reason }
  }, since { $since }. Off sale: { $models }
admin-pause-ping = Back on sale as soon as the health check answers.
admin-pause-probing = One order was let through to see: job <code>{ $job }</code>
admin-pause-open = The next order is let through to see.
admin-pause-wait = In { $time } one order is let through to see.
admin-status-queue = Waiting: { $queued }, upstream: { $upstream } of { $most }, being delivered: { $delivering }
admin-status-live = Unfinished jobs: <b>{ $count }</b>
admin-status-updates = Updates waiting here, this one included: { $count }
admin-status-pending = Updates waiting at Telegram: { $count }
admin-status-reconcile = To reconcile with the upstream bill: { $count }
admin-status-reconcile-line = <code>{ $job }</code> · { $reason } · { $time }
admin-status-costly = 💔 Broken off within a day after you had paid: { $name } (<code>{ $id }</code>) – { $count }
admin-status-switches = <b>Settings that switch something off</b>
admin-switch-welcome = WELCOME_CREDITS is 0: new people get none.
admin-switch-contact = TOPUP_CONTACT is empty: people are not told how to get credits.
admin-switch-polling = WEBHOOK_URL is empty: updates come by long polling.
admin-switch-private-hosts = ⚠️ ALLOW_PRIVATE_RESULT_HOSTS is on: results may come from private addresses. Only right for the sandbox.
admin-switch-none = None.
admin-tap-probe = Let one order through: { $provider }
admin-toast-probe = The next order is let through.
admin-toast-no-probe = Nothing waits for that.
admin-verify-clean = ✅ The books add up.
admin-verify-title = ⚠️ <b>Problems: { $count }</b>
admin-verify-line = <b>{ $rule }</b> <code>{ $subject }</code>: { $detail }
