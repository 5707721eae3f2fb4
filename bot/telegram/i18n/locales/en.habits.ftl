# What a person sets once for all orders: presets, usual models and flags, and the other settings.
language-name = English

settings-title = ⚙️ <b>Settings</b>
settings-saved = Saved.
settings-not-saved = Nothing was saved.
settings-now-language = Language: { $language }
settings-now-skip = Confirmation: { $skip }
settings-now-notify = “Ready” message: { $notify }
settings-now-improve-on = “Improve my prompt”: offered
settings-now-improve-off = “Improve my prompt”: not offered
settings-now-mine = Usual models and options: { $kinds }
settings-now-mine-none = Usual models and options: none yet
settings-now-presets = { $count ->
    [0] Presets: none yet
   *[other] Presets: { $count }
  }

settings-language = 🌐 Language
settings-language-which = 🌐 Which language should I write in?
settings-languages = 🌐 I speak { $languages }: /language
settings-language-auto = As in Telegram

settings-skip-open = ⚡ Confirmation
settings-skip = ⚡ Price without a question: orders up to it start at once. With “Up to 5 credits”, a picture for 3 starts as soon as you send the words. In groups I always ask.
settings-skip-never = Always ask
settings-skip-up-to = Up to { $price }

settings-notify = 🔔 “Ready” message
settings-notify-what = 🔔 A result appears in the order's own message, without a sound. After long orders I also write “Ready”. When?
settings-notify-off = Never
settings-notify-usual = Default: after { $time }
settings-notify-always = For every order
settings-notify-after = After { $time }

settings-improve-on = ✨ Offer better prompts
settings-improve-off = ✨ Stop offering better prompts

settings-mine = 🎛 Models and options
settings-mine-what = 🎛 What should your orders start with? Options you type come first, then a preset's, then these, then your last ones.
settings-usual = <b>{ $kind }</b>: { $model } · <code>{ $flags }</code>
settings-model-asked = I ask for the model
settings-model-gone = { $model } (not available now)
settings-no-model = Ask every time
settings-kind-what = Which model should I take without asking? Back in an order still shows all models.
settings-flags-set = ✏️ Set options
settings-flags-none = ✕ Remove options
settings-flags-unset = no options
settings-flags-how = { $kind }: send me the options these orders start with, for example:
    <code>{ $example }</code>
settings-flags-only = Please send only options, for example <code>--n 2</code>.

settings-presets = 🧩 Presets
preset-title = 🧩 <b>Your presets</b>. Type them like options, in any order.
preset-none = 🧩 You have no presets yet.
preset-line = <code>--{ $name }</code> = <code>{ $flags }</code>
preset-line-unfit = ⚠️ <code>--{ $name }</code> = <code>{ $flags }</code> (not available now)
preset-how = A preset keeps several options under one name. Save one:
    <code>/preset save mine = { $flags }</code>
    Use it: <code>/{ $command } --mine …</code>
    <code>/preset list</code> shows all, <code>/preset delete mine</code> deletes one.
preset-saved = 🧩 Saved: <code>--{ $name }</code> = <code>{ $flags }</code>
preset-before = Before: <code>{ $flags }</code>
preset-tap-delete = Delete { $name }
preset-tap-sure = Yes, delete it
preset-tap-keep = No, keep it
preset-delete-sure = Delete the preset <code>--{ $name }</code> = <code>{ $flags }</code>?
preset-deleted = Deleted: <code>--{ $name }</code>.
preset-unknown = You have no preset “{ $name }”.
preset-bad-name = “{ $name }” cannot be a preset's name. Use letters, digits, - and _, start with a letter, at most { $limit } characters.
preset-name-taken = <code>--{ $name }</code> is already an option. Please choose another name.
preset-no-flags = A preset contains only options, such as <code>--n 2</code>.
preset-inside = <code>--{ $name }</code> is a preset. It cannot be part of another preset or of your usual options. Write its options instead: <code>{ $flags }</code>
preset-too-long = These options have { $length } characters. I can keep at most { $limit }.
preset-too-many = { $limit ->
    [one] You have { $limit } preset, the maximum.
   *[other] You have { $limit } presets, the maximum.
  } Delete one first: <code>/preset list</code>. Nothing was saved.
preset-unfit = Your preset <code>{ $presets }</code> does not fit here. { $why }
    Leave it out, or save it again with <code>/preset save</code>. To delete it: <code>/preset delete { $name }</code>. Nothing was charged.
preset-unknown-flags = Its options are no longer available.

command-settings = Language, usual models, confirmation
command-preset = Your presets of options
