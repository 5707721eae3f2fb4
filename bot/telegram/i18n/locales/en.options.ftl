# Options, pictures and prices of an order; what is on sale.
option-set = { $option }: { $value }
option-line = ⚙️ { $options }
option-on = on
option-off = off
option-random = random
option-words = “{ $words }”
option-default = default
option-is-switch = on or off
option-is-text = up to { $maximum } characters
option-is-integer = whole numbers from { $low } to { $high }
option-is-number = numbers from { $low } to { $high }
option-out-of-range = { $option }: “{ $value }” is not possible. Possible: { $range }.
option-clash = <code>--{ $first }</code> and <code>--{ $second }</code> set the same thing of { $model }: please give only one of them. <code>--{ $first }</code>: { $firsts }; <code>--{ $second }</code>: { $seconds }.
option-models-with = Models with it: { $models }.
option-model-has = { $model } has: <code>{ $flags }</code>.
option-elsewhere = <code>--{ $flag }</code> is not possible here. Models with it: { $models }.
option-who-has = <code>{ $flag }</code>: { $models }
option-list = Choose what to change:
option-open = { $option }: <b>{ $value }</b>
option-type-it = ✏️ { $option }: send it to me as a message ({ $range }), in groups as a reply to this one.
option-typed-wrong = ⚠️ { $option }: “{ $value }” is not possible. Possible: { $range }.
option-taken-back = { $option } was reset: it sets the same thing.
tap-options = ⚙️ Options
tap-default = ↺ Reset: { $value }
tap-as-before = ↻ As before: { $value }
tap-type-it = ✏️ Type it

order-pictures = 🖼 { $count ->
    [one] { $count } picture
   *[other] { $count } pictures
  }
pictures-words-unused = No model on sale now changes a picture by words, sorry.
order-ask-kind-pictures = { $count ->
    [one] What should I do with the picture?
   *[other] What should I do with the pictures?
  }
order-words-first = ✏️ Tell me what to make: just write it, in a group as a reply to this message. For example: <i>{ $example }</i>
order-words-anew = ✏️ Write it in other words (in groups: reply to this message). At most { $limit } characters.
order-words-wanted = ✏️ Write what to do with it (in groups: reply to this message). For example: <i>{ $example }</i>. At most { $limit } characters.
order-words-unused = ℹ️ { $model } works without words: your text is not used.
order-words-too-long = ⚠️ Your text has { $length } characters, but { $model } takes at most { $limit }. Please send a shorter one.
order-inputs-gone = The picture is no longer kept here. Please send it again. Nothing was charged.

pictures-needed = This works on a picture. Send one with <code>/{ $command }</code> as its caption, or reply to a picture with <code>/{ $command }</code>.
pictures-needed-own = { $models } { $count ->
    [1] changes
   *[other] change
  } only pictures made by { $makers }. Tap “Edit” under such a picture.
pictures-not-used = { $what } works from words only and needs no picture.
pictures-own-only = { $models } { $count ->
    [1] changes
   *[other] change
  } only pictures that were made here by { $makers }.
pictures-count = This takes { $minimum ->
    [one] { $minimum } picture
   *[other] { $minimum } pictures
  } at least and { $maximum } at most, you sent { $count }.
pictures-count-exact = This takes { $wanted ->
    [one] one picture
   *[other] { $wanted } pictures
  }, you sent { $count }.
pictures-gone = The picture is no longer kept here. Please send it again.
pictures-instead = With this picture you can use { $commands }, or send the words without it.
pictures-nothing = Right now nothing works with this picture. Please send the words without it.

# Commands with nothing on sale
sold-not-kind = <code>/{ $command }</code> ({ $what }) is unavailable right now.
sold-not-model = { $model } is unavailable right now.
sold-instead = Instead you can use: { $commands }
sold-nothing = Nothing else can be ordered right now, sorry. Please try again later.

# /models and /price
models-title = <b>{ $kind }</b>
models-line =
    { $line }
    /{ $command } · { $price } · { $time }
models-also = or /{ $command } ({ $service }) · { $price }
models-flags = Options: <i>{ $flags }</i>
models-how = Options: <code>/price { $model }</code>
models-by-usage = up to { $price }
price-how = Name a model, with options if you like: <code>/price { $example }</code>. /models lists them all.
price-title = <b>{ $model }</b>
price-now = Price: <b>{ $price }</b> · about { $time }
price-row = { $option }: { $values }
price-usage = By use: { $input } for 1,000 tokens of questions, { $output } for 1,000 tokens of answers. A token is about ¾ of an English word.
price-unknown = { $model } is temporarily unavailable: its service does not tell today's price. Please choose another model or try again later.
price-off = { $model } is temporarily unavailable. When it is back it costs { $price }.
price-order = To order it: <code>/{ $command } { $flags }</code>
price-words = “{ $words }” was left out: a price needs no description.

# Small orders without a question
order-price-held = Price: { $price }

command-models = What is on sale, with prices
command-price = The price of a model with options

menu-how-ask = What would you like to know? Just write it, for example: <i>{ $example }</i>
order-asked = 💬 Asked:
