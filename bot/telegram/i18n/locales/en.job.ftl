# The one message of a job, from the queue to the result, and what the operator is told.

job-head = <b>{ $model }</b>
job-head-style = <b>{ $model }</b> · { $style }

job-queued = { $position ->
    [0] ⏳ In the queue…
    [1] ⏳ You are next in the queue.
   *[other] ⏳ In the queue: place { $position }.
  }
job-starting = ⏳ Starting…
job-running =
    { $bar } { $percent }%
    { $elapsed } · usually about { $typical }
job-running-late =
    { $bar } { $percent }%
    { $elapsed } · taking longer than the usual { $typical }
job-resumed = Picking up where we were…
job-restarting = 🔄 I am being restarted. What you asked for is kept and goes on by itself in a few minutes: there is no need to send it again.
job-awaited = ✨ It is made, but its file has not come through yet ({ $elapsed }). Asking for it again, for ten minutes at most.
job-delivering = ✨ It is made: sending it to you…

job-not-charged = You were not charged.
job-cancelled = Cancelled.
job-failed-generation_failed = The service could not make this one.
job-failed-refused = The service refused this prompt: its rules do not allow it.
job-failed-option_refused = The model does not take one of the options of this order.
job-option-refused = The model does not take the option “{ $option }”.
job-failed-unavailable = This model is temporarily unavailable.
job-failed-unknown_model = The service does not have this model at the moment.
job-failed-busy = The service has too much to do right now. Please try again in a minute.
job-failed-upstream_down = The service is not answering right now.
job-failed-connection_lost = The connection to the service was lost before the result came.
job-failed-interrupted = We had to restart while the service was still working, and its answer was lost.
job-failed-bad_result = The service said it was done but gave no usable file.
job-failed-no_words = The model ended without a word.
job-failed-timeout = The service took far too long.
job-failed-waited_too_long = It waited in the queue for too long.
job-failed-undeliverable = The result could not be delivered to this chat.
job-failed-not_shown = The result is ready, but Telegram does not take it: it is too large or of a kind that it does not know, and there is no link to it that I could give you.
job-failed-internal = Something went wrong on our side.

job-ready = { $kind ->
    [music] ✅ Ready! Your song is here.
    [video] ✅ Ready! Your video is here.
   *[other] ✅ Ready! Your result is here.
  }
job-too-large = The result is too large for Telegram ({ $limit } MB at most). <a href="{ $url }">Open or download it here</a>, the link may not last long.
job-as-link = Telegram did not accept the file. <a href="{ $url }">Open or download it here</a>, the link may not last long.

job-button-cancel = Cancel
job-button-receipt = Receipt
job-button-again = { $count ->
    [1] Again · { $price }
   *[other] Again ×{ $count } · { $price }
  }
job-button-style = Other style
job-button-model = Other model
job-button-retry = { $count ->
    [1] Try again · { $price }
   *[other] Try again ×{ $count } · { $price }
  }
job-button-words = ✏️ Change the words
job-button-options = ⚙️ Change the options
job-button-without = Try without “{ $option }” · { $price }
job-button-with = Try { $model } · { $price }

# To the operator.
alert-bad-key = 🔑 <b>{ $provider }</b> refuses the key (401, while making { $model }). Its models are off sale until its health check answers again.
alert-out-of-funds = 💸 <b>{ $provider }</b> says that its balance is too low (while making { $model }). What costs as much or more is off sale; a little later one order is let through to see. See /status.
alert-back-on-sale = ✅ <b>{ $provider }</b> works again: its models are back on sale.
alert-job-fault = ⚠️ A fault of ours in the job <code>{ $job }</code>: <code>{ $detail }</code>
alert-costly = 💔 <b>{ $name }</b> (<code>{ $id }</code>) broke off { $count } orders within a day after you had paid for them: cancelled while they were made, the bot blocked or sent away, or questions to which no word can be the answer. Nothing was charged. After several in an hour I take no new orders for a while. /ban closes the bot for them.
alert-ledger = 🧾 The ledger check found { $count } broken rules. Send /verify, and stop selling until they are understood.
