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

# /providers
providers-title = <b>Providers</b>
providers-none = No provider is set up here.
providers-form =
    <code>/providers</code> shows how they do; <code>/providers off naive</code> and <code>/providers on naive</code> switch one off and on at once; <code>/providers probe naive</code> tries one now that is paused.
    There are: { $known }
providers-closed = ✅ <b>{ $provider }</b> · circuit closed · { $models ->
    [one] { $models } model
   *[other] { $models } models
  }
providers-open = 🔌 <b>{ $provider }</b> · circuit open: nothing is sent there
providers-half-open = 🔌 <b>{ $provider }</b> · circuit half open: one order is let through to see
providers-off = ⏸ <b>{ $provider }</b>: switched off by you
providers-unknown-model = Back on sale by <code>/models on { $slug }</code>, or when /models sync finds it.
providers-success = Succeeded lately: { $percent } % ({ $done } of { $count })
providers-median = Takes: { $time } (median)
providers-ping = Health check: { $ms } ms
providers-no-ping = ⚠️ Health check: <code>{ $why }</code>
providers-balance = Balance there: { $balance } { $unit }
providers-tap-off = Off: { $provider }
providers-tap-on = On: { $provider }
providers-tap-probe = Try now: { $provider }
providers-tap-sure = Switch it off
providers-sure = Switch <b>{ $provider }</b> off? Its models leave every menu at once, and orders that wait for it fail without a charge. Running ones go on.
providers-now-off = ⏸ { $provider } is off.
providers-now-on = ▶️ { $provider } is on.
providers-already-off = { $provider } was off already.
providers-already-on = { $provider } was on already.
providers-probed = The next order for { $provider } is let through.
providers-not-probed = { $provider }: nothing waits for a try, or it still refuses.
command-providers = Providers: state, switches, balance
