# Ordering: the draft's message from the first question to the confirmation, and every refusal.
order-credits = { $amount } { $n ->
    [one] credit
   *[other] credits
  }
order-credits-limit = { $amount } { $n ->
    [one] credit
   *[other] credits
  }
order-kind-video = 🎬 Video
order-kind-music = 🎵 Music
order-kind-image = 🖼 Image
order-kind-audio = 🔊 Sound
order-kind-3d = 🧊 3D
order-kind-edit = ✏️ Edit a picture
order-kind-upscale = 🔍 Upscale
order-kind-cutout = ✂️ Remove background
order-kind-animate = 🎬 Animate
order-kind-ask = 💬 Ask
order-kind-ask-picture = 💬 Ask about it
order-prompt = <blockquote>{ $prompt }</blockquote>
order-ask-kind = What should I make?
order-nothing-on-sale = Nothing can be ordered at the moment, sorry. Please try again later.
order-ask-model = Which model?
order-ask-model-wanted = Several models can do this. Which one?
order-kind-paused = These models are temporarily unavailable, sorry. Please try again later.
order-model = <b>{ $model }</b> — { $description }
order-model-unavailable = <b>{ $model }</b> · temporarily unavailable
order-all-style = All styles…
order-all-option = { $option }: all…
order-ask-option = <b>{ $model }</b> · { $price }. Choose: { $option }
order-choose-style = <b>{ $model }</b> · { $price }. Choose a style:
order-none-style = No style
order-none-option = None of these
order-confirm-title = <b>{ $title }</b>
order-price = Price: <b>{ $price }</b>
order-balance-after = Balance after: { $balance }
order-balance-short = You have { $balance }, you need { $missing } more
order-unpayable = ⚠️ Not enough credits for this. Nothing was charged.
order-waits = ⏳ I keep your latest such order for 24 hours. Once you have enough credits, I send it again.
order-waits-group = ⏳ I keep your latest such order for 24 hours. Once you have enough credits, I send it to you in private.
order-back = 💳 You have more credits now. This order was waiting for them:
order-back-price = 💳 You have more credits now. This order was waiting for them. Its price has changed, it was { $before }:
order-back-off-sale = 💳 You have more credits now. This order was waiting for them. Its model is not on sale right now.
order-time = Usually takes about { $time }.
order-sounds-like-question = It sounds like a question: I can answer it.
order-unavailable = { $model } is temporarily unavailable. Choose another model, or try again later. Nothing was charged.

tap-back = ‹ Back
tap-back-to-order = ‹ Back to the order
tap-cancel = Cancel
tap-confirm = Confirm · { $price }
tap-check-again = 🔄 Check again
tap-other-model = 🔀 Other model
tap-ask-credits = 💳 Ask for credits

# After Confirm
order-cancelled = Cancelled. Nothing was charged.
order-requoted = ⚠️ The price you saw is no longer valid. This is the current one. Nothing was charged.
order-requoted-same = ⚠️ This quote is over 10 minutes old. The price is still the same: please confirm again. Nothing was charged.
order-changed = ⚠️ The order has changed since. Please check it and confirm again. Nothing was charged.
order-missing = Not enough credits: it costs { $price }, you have { $balance }. Missing: <b>{ $missing }</b>. Nothing was charged.
order-missing-group = Not enough credits. Write to me in private to see your balance. Nothing was charged.
order-too-many-jobs = You already have { $limit ->
    [one] { $limit } order
   *[other] { $limit } orders
  } under way, which is the limit. Wait until one is ready or cancel one with /jobs, then go back and confirm again. Nothing was charged.
order-queue-full = There is a long queue right now. Go back and confirm again in a few minutes. Nothing was charged.
order-not-on-sale = { $model } is temporarily unavailable. Please choose another model or try again later. Nothing was charged.

# Toasts: plain text
order-toast-stale = This button is no longer valid.
order-toast-still-short = Still not enough credits.
order-toast-expired = This order has expired. Nothing was charged. Please send it again.
order-toast-not-yours = This order belongs to somebody else. Send me your own!
order-toast-placed = Already on its way.
order-toast-placed-now = Ordered!
order-toast-cancelled = Cancelled.
order-toast-too-long = { $model } takes at most { $limit } characters, yours has { $length }.

# What a command was told wrong
order-no-prompt = Tell me what to make. For example: <code>/{ $command } { $example }</code>
order-example-video = a serene lake at sunrise
order-example-music = a calm piano melody with rain
order-example-image = a fox in the snow, oil painting
order-example-audio = rain on a tin roof
order-example-3d = a wooden toy car
order-example-edit = make it night
order-example-upscale = reply to a picture
order-example-cutout = reply to a picture
order-example-ask = why is the sky blue?
order-blank-prompt = I see no text in it. Describe what to make, for example: <code>/{ $command } { $example }</code>
order-too-long = Your text has { $length } characters, but { $model } takes at most { $limit }. Please shorten it and send it again.
order-too-long-all = Your text has { $length } characters, but the models take at most { $limit }. Please shorten it and send it again.
order-unknown-flag = I do not know <code>--{ $flag }</code>. Possible here: { $known }.
order-unknown-flag-none = I do not know <code>--{ $flag }</code>: { $model } has no options. Please send it without.
order-flag-no-value = <code>--{ $flag }</code> needs a value, for example: <code>{ $example }</code>
order-flag-twice = <code>--{ $flag }</code> is there twice. Please give it once.
order-unknown-model = There is no model “{ $value }”. { $nearest }
order-model-not-kind = { $model } does not make that. Use <code>/{ $command }</code> for it.
order-unknown-value = { $option }: there is no “{ $value }”. { $nearest }
order-ambiguous = “{ $value }” could be: { $candidates }. Please write a bit more of it.
order-no-option = { $model } has no “{ $option }”: please send it without <code>--{ $flag }</code> or choose another model.
order-no-option-any = { $option }: no model here has “{ $value }”. { $nearest }
order-nearest = Did you mean: { $names }?
order-possible = Possible: { $names }

# What cannot be used
order-text-only = I work with words and pictures only. Please send a description or a photo.
order-edited = I do not follow edits. Please send it as a new message.
order-forwarded-command = I do not carry out forwarded commands. Please send it yourself.
unknown-command = I do not know this command. /help shows what I can do.
order-no-model-has-all = No model has all of that together: { $values }.
