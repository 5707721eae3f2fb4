# The menu, a person's own affairs and lists.
menu-hello = Hello, { $name }! { $does }
menu-welcome-credits = 🎁 You have { $credits } to start with.
menu-main = Just type what you want, or choose:
menu-more = ➕ More
menu-more-what = What else I make:
menu-group = Hello! Write here, for example, <code>/video a serene lake</code>. /help shows everything.
menu-private-only = Ask me that in our private chat: there only you see the answer.
menu-how = Describe it in words and send it to me. A command works at any time:
    <code>/{ $command } { $example }</code>
menu-home = ‹ Menu
menu-balance = 💳 Balance
menu-jobs = 🗂 My orders
menu-settings = ⚙️ Settings
menu-help = ❓ Help
menu-available = Your balance: <b>{ $available }</b>
menu-held = In orders under way: { $held }

credits-contact = To get credits: { $contact }
credits-contact-link = To get credits: <a href="{ $url }">{ $url }</a>
credits-asked = Your request was sent. I tell you when credits arrive.
credits-asked-before = Your request was already sent. You can repeat it after a day.
credits-nobody = I cannot take requests right now. Please try later.
credits-not-reached = I could not pass your request on. Please try again later.
credits-request = 🙏 <b>{ $name }</b> ({ $username }, <code>{ $id }</code>) asks for credits. Balance: { $balance }.

jobs-none = You have no orders yet. Send me a description to make one.
jobs-title = <b>Your orders</b> ({ $count })
jobs-answers-none = You have no answers yet. Ask me a question to get one.
jobs-answers-title = <b>Answers to your questions</b> ({ $count })
jobs-tap-answers = 💬 Show answers
jobs-tap-orders = 🗂 Show orders
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
jobs-held = Price: { $price }, charged when the result arrives
jobs-charged = Charged: { $charged }
jobs-refunded = Charged and refunded: { $charged }
jobs-nothing-to-cancel = There is nothing to cancel.
jobs-cancel-one = Cancel this order? You will not be charged for it.
jobs-cancel-which = Which order should I cancel? You will not be charged for it.
jobs-cancel-which-answer = Which order should I cancel? You will not be charged for it. An answer is charged up to where it stops.
jobs-cancel-answer = <b>{ $title }</b> is writing an answer. Stop it? What is written so far stays and is charged.
jobs-cancel-running = <b>{ $title }</b> is already under way. Cancel it anyway? You will not be charged.
jobs-cancelled = Cancelled: <b>{ $title }</b>. You were not charged.
jobs-not-cancelled = Not cancelled: <b>{ $title }</b>.
jobs-toast-asked = Cancel it? Answer the question below.
jobs-toast-kept = Not cancelled.
jobs-toast-cancelled = Cancelled. You were not charged.
jobs-toast-too-late = Too late: it is finished or being sent to you.
jobs-toast-too-many-cancels = { $limit ->
    [0] Orders that are already being made cannot be cancelled.
    [one] You can cancel one order an hour that is already being made. Please wait for this one.
   *[other] You can cancel { $limit } orders an hour that are already being made. Please wait for this one.
  }
order-toast-not-sold = This is no longer available.
tap-cancel-sure = Yes, cancel it
tap-keep = Keep it

receipt-quoted = Quoted: { $quoted }
receipt-time = Took { $time }
receipt-balance = Balance: { $balance }

command-video = Make a video
command-music = Make music
command-image = Make a picture
command-audio = Make a sound
command-3d = Make a 3D object
command-edit = Change a picture with words
command-upscale = Enlarge a picture
command-cutout = Remove a picture's background
command-ask = Ask a question
command-balance = Your credits
command-jobs = Your orders
command-cancel = Cancel an order
command-help = What I can do
command-topup = Give credits to a user
command-debit = Take credits from a user
command-ledger = Show a user's statement
command-users = Show all users
command-job = Show everything about an order
command-refund = Refund an order
command-verify = Check the accounts
command-status = What needs you, and the rest
