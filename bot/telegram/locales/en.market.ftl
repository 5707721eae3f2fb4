# What is on sale and why not: alerts to the operator, /models and /providers, and what users hear of it.
alert-not-permitted = 🚫 <b>{ $provider }</b> does not permit { $model } to you (403): <code>{ $detail }</code>. It is off sale; a little later one order is let through to see. See /providers.
alert-unknown-model = ❓ <b>{ $provider }</b> does not know { $model } (any more): <code>{ $detail }</code>. It is off sale until /models sync finds it again, or you put it back there.
alert-dear = 📈 <b>{ $provider }</b> took { $cost } { $unit } for { $model }, { $difference } { $unit } more than the { $quoted } that were quoted (job <code>{ $job }</code>). The user pays the quote. See /models sync.
alert-circuit = 🔌 <b>{ $provider }</b> failed { $count } times in a row. Nothing is sent there for { $time }, then one order is let through to see. Orders that wait go on waiting. See /providers.
alert-low-balance = 🪫 The balance at <b>{ $provider }</b> is low: { $balance } { $unit }.

job-held = ⏳ The service does not work at this moment. Your order waits and is tried again { $minutes ->
    [0] shortly
    [one] in { $minutes } minute
   *[other] in { $minutes } minutes
  }. Nothing is charged until the result is here.
