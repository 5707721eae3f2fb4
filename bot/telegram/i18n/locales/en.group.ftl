# Groups: what their admins allow, and the bot as a member.
group-refused-nobody = 🚫 The admins of this group have switched orders off here. Nothing was charged. You can order in our private chat.
group-refused-admins = 🚫 Only admins may order in this group. Nothing was charged. You can order in our private chat.
group-refused-kind = 🚫 The admins of this group do not allow this here: { $kind }. Nothing was charged. You can order it in our private chat.
group-refused-model = 🚫 The admins of this group do not allow { $model } here. Nothing was charged. Choose another model, or order in our private chat.
group-refused-cooldown = ⏳ This group pauses between orders. Nothing was charged. You can order here again in { $wait }.

# /group
command-group = Rules of this group
group-where = ⚙️ /group works in groups. Add me to one: its admins set who may order, what, how often, and my language.
group-admins-only = ⚙️ Only admins of this group can change my settings here. You can order as usual: /help
group-toast-admins = Only admins of this group can change this.
group-toast-saved = Saved
group-toast-moved = This group became a supergroup, so this message is out of date. Please go on in the messages below.
group-title = ⚙️ <b>Rules of this group</b>
group-line = { $name }: <b>{ $value }</b>
group-page-who = Who may order
group-page-pause = Pause between orders
group-page-language = Language
group-page-kinds = Kinds
group-page-models = Models
group-page-quiet = Quiet mode
group-who-everyone = everyone
group-who-admins = admins only
group-who-nobody = orders are off
group-pause-none = no pause
group-language-own = each person's own
group-quiet-on = on
group-quiet-off = off
group-all = all
group-without = all except { $names }
group-tap-quiet-on = 🔕 Turn quiet mode on
group-tap-quiet-off = 🔔 Turn quiet mode off
group-tap-close = Close
group-ask-who = <b>Who may order in this group?</b> Each member pays for their own orders.
group-ask-pause = <b>How long must a member wait after an order?</b> This includes admins.
group-ask-language = <b>Which language should I speak here?</b>
group-ask-kinds = <b>What may be ordered here?</b> Tap to allow or forbid.
group-ask-models = <b>Which models may be used here?</b> Tap to allow or forbid. New models are allowed.

# An order whose group was lost
group-job-lost = ⚠️ You ordered “{ $prompt }” in a group where I can no longer write. Nothing was charged. You can order it here: /{ $command }
group-job-cut = ⚠️ You ordered “{ $prompt }” in a group where I can no longer write. What is already there stays: you were charged { $price } for it. Receipt: /jobs
