# What is on sale and why not: alerts to the operator, /models and /providers, and what users hear of it.
alert-not-permitted = 🚫 <b>{ $provider }</b> does not permit { $model } to you (403): <code>{ $detail }</code>. It is off sale; a little later one order is let through to see. See /providers.
alert-unlisted-model = ❓ <b>{ $provider }</b> does not know { $model }, and its list does not name it. It is off sale until the list does (it is read every ten minutes), or you put it back with /models.
alert-unknown-model = ❓ <b>{ $provider }</b> does not know { $model } (any more): <code>{ $detail }</code>. It is off sale until /models sync finds it again, or you put it back there.
alert-operator-fault = ⚠️ <b>{ $provider }</b> cannot make { $model } until you act there: <code>{ $detail }</code>
alert-dear = 📈 <b>{ $provider }</b> took { $cost } { $unit } for { $model }, { $difference } { $unit } more than the { $quoted } that were quoted (job <code>{ $job }</code>). The user pays the quote. See /models sync.
alert-warned = 💬 <b>{ $provider }</b> delivered { $model } and added: { $detail } (job <code>{ $job }</code>). The user was not told.
alert-circuit = 🔌 <b>{ $provider }</b> failed { $count } times in a row. Nothing is sent there for { $seconds } seconds, then one order is let through to see. Orders that wait go on waiting. See /providers.
alert-low-balance = 🪫 The balance at <b>{ $provider }</b> is low: { $balance } { $unit }.
alert-adopted = 🆕 New on sale, by ADOPT_MODELS. At the end of each line: credits.
    { $models }
    To take one off for good: /models off { $example }

job-held = ⏳ The service does not work at this moment. Your order waits and is tried again { $minutes ->
    [0] shortly
    [one] in { $minutes } minute
   *[other] in { $minutes } minutes
  }. Nothing is charged until the result is here.

# /providers
providers-title = <b>Providers</b>
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

# /models for admins
market-form =
    <code>/models all</code> lists everything with its switch; <code>/models sync</code> asks the providers what is new, gone or repriced.
    <code>/models off luma</code> and <code>/models on luma</code> switch a model at once.
    <code>/models title slug New title</code> and <code>/models price slug 12.5</code> change one that you put on sale; the price is in the provider's unit.
market-no-such = I know no model “{ $given }”.
market-now-off = ⏸ { $model } is off sale: it leaves every menu, and orders that wait for it fail without a charge. Running ones go on.
market-now-on = ▶️ { $model } is switched on.
market-already-off = { $model } was off already.
market-already-on = { $model } was on already.
market-still-off = It still cannot be ordered: { $why ->
    [no_key] its provider has no key here.
    [provider_off] its provider is switched off (/providers).
    [model_off] it is switched off.
    [not_allowed] its provider does not permit it to you.
    [unknown_model] its provider does not know it.
    [needs_more] its provider requires a field that the catalogue does not send.
    [bad_key] the key is refused.
    [no_funds] the balance with its provider is too low.
    [circuit_open] its provider failed several times in a row.
    [no_price] today's price could not be asked.
   *[other] { $why }
  }
market-bad-title = The title must have 1 to { $most } characters.
market-renamed = /{ $slug } is called “{ $title }” now.
market-bad-price = “{ $given }” is not a price. Write a number above 0 in the provider's unit, such as 12.5.
market-repriced = /{ $slug } costs { $units } { $unit } now, whatever the provider says.
market-of-the-file = { $slug } stands in the catalogue file: change it there (CATALOG_FILE), or switch it off here.
market-sure = Take <b>{ $model }</b> off sale? It leaves every menu at once, and orders that wait for it fail without a charge.
market-tap-keep = Keep it
market-tap-off = Off: { $model }
market-tap-on = On: { $model }
market-asking = 🔎 Asking the providers…
market-toast-gone = This list is too old. Send /models sync again.
market-toast-silent = The provider did not answer. Try again a little later.
market-silent = ⚠️ { $provider } did not answer ({ $why }).
market-sync-title = <b>Differences: { $count }</b>. A number opens one.
market-sync-none = ✅ The providers list nothing new, nothing gone, no other price.
market-line-new = { $sold ->
    [yes] ✅
   *[no] 🆕
  } { $number }. { $provider }: <b>{ $title }</b> · { $kind } · { $price }
