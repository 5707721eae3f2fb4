# What a person made: the history, results shown again, settings used once more.

command-history = Browse, search and export my results
command-show = Show a result or running order here
menu-history = 🗃 My results

# Buttons under results
history-button-music = 🎵 Set to music · { $price }
history-button-reuse = 📋 Reuse settings
history-button-favourite = ⭐ Favourite
history-button-unfavourite = ✖️ Remove from favourites
history-button-show = 📍 Show it here
history-toast-favourite = Added to your favourites: /history
history-toast-unfavourite = Removed from your favourites.
history-reuse = The same order as a command. Tap to copy, change what you like and send it:
history-reuse-pictures = The same order as a command. Tap to copy and send it as a reply to the picture:
history-reuse-flags = Command and description do not fit into one message. Send the description first, then this as a reply to it:

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
history-tap-unsearch = ✖ End search
history-tap-images = 🖼
history-tap-videos = 🎬
history-tap-music = 🎵
history-tap-favourites = ⭐
history-tap-open = 📂 Open
history-tap-send = 📤 Send
history-tap-source = ⤴️ Source
history-tap-back = ‹ My results
history-tap-export = ⬇️ Export
history-none = Nothing here yet. Send me a description: I keep what I make for you here.
history-nothing-found = Nothing found: <b>{ $words }</b>. Try another word: /history fox
history-no-preview = Telegram has no preview of it. “Send” fetches it if it still exists.
history-toast-empty = Nothing here yet.
history-toast-sending = I am sending it, free of charge.
history-toast-search-over = This search is over a day old. Please search again: /history and your words.

# /show
show-unknown = You have no such order. The ids are in /history and /jobs, for example: <code>/show abcdefgh23456</code>. Nothing was charged.
show-nothing = You have no orders yet. Send me a description to make one.
show-nothing-here = None of your latest orders was made in this chat. To show one from another chat, use its id from /history: <code>/show abcdefgh23456</code>
show-deleted = You deleted this result, so I cannot show it. Nothing was charged.
show-delivering = Your order is ready and on its way to the chat where you ordered it. If it does not arrive, ask again in a minute: <code>/show { $id }</code>
show-starting = It is just starting in the chat where you ordered it. Ask again in a moment: <code>/show { $id }</code>
show-not-here = Telegram does not let me send it here. Please ask in our private chat, free of charge.
show-too-large = { $of ->
    [one] This result is larger than the { $limit } MB that Telegram takes, and the service gave no download link.
   *[other] { $count ->
        [one] One of the results is larger than the { $limit } MB that Telegram takes, and the service gave no download link.
       *[other] { $count } of the results are larger than the { $limit } MB that Telegram takes, and the service gave no download links.
    }
  }
show-refused = { $of ->
    [one] Telegram does not take the file of this result, and the service gave no download link.
   *[other] { $count ->
        [one] Telegram does not take one of the files, and the service gave no download link.
       *[other] Telegram does not take { $count } of the files, and the service gave no download links.
    }
  }
show-later = The result is unavailable right now. Please ask again in a minute, free of charge: <code>/show { $id }</code>
show-some-lost = { $count ->
    [one] One of the results no longer exists, sorry.
   *[other] { $count } of the results no longer exist, sorry.
  }
show-lost-refunded = Neither Telegram nor the service has this result any more, sorry. Refunded: { $amount }.
show-lost-refunded-group = Neither Telegram nor the service has this result any more, sorry. Its price was refunded.
show-lost-before = Neither Telegram nor the service has this result any more, sorry. Its price was refunded earlier.
show-lost = Neither Telegram nor the service has this result any more, sorry.
show-moved-below = ⬇️ This order goes on further down in this chat.
show-moved-topic = ➡️ This order goes on in another topic of this chat.
show-moved-private = ➡️ This order goes on in the private chat with me.
show-moved-group = ➡️ This order goes on in “{ $title }”.
show-moved-elsewhere = ➡️ This order goes on in another chat.

# To the operator
alert-result-lost = 🕳 The result of <code>{ $job }</code> is lost: Telegram refuses its file, and there is no other copy. Its price was refunded.
