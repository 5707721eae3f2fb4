# What the bot does, said first in the menu, in /help and in its profile.
does-make = I make { $things } from your words.
does-make-answer = I make { $things } from your words, and I answer questions.
does-answer = I answer questions.
does-edit = I change your pictures, too.
does-and = { $things } and { $last }
does-thing-image = pictures
does-thing-video = videos
does-thing-music = music
does-thing-audio = sounds
does-thing-3d = 3D models
profile-how = Just write what you want: you see the price of an order before you confirm it. I work in groups, too.

# /help: one screen, and one for each part.
help-title = <b>Help</b>
help-does = { $does }
help-begin = Just type what you want:
help-begin-group = In a group, begin with a command:
help-example = <code>{ $example }</code>
help-money = You see the price before you order. If it fails, you are not charged.
help-who-sees = Only you see the menu, all see the result. You pay for what you order.
help-more = More about:
help-heading = <b>{ $title }</b>
help-command = /{ $command } — { $what }
help-tap-orders = Orders
help-tap-pictures = Your own pictures
help-tap-chat = Talk
help-tap-groups = Groups and other chats
help-tap-prices = Prices and credits
help-tap-own = Your data
help-tap-admin = Admin
help-about-orders = Type what you want and send it. Or begin with a command:
help-about-orders-group = Begin with a command, then say what you want:
help-flags = Model and options fit in the command:
    <code>{ $example }</code>
    You can shorten names.
help-about-pictures = Send a picture with words, and I show what I can do with it. Or reply to a picture with a command:
help-about-chat = Ask me anything:
    <code>/ask { $example }</code>
    I remember what we talked about. An answer is charged by its length.
help-about-groups = Add me to a group and begin with a command:
    <code>/{ $command } { $example }</code>
    Only you see the menu of your order, all see the result. Each pays for their own orders.
help-about-prices = You see the price before each order. Credits are held when you confirm and charged when the result arrives. If an order fails or you cancel it, you are not charged.
help-about-own = What you can set, and what I store:
help-about-admin = These commands work for you alone:
help-admin-jobs = /jobs all — All orders
help-admin-models = /models all, /models sync — What is sold, and what is new
command-admin = All commands of an admin
