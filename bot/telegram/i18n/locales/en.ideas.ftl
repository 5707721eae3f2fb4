# Ready-made ideas: the album, and what fills one.
menu-ideas = 💡 Ideas
command-ideas = Ready-made ideas
ideas-title = 💡 <b>{ $title }</b>
ideas-wants-words = ✏️ You write: { $blank }
ideas-wants-photo = 📷 You send: a photo
ideas-wants-photo-words = 📷 You send: a photo, and { $blank }
ideas-price = { $model } · { $price }
ideas-tap-use = ✅ Use this idea
ideas-ask-words = { $ask }
    Just write, for example: <i>{ $example }</i>
ideas-ask-photo = Send me the photo.
ideas-ask-photo-words = Send me the photo. { $ask } Write it in the caption, for example: <i>{ $example }</i>
ideas-too-long = ⚠️ That is { $length } characters. This idea takes up to { $limit }. Please write it shorter.
ideas-not-sold = “{ $title }” is unavailable right now. Choose another idea: /ideas
ideas-none = No ideas are available right now. Just write what you would like.
ideas-private = I show ideas in our private chat. Open it, and they are there.
ideas-toast-gone = This idea is no longer available.

# /template, for operators.
command-template = Examples of ready-made ideas
template-form = Reply to a result of yours with <code>/template name</code>: it becomes the example of that idea. <code>/template name off</code> removes it.
template-list = { $kind }: { $slugs }
template-marks = ★ has an example, ☆ had one that is gone.
template-unknown = There is no idea called “{ $given }”.
template-nearest = Did you mean: { $slugs }?
template-no-reply = “{ $title }”: reply to the result that is to be its example.
template-no-result = That message is not a result of yours. Reply to the message with the picture, video or song itself.
template-other-kind = “{ $title }” makes something else ({ $kind }). Choose a result of that kind.
template-gone = That result was deleted, or Telegram does not keep it. Choose another one.
template-set = ✅ This is now the example of “{ $title }”. <code>/template { $slug } off</code> removes it.
template-removed = “{ $title }” has no example any more and shows its title card.
template-had-none = “{ $title }” has no example.
