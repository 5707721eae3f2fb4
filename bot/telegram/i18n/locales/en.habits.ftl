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
settings-now-mine = Usual models and flags: { $kinds }
settings-now-mine-none = Usual models and flags: none yet
settings-now-presets = { $count ->
    [0] Presets: none yet
   *[other] Presets: { $count }
  }

settings-language = 🌐 Language
settings-language-which = 🌐 In which language shall I write?
settings-languages = 🌐 I speak { $languages }: /language
settings-language-auto = As in Telegram

settings-skip-open = ⚡ Confirmation
settings-skip = ⚡ Orders without a question: I start them at once up to the price that you choose here. In groups I always ask.
settings-skip-never = Always ask
settings-skip-up-to = Up to { $price }

settings-notify = 🔔 “Ready” message
settings-notify-what = 🔔 A result appears in the order's own message, without a sound. For orders that took long I also write “Ready”. When?
settings-notify-off = Never
settings-notify-usual = As usual: after { $time }
settings-notify-always = For every order
settings-notify-after = After { $time }

settings-improve-on = ✨ Offer better prompts
settings-improve-off = ✨ No better prompts

settings-mine = 🎛 Models and flags
settings-mine-what = 🎛 What shall your orders begin with? Flags that you type count first, then those of a preset, then these, then what you used last.
settings-usual = <b>{ $kind }</b>: { $model } · <code>{ $flags }</code>
settings-model-asked = ask for the model
settings-model-gone = { $model } (not on sale now)
settings-no-model = Ask every time
settings-kind-what = Which model shall I take without asking? Back in an order still leads to all models.
settings-flags-set = ✏️ Set flags
settings-flags-none = ✕ No flags
settings-flags-unset = no flags
settings-flags-how = { $kind }: send me the flags that these orders shall begin with, for example:
    <code>{ $example }</code>
settings-flags-only = Please send flags only, without other words, for example <code>--n 2</code>.

settings-presets = 🧩 Presets
preset-title = 🧩 <b>Your presets</b>. Type them in any order like flags.
preset-none = 🧩 You have no presets yet.
preset-line = <code>--{ $name }</code> = <code>{ $flags }</code>
preset-line-unfit = ⚠️ <code>--{ $name }</code> = <code>{ $flags }</code> (not on sale like this now)
preset-how = A preset is a few flags under a name of yours. Save one:
    <code>/preset save mine = { $flags }</code>
    then use it: <code>/{ $command } --mine …</code>
    <code>/preset list</code> shows all, <code>/preset delete mine</code> deletes one.
preset-saved = 🧩 Saved: <code>--{ $name }</code> = <code>{ $flags }</code>
preset-before = Before it was: <code>{ $flags }</code>
preset-tap-delete = Delete { $name }
preset-tap-sure = Yes, delete it
preset-tap-keep = No, keep it
preset-delete-sure = Delete the preset <code>--{ $name }</code> = <code>{ $flags }</code>?
preset-deleted = Deleted: <code>--{ $name }</code>.
preset-unknown = You have no preset “{ $name }”.
preset-bad-name = “{ $name }” cannot be a preset's name: letters, digits, - and _ only, a letter first, at most { $limit } characters.
preset-name-taken = <code>--{ $name }</code> is a flag already, so a preset cannot be called so. Please choose another name.
preset-no-flags = A preset has flags only, such as <code>--n 2</code>, and no other words.
preset-inside = <code>--{ $name }</code> is a preset, and presets do not go into one another or into usual flags. Write its flags instead: <code>{ $flags }</code>
preset-too-long = These flags have { $length } characters, at most { $limit } can be kept.
preset-too-many = { $limit ->
    [one] You have { $limit } preset, which is the most.
   *[other] You have { $limit } presets, which is the most.
  } Delete one first: <code>/preset list</code>. Nothing was saved.
preset-unfit = Your preset <code>{ $presets }</code> does not fit here. { $why }
    Leave it out here, save it anew with <code>/preset save</code>, or delete it: <code>/preset delete { $name }</code>. Nothing was charged.
preset-unknown-flags = Its flags are not on sale any more.

command-settings = Language, usual models, confirmation
command-preset = Your own presets of flags
