# What a person made: the history, results shown again, settings used once more.

command-history = What I made: leaf through, search, export
command-show = A result or a running order in this chat
menu-history = 🗃 My results

# Buttons under results
history-button-music = 🎵 Set to music · { $price }
history-button-reuse = 📋 Reuse settings
history-button-favourite = ⭐ Favourite
history-button-unfavourite = ✖️ Not a favourite
history-button-show = 📍 Show it here
history-toast-favourite = Now among your favourites: /history
history-toast-unfavourite = No longer among your favourites.
history-reuse = The same order as a command. Tap it to copy, change what you like and send it:
history-reuse-pictures = The same order as a command. Tap it to copy, and send it as a reply to the picture:
history-reuse-flags = Command and description together are longer than a message may be. Send the description first, then this as a reply to it:

# Where a result comes from
history-step = { $kind ->
    [edit] edited
    [upscale] upscaled
    [cutout] background removed
    [video] animated
    [solid] made 3D
    [music] set to music
   *[other] made
  }
history-ancestor = { $what } <code>{ $job }</code>
history-lineage = 🧬 { $steps }

# Pages
history-title = <b>{ $shelf }</b> · { $number } of { $count }
history-title-search = { $title } · 🔎 { $words }
history-when = { $when } · { $money }
history-id = <code>/show { $id }</code>
history-shelf-all = My results
history-shelf-images = Pictures
history-shelf-videos = Videos
history-shelf-music = Music and sounds
history-shelf-favourites = Favourites
history-tap-all = All
history-tap-unsearch = ✖ End the search
history-tap-images = 🖼
history-tap-videos = 🎬
history-tap-music = 🎵
history-tap-favourites = ⭐
history-tap-open = 📂 Open
history-tap-send = 📤 Send
history-tap-source = ⤴️ What it was made of
history-tap-back = ‹ My results
history-tap-export = ⬇️ Export
history-none = Nothing here yet. Send me a description to make something; what you make will be kept here.
history-nothing-found = Nothing of yours has all of these words: <b>{ $words }</b>. Try fewer words: /history fox
history-no-preview = Telegram has no preview of it. “Send” brings it, if anybody still keeps it.
history-toast-empty = This shelf is empty.
history-toast-sending = Here it comes, free of charge.
history-toast-search-over = This search is a day old and over. Please search again: /history and your words.

# /show
show-unknown = There is no such order of yours. The id of every order is in /history and /jobs; for example: <code>/show abcdefgh23456</code>. Nothing was charged.
show-nothing = You have no orders yet. Send me a description to make one.
show-nothing-here = None of your latest orders was made in this chat. One from elsewhere comes by its id, which is in /history: <code>/show abcdefgh23456</code>
show-deleted = You deleted this result, so there is nothing left to show. Nothing was charged.
show-delivering = This one is made and on its way to the chat where you ordered it. If it does not come there, ask again in a minute: <code>/show { $id }</code>
show-starting = This one is just starting in the chat where you ordered it. Ask again in a moment: <code>/show { $id }</code>
show-not-here = Telegram does not let me send it here. Please ask in our private chat; it costs nothing.
show-too-large = { $of ->
    [one] This result is larger than the { $limit } MB that Telegram takes, and there is no link to it that I could give you.
   *[other] { $count ->
        [one] One of the results is larger than the { $limit } MB that Telegram takes, and there is no link to it that I could give you.
       *[other] { $count } of the results are larger than the { $limit } MB that Telegram takes, and there are no links to them that I could give you.
    }
  }
show-refused = { $of ->
    [one] Telegram does not take the file of this result, and there is no link to it that I could give you.
   *[other] { $count ->
        [one] Telegram does not take the file of one of the results, and there is no link to it that I could give you.
       *[other] Telegram does not take the files of { $count } of the results, and there are no links to them that I could give you.
    }
  }
show-later = The result is not to be had at this moment. Please ask again in a minute, it costs nothing: <code>/show { $id }</code>
show-some-lost = { $count ->
    [one] One of the results is not kept by anybody any more, sorry.
   *[other] { $count } of the results are not kept by anybody any more, sorry.
  }
show-lost-refunded = Neither Telegram nor the service keeps this result any more, sorry. You have what it cost back: { $amount }.
show-lost-refunded-group = Neither Telegram nor the service keeps this result any more, sorry. What it cost was given back.
show-lost-before = Neither Telegram nor the service keeps this result any more, sorry. What it cost was given back before.
show-lost = Neither Telegram nor the service keeps this result any more, sorry.
show-moved-below = ⬇️ This order goes on further down in this chat.
show-moved-topic = ➡️ This order goes on in another topic of this chat.
show-moved-private = ➡️ This order goes on in the private chat with me.
show-moved-group = ➡️ This order goes on in “{ $title }”.
show-moved-elsewhere = ➡️ This order goes on in another chat.

# To the operator
alert-result-lost = 🕳 The result of <code>{ $job }</code> is lost: Telegram refuses its file and nobody else keeps it. What it cost was given back.
