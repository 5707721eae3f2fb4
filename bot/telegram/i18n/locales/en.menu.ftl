# The menu, a person's own affairs and lists.
menu-hello = Hello, { $name }! { $does }
menu-welcome-credits = 🎁 You have { $credits } to begin with.
menu-main = Just type what you want, or choose:
menu-more = ➕ More
menu-more-what = What else I make:
menu-group = Hello! Write for example <code>/video a serene lake</code> here. /help shows everything.
menu-private-only = Please ask me that in a private chat: it is nobody else's business.
menu-how = Describe it in words and send it to me. Or at any time as a command:
    <code>/{ $command } { $example }</code>
menu-home = ‹ Menu
menu-balance = 💳 Balance
menu-jobs = 🗂 My orders
menu-settings = ⚙️ Settings
menu-help = ❓ Help
menu-available = Your balance: <b>{ $available }</b>
menu-held = Held for orders under way: { $held }

credits-contact = To get credits: { $contact }
credits-contact-link = To get credits: <a href="{ $url }">{ $url }</a>
credits-asked = Your request was sent. You will hear from me when credits arrive.
credits-asked-before = Your request is already on its way. You can ask again a day after it.
credits-nobody = There is nobody to ask at the moment.
credits-not-reached = I could not reach anybody. Please try again later.
credits-request = 🙏 <b>{ $name }</b> ({ $username }, <code>{ $id }</code>) asks for credits. Balance: { $balance }.

jobs-none = You have no orders yet. Send me a description to make one.
jobs-title = <b>Your orders</b> ({ $count })
jobs-line = { $mark } <b>{ $title }</b> – { $prompt } <i>({ $state })</i>
jobs-line-wordless = { $mark } <b>{ $title }</b> <i>({ $state })</i>
jobs-state-queued = in the queue
jobs-state-submitting = starting
jobs-state-running = being made
jobs-state-delivering = being sent to you
jobs-state-done = done
jobs-state-failed = failed
jobs-state-cancelled = cancelled
jobs-card-title = { $mark } <b>{ $title }</b>
jobs-card-state = State: { $state }
jobs-card-when = Ordered: { $when }
jobs-held = Held: { $price }
jobs-charged = Charged: { $charged }
jobs-refunded = Charged and refunded: { $charged }
jobs-nothing-to-cancel = There is nothing to cancel.
jobs-cancel-one = Cancel this order? You will not be charged for it.
jobs-cancel-which = Which order shall I cancel? You will not be charged for it.
jobs-cancel-which-answer = Which order shall I cancel? You will not be charged for it; of an answer you pay for what was said.
jobs-cancel-answer = An answer of <b>{ $title }</b> is being written. Stop it? What was said stays, and is paid.
jobs-cancel-running = <b>{ $title }</b> is already being made. Cancel it anyway? You will not be charged.
jobs-cancelled = Cancelled: <b>{ $title }</b>. You were not charged.
jobs-not-cancelled = Not cancelled: <b>{ $title }</b>.
jobs-toast-asked = Cancel it? Please answer the question below.
jobs-toast-kept = It goes on.
jobs-toast-cancelled = Cancelled. You were not charged.
jobs-toast-too-late = Too late: it is finished or on its way to you.
jobs-toast-too-many-cancels = { $limit ->
    [0] Orders that are already being made cannot be cancelled.
    [one] Only one order that is already being made can be cancelled in an hour. Please let this one finish.
   *[other] Only { $limit } orders that are already being made can be cancelled in an hour. Please let this one finish.
  }
order-toast-not-sold = This is not on offer any more.
tap-cancel-sure = Yes, cancel it
tap-keep = No, go on

receipt-quoted = Quoted: { $quoted }
receipt-time = Took { $time }
receipt-balance = Balance: { $balance }

command-video = Make a video
command-music = Make music
command-image = Image: a picture from your text
command-audio = Sound from your text
command-3d = A 3D object
command-edit = Change a picture with words
command-upscale = Make a picture larger
command-cutout = Remove the background of a picture
command-ask = Ask a question
command-balance = Your credits
command-jobs = Your orders
command-cancel = Cancel an order
command-help = What I can do
command-topup = Give credits to a user
command-debit = Take credits from a user
command-ledger = A user's statement
command-users = All users
command-job = Everything about one order
command-refund = Refund an order
command-verify = Check the books
command-status = Providers, queue, settings
