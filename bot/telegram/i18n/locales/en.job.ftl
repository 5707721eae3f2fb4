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
job-resumed = I go on from where I was…
job-restarting = 🔄 I am restarting. Your order is kept and goes on by itself in a few minutes: do not send it again.
job-awaited = ✨ Done, but the file has not arrived yet ({ $elapsed }). I keep asking for it for up to ten minutes.
job-delivering = ✨ Done! Sending it to you…

job-not-charged = You were not charged.
job-cancelled = Cancelled.
job-failed-generation_failed = The service failed to make this.
job-failed-refused = The service refused this prompt: its rules do not allow it.
job-failed-option_refused = The model does not accept one of the options of this order.
job-option-refused = The model does not accept the option “{ $option }”.
job-failed-unavailable = This model is temporarily unavailable.
job-failed-unknown_model = The service does not have this model right now.
job-failed-busy = The service has too many requests right now. Please try again in a minute.
job-failed-upstream_down = The service is not answering right now.
job-failed-connection_lost = The connection to the service broke before the result arrived.
job-failed-interrupted = I had to restart while the service was working, and its answer was lost.
job-failed-bad_result = The service reported success but sent no usable file.
job-failed-no_words = The model answered with no words.
job-failed-timeout = The service took far too long.
job-failed-waited_too_long = The order waited in the queue for too long.
job-failed-undeliverable = I could not deliver the result to this chat.
job-failed-not_shown = The file is too large or in a format Telegram does not know. The service gave no download link.
job-failed-internal = Something broke on my side.

job-ready = { $kind ->
    [music] ✅ Ready! Your song is here.
    [video] ✅ Ready! Your video is here.
   *[other] ✅ Ready! Your result is here.
  }
job-too-large = The result is too large for Telegram ({ $limit } MB at most). <a href="{ $url }">Open or download it here</a>: the link may expire soon.
job-as-link = Telegram did not accept the file. <a href="{ $url }">Open or download it here</a>: the link may expire soon.

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
alert-bad-key = 🔑 <b>{ $provider }</b> refuses the key (401, model { $model }). Its models are off sale until its health check succeeds again.
alert-out-of-funds = 💸 <b>{ $provider }</b> says the balance is too low (model { $model }). All that costs as much or more is off sale. A little later one test order will be sent. See /status.
alert-back-on-sale = ✅ <b>{ $provider }</b> works again: its models are back on sale.
alert-job-fault = ⚠️ An error of mine in the order <code>{ $job }</code>: <code>{ $detail }</code>
alert-costly = 💔 <b>{ $name }</b> (<code>{ $id }</code>) ended { $count } orders within a day after you had paid the service. They cancelled them, blocked or removed the bot, or asked what gets no words in return. Nothing was charged. After several in an hour I take no new orders for a while. To ban them: /ban
alert-ledger = 🧾 The accounts break { $count } rules. Send /verify, and stop selling until you know why.
