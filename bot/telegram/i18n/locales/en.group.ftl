# Groups: what their admins allow, and the bot as a member.
group-refused-nobody = 🚫 The admins of this group have switched orders off here. Nothing was charged. In our private chat you can order as usual.
group-refused-admins = 🚫 In this group only its admins may order. Nothing was charged. In our private chat you can order as usual.
group-refused-kind = 🚫 The admins of this group do not allow this here: { $kind }. Nothing was charged. In our private chat you can order it.
group-refused-model = 🚫 The admins of this group do not allow { $model } here. Nothing was charged. Choose another model, or order it in our private chat.
group-refused-cooldown = ⏳ In this group everybody pauses between two orders. Nothing was charged. You can order here again in { $wait }.

# /group
command-group = What holds in this group
group-where = ⚙️ /group works in groups: add me to one, and its admins can set there who may order, what, how often, and in which language I speak.
group-admins-only = ⚙️ Only admins of this group can change how I work here. You can order as usual: /help
group-toast-admins = Only admins of this group can change this.
group-toast-saved = Saved
group-toast-moved = This group has become a supergroup, and this message stayed behind. What is open stands further down: please go on there.
group-title = ⚙️ <b>What holds in this group</b>
group-line = { $name }: <b>{ $value }</b>
group-page-who = Who may order
group-page-pause = Pause between orders
group-page-language = Language
group-page-kinds = Kinds
group-page-models = Models
group-page-quiet = Quiet mode
group-who-everyone = everyone
group-who-admins = admins only
group-who-nobody = nobody
group-pause-none = none
group-language-own = each person's own
group-quiet-on = on
group-quiet-off = off
group-all = all
group-without = all but { $names }
group-tap-quiet-on = 🔕 Quiet mode on
group-tap-quiet-off = 🔔 Quiet mode off
group-tap-close = Close
group-ask-who = <b>Who may order in this group?</b> The one who orders pays.
group-ask-pause = <b>How long does a member pause after an order?</b> It holds for everybody, admins too.
group-ask-language = <b>In which language shall I speak here?</b>
group-ask-kinds = <b>What may be ordered here?</b> A tap allows it or forbids it.
group-ask-models = <b>Which models may be used here?</b> A tap allows a model or forbids it. New ones are allowed.

# An order whose group was lost
group-job-lost = ⚠️ I cannot write any more in the group where you ordered “{ $prompt }”, so nothing came of it there. Nothing was charged. You can order it here: /{ $command }
group-job-cut = ⚠️ I cannot write any more in the group where you ordered “{ $prompt }”. What already stands there stays, and you were charged { $price } for it. Receipt: /jobs
