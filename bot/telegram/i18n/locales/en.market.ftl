# What is on sale and why not: alerts to the operator, /models and /providers, and what users hear of it.
alert-not-permitted = 🚫 <b>{ $provider }</b> does not permit { $model } to you (403): <code>{ $detail }</code>. It is off sale. In a while one test order will be sent. See /providers.
alert-unlisted-model = ❓ <b>{ $provider }</b> does not know { $model } and no longer lists it. It is off sale until the list names it again. You can also put it back with /models. The list is read every ten minutes.
alert-unknown-model = ❓ <b>{ $provider }</b> does not know { $model }: <code>{ $detail }</code>. It is off sale until /models sync finds it again. You can also put it back there.
alert-operator-fault = ⚠️ <b>{ $provider }</b> cannot make { $model } until you act there: <code>{ $detail }</code>
alert-dear = 📈 <b>{ $provider }</b> charged { $cost } { $unit } for { $model } (order <code>{ $job }</code>). That is { $difference } { $unit } more than the quote of { $quoted }. The user pays the quote. See /models sync.
alert-warned = 💬 <b>{ $provider }</b> delivered { $model } and added: { $detail } (order <code>{ $job }</code>). The user does not see this.
alert-circuit = 🔌 <b>{ $provider }</b> failed { $count } times in a row. I send nothing there for { $seconds } seconds, then one test order will be sent. Waiting orders keep waiting. See /providers.
alert-low-balance = 🪫 The balance at <b>{ $provider }</b> is low: { $balance } { $unit }.
alert-adopted = 🆕 New on sale, by ADOPT_MODELS. At the end of each line: credits.
    { $models }
    To take one off for good: /models off { $example }

job-held = ⏳ The service is down right now. Your order waits; I try again { $minutes ->
    [0] shortly
    [one] in { $minutes } minute
   *[other] in { $minutes } minutes
  }. Nothing is charged before the result arrives.

# /providers
providers-title = <b>Services</b>
providers-form =
    <code>/providers</code> shows their state.
    <code>/providers off naive</code> and <code>/providers on naive</code> switch one off and on at once.
    <code>/providers probe naive</code> tries a paused one now.
    Services: { $known }
providers-closed = ✅ <b>{ $provider }</b> · works · { $models ->
    [one] { $models } model
   *[other] { $models } models
  }
providers-open = 🔌 <b>{ $provider }</b> · off for now after failures
providers-half-open = 🔌 <b>{ $provider }</b> · the next order is a test
providers-off = ⏸ <b>{ $provider }</b>: switched off by you
providers-unknown-model = To put it back on sale: <code>/models on { $slug }</code>. /models sync does it too when the list names it.
providers-success = Recent success: { $percent } % ({ $done } of { $count })
providers-median = Median time: { $time }
providers-ping = Health check: { $ms } ms
providers-no-ping = ⚠️ Health check: <code>{ $why }</code>
providers-balance = Balance: { $balance } { $unit }
providers-tap-off = Switch off { $provider }
providers-tap-on = Switch on { $provider }
providers-tap-probe = Try { $provider } now
providers-tap-sure = Switch it off
providers-sure = Switch <b>{ $provider }</b> off? Its models leave every menu at once. Waiting orders fail and are not charged. Running ones go on.
providers-now-off = ⏸ { $provider } is off.
providers-now-on = ▶️ { $provider } is on.
providers-already-off = { $provider } is off already.
providers-already-on = { $provider } is on already.
providers-probed = The next order for { $provider } is sent as a test.
providers-not-probed = { $provider }: there is nothing to test, or it still refuses.
command-providers = Services and their switches

# /models for admins
market-form =
    <code>/models all</code> lists all models with switches.
    <code>/models sync</code> asks the services what is new, gone or repriced.
    <code>/models off luma</code> and <code>/models on luma</code> switch a model at once.
    <code>/models title slug New title</code> and <code>/models price slug 12.5</code> change a model you put on sale. The price is in the service's unit.
market-no-such = I do not know the model “{ $given }”.
market-now-off = ⏸ { $model } is off sale and leaves every menu. Waiting orders fail and are not charged. Running ones go on.
market-now-on = ▶️ { $model } is switched on.
market-already-off = { $model } is off already.
market-already-on = { $model } is on already.
market-still-off = It still cannot be ordered: { $why ->
    [no_key] its service has no key here.
    [provider_off] its service is switched off (/providers).
    [model_off] it is switched off.
    [not_allowed] its service does not permit it to you.
    [unknown_model] its service does not know it.
    [needs_more] its service requires a field that the catalogue does not send.
    [bad_key] its service refuses the key.
    [no_funds] the balance with its service is too low.
    [circuit_open] its service failed several times in a row.
    [no_price] today's price is unknown.
   *[other] { $why }
  }