market-line-gone = 👻 { $number }. { $provider }: <b>{ $title }</b> ({ $slug }) is not listed any more
market-line-repriced = 💱 { $number }. { $provider }: <b>{ $title }</b> ({ $slug }): { $before } → { $price }
market-hint-new = It is on sale as /{ $slug }.
market-hint-gone = Its provider does not list it. Orders for it may fail; you can switch it off here, and back on with <code>/models on { $slug }</code>.
market-hint-repriced = { $live ->
    [yes] Its price follows the provider by itself: users are quoted today's. The catalogue's holds only while today's cannot be asked.
   *[no] Its price is fixed. Change it with <code>/models price { $slug } …</code>, or in the catalogue file.
  }
market-plan-title = 🆕 <code>{ $id }</code> at <b>{ $provider }</b>
market-plan-names = Title: <b>{ $title }</b> · command: /{ $slug }
market-plan-kind = Makes: { $kind }
market-plan-price = Price: { $units } { $unit } = <b>{ $price }</b> { $live ->
    [yes] (follows the provider)
   *[no] (fixed)
  }
market-plan-tokens = A million tokens: { $input } in, { $output } out ({ $unit })
market-plan-options = Options: { $options }
market-plan-inputs = Works on pictures: { $least } to { $most }
market-plan-hint = Reply to this message to change it: <code>title: …</code>, <code>price: 12.5</code> (in the provider's unit), <code>slug: name</code>, <code>kind: image</code>, for a chat model <code>tokens: 25/200</code>.
market-lacks-kind = ❗️ It does not say what it makes: choose.
market-lacks-price = ❗️ Its price is unknown: reply with <code>price: …</code>.
market-lacks-tokens = ❗️ A chat model needs the price of a million tokens in and out: reply with <code>tokens: 25/200</code>.
market-lacks-fields = ⛔️ It cannot be sold: it requires fields that nobody would fill: <code>{ $fields }</code>
market-lacks-form = ⛔️ It cannot be sold: what it takes does not fit this kind.
market-lacks-slug = ❗️ The command is taken: reply with <code>slug: …</code>.
market-lacks-title = ❗️ Another model is called like that: reply with <code>title: …</code>.
market-toast-lacks-kind = Choose what it makes first.
market-toast-lacks-price = Its price is missing.
market-toast-lacks-tokens = The price of tokens is missing.
market-toast-lacks-fields = It requires fields that nobody would fill.
market-toast-lacks-form = What it takes does not fit this kind.
market-toast-lacks-slug = The command is taken.
market-toast-lacks-title = Another model is called like that.
market-toast-lacks-full = The shelf is full.
market-bad-line = I cannot use “{ $given }”.
market-put = ✅ <b>{ $title }</b> is on sale as /{ $slug }.
market-tap-kind = Another kind
market-tap-sell = Put on sale
market-kind-image = Images
market-kind-video = Video
market-kind-music = Music
market-kind-audio = Audio
market-kind-3d = 3D
market-kind-edit = Edits
market-kind-upscale = Upscaling
market-kind-cutout = Cutouts
market-kind-ask = Chat

# What users hear
order-price-approximate = (approximate: today's price could not be asked, so this one holds for you)
order-back-in = It is tried again in about { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
  }.

# /status, /models all
market-off-title = <b>Not on sale: { $count }</b>
market-off-line = ⛔ { $model } ({ $slug }): { $why ->
    [no_key] no key
    [provider_off] its provider is switched off
    [model_off] switched off
    [not_allowed] not permitted by its provider
    [unknown_model] unknown to its provider
    [needs_more] requires a field that is not sent
    [bad_key] the key is refused
    [no_funds] the balance is too low
    [circuit_open] its provider failed several times in a row
    [no_price] no price today
   *[other] { $why }
  }
market-all-title = <b>Models: { $count }</b>
market-sold-line = ✅ { $model } ({ $slug }): { $price }{ $approximate ->
    [yes] , approximate
   *[no] {""}
  }
