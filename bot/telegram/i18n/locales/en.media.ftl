# Pictures in and results out: albums, what can be done with a result, originals, deletion, photos of people.

media-fewer = ⚠️ { $came } of { $ordered } arrived: you are charged for { $came } only.
media-link = { $number }: Telegram did not accept this file. <a href="{ $url }">Open or download it here</a>: the link may expire soon.
media-link-large = { $number }: too large for Telegram. <a href="{ $url }">Open or download it here</a>: the link may expire soon.
media-numbers = { $makes ->
    [picture] Tap a number to edit, enlarge or save that picture.
   *[other] Tap a number to save that one as a file.
  }

# Buttons under results
media-sign-upscale = 🔍 { $price }
media-sign-cutout = ✂️ { $price }
media-sign-vary = 🎲 { $price }
media-button-more = More…
media-button-back-to-all = ‹ All (this is { $number })
media-button-edit = ✏️ Edit · { $price }
media-button-upscale = 🔍 Upscale · { $price }
media-button-cutout = ✂️ Remove background · { $price }
media-button-video = 🎬 Animate · { $price }
media-button-vary = 🎲 Variation · { $price }
media-button-seed = 🌱 Seed { $seed }
media-button-describe = 📝 Describe · up to { $price }
media-button-file = 📎 Original file
media-button-delete = 🗑 Delete

# Toasts and answers: plain where they answer a press
media-toast-deleted = This result was deleted.
media-toast-describe = 📝 I am looking at the picture. The prompt comes in a moment.
media-toast-file = The original file is on its way, free of charge.
media-result-gone = This picture is no longer stored, so I cannot work on it. Nothing was charged. You can send me the picture itself and go on with it.
media-file-gone = The original file is no longer stored, sorry. Only what you see above is left.
media-file-too-large = The original file is over { $limit } MB, the most Telegram accepts. The service gave no download link. What you see above is all I can show.
media-photo-gone = The picture of that order is no longer stored. Please send it again. Nothing was charged.
media-photo-too-large = This file is over 20 MB, and Telegram does not give me larger ones. Send a smaller file, or send it as a photo. Nothing was charged.
media-result-too-large = This result is over 20 MB, and services accept no larger pictures. Nothing was charged.
media-photo-none = I can't work with this file. Please send a photo, or a JPEG, PNG, WebP or HEIC file. Nothing was charged.
media-file-unused = { $what } works from words only and cannot use this file. Please send the words without it. Nothing was charged.
media-photo-broken = I cannot read this picture: the file is damaged or in a format I do not know. Send it again as a photo, or as a JPEG, PNG, WebP or HEIC file. Nothing was charged.
media-photo-animated = This is an animation; I work with still pictures only. Please send a photo, or a JPEG, PNG, WebP or HEIC file. Nothing was charged.
media-photo-too-many-pixels = This picture has too many pixels: 50 million at most. Please send it as a photo, then Telegram makes it smaller. Nothing was charged.
media-photos-too-many = You sent very many pictures in the last hour. Please go on a little later. Nothing was charged.
media-photo-not-had = Telegram did not give me this file. Please send it again. Nothing was charged.
media-which = There are several pictures here. Please reply to the one you mean, or press its number below them. Nothing was charged.

# Deletion
media-alert-delete = Delete this result for good? It disappears from the chat and from the service that made it. Its price is not refunded.
media-alert-delete-here = Delete this result for good? It disappears from the chat and from my storage. The service that made it cannot delete results. Its price is not refunded.
media-button-erase = 🗑 Yes, delete it
media-button-stay = No, keep it
media-alert-not-deleted = The service that keeps it did not answer, so nothing was deleted. Please try again later.
media-deleted-here = 🗑 This result was deleted. Telegram lets me remove new messages only: please delete this one yourself.
media-card-deleted = 🗑 The result was deleted.
media-seed = Seed: { $seed }

# Several pictures in one order
media-button-add = ➕ Add another picture
media-which-to-add = Which of your pictures should I add? The order has { $count } of at most { $maximum }.
media-toast-none-to-add = You have no other picture that this model can work on. Make one with it first.

# To the operator
media-admin-fact = { $name }: <code>{ $value }</code>