market-bad-title = The title must have 1 to { $most } characters.
market-renamed = /{ $slug } is called “{ $title }” now.
market-bad-price = “{ $given }” is not a price. Write a number above 0 in the service's unit, such as 12.5.
market-repriced = /{ $slug } costs { $units } { $unit } now. The service's price no longer counts.
market-of-the-file = { $slug } is in the catalogue file. Change it there (CATALOG_FILE), or switch it off here.
market-sure = Take <b>{ $model }</b> off sale? It leaves every menu at once. Waiting orders fail and are not charged.
market-tap-keep = Keep it
market-tap-off = Switch off { $model }
market-tap-on = Switch on { $model }
market-asking = 🔎 Asking the services…
market-toast-gone = This list is too old. Send /models sync again.
market-toast-silent = The service did not answer. Try again a little later.
market-silent = ⚠️ { $provider } did not answer ({ $why }).
market-sync-title = <b>Differences: { $count }</b>. Tap a number to open one.
market-sync-none = ✅ Nothing new, nothing gone, prices unchanged.
market-line-new = { $sold ->
    [yes] ✅
   *[no] 🆕
  } { $number }. { $provider }: <b>{ $title }</b> · { $kind } · { $price }
market-line-gone = 👻 { $number }. { $provider }: <b>{ $title }</b> ({ $slug }) is no longer listed
market-line-repriced = 💱 { $number }. { $provider }: <b>{ $title }</b> ({ $slug }): { $before } → { $price }
market-hint-new = It is on sale as /{ $slug }.
market-hint-gone = Its service no longer lists it, so orders may fail. You can switch it off here, and on again with <code>/models on { $slug }</code>.
market-hint-repriced = { $live ->
    [yes] The price follows the service by itself: users see today's. The catalogue's price is used only when today's is unknown.
   *[no] The price is fixed. Change it with <code>/models price { $slug } …</code> or in the catalogue file.
  }
market-plan-title = 🆕 <code>{ $id }</code> at <b>{ $provider }</b>
market-plan-names = Title: <b>{ $title }</b> · command: /{ $slug }
market-plan-kind = Makes: { $kind }
market-plan-price = Price: { $units } { $unit } = <b>{ $price }</b> { $live ->
    [yes] (follows the service)
   *[no] (fixed)
  }
market-plan-tokens = A million tokens: { $input } in, { $output } out ({ $unit })
market-plan-options = Options: { $options }
market-plan-inputs = Works on pictures: { $least } to { $most }
market-plan-hint = To change it, reply to this message: <code>title: …</code>, <code>price: 12.5</code> (in the service's unit), <code>slug: name</code>, <code>kind: image</code>, for a chat model <code>tokens: 25/200</code>.
market-lacks-kind = ❗️ The service does not say what it makes. Please choose.
market-lacks-price = ❗️ Its price is unknown: reply with <code>price: …</code>.
market-lacks-tokens = ❗️ A chat model needs the price of a million tokens in and out. Reply with <code>tokens: 25/200</code>.
market-lacks-fields = ⛔️ It cannot be sold: it requires fields that I cannot fill: <code>{ $fields }</code>
market-lacks-form = ⛔️ It cannot be sold: its inputs do not fit this kind.
market-lacks-slug = ❗️ The command is taken: reply with <code>slug: …</code>.
market-lacks-title = ❗️ Another model has this title: reply with <code>title: …</code>.
market-toast-lacks-kind = First choose what it makes.
market-toast-lacks-price = The price is missing.
market-toast-lacks-tokens = The price of tokens is missing.
market-toast-lacks-fields = It requires fields that I cannot fill.
market-toast-lacks-form = Its inputs do not fit this kind.
market-toast-lacks-slug = The command is taken.
market-toast-lacks-title = Another model has this title.
market-toast-lacks-full = No more models can be put on sale.
market-bad-line = I cannot use “{ $given }”.
market-put = ✅ <b>{ $title }</b> is on sale as /{ $slug }.
market-tap-kind = Choose another kind
market-tap-sell = Put on sale
market-kind-image = Images
market-kind-video = Video
market-kind-music = Music
market-kind-audio = Audio
market-kind-3d = 3D
market-kind-edit = Edits
market-kind-upscale = Upscaling
market-kind-cutout = Background removal
market-kind-ask = Chat

# What users hear
order-price-approximate = (approximate: today's price is unknown, so you pay this one)
order-back-in = I try again in about { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
  }.

# /status, /models all
market-off-title = <b>Not on sale: { $count }</b>
market-off-line = ⛔ { $model } ({ $slug }): { $why ->
    [no_key] no key
    [provider_off] its service is switched off
    [model_off] switched off
    [not_allowed] not permitted by its service
    [unknown_model] unknown to its service
    [needs_more] requires a field that is not sent
    [bad_key] the key is refused
    [no_funds] the balance is too low
    [circuit_open] its service failed several times in a row
    [no_price] no price today
   *[other] { $why }
  }
market-all-title = <b>Models: { $count }</b>
market-sold-line = ✅ { $model } ({ $slug }): { $price }{ $approximate ->
    [yes] , approximate
   *[no] {""}
  }
