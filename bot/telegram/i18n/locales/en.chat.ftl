# Conversations with a chat model.
chat-goes-on = Just write on. A new topic or a picture: use a button.
chat-new-topic = 🧹 New topic
chat-picture = 🖼 Make a picture of this
chat-described-make = 🖼 Make this picture
chat-toast-new-topic = A new topic: I remember nothing of the last one.
chat-waits = 👀 I will answer this next.
chat-ask-offer = { $model } answers for up to { $price }, from your credits.
chat-ask-this = Ask · up to { $price }
chat-thinking = 💭 Thinking…
chat-stop = ⏹ Stop
chat-retry = ↻ Try again
chat-without = Try without “{ $option }”
chat-with = Try { $model } · up to { $price }
chat-stopped = ⏹ Stopped.
chat-cut = ✂️ The answer was cut: it reached the maximum length.
chat-cut-by-rules = ✂️ The service ended the answer here: its rules do not allow the rest.
chat-see-below = 👇 Please see below.
chat-stopped-before = Stopped before the answer began.
chat-failed-generation_failed = The service failed to answer this.
chat-failed-refused = The service refused this question: its rules do not allow it.
chat-failed-interrupted = I had to restart in the middle of the answer, and the rest of it was lost.
chat-failed-connection_lost = The connection to the service broke off in the middle of the answer.
chat-failed-bad_result = The service's answer could not be used.
chat-failed-no_words = The model gave no words: it spent the whole answer on thinking, or met a stop word first.
chat-failed-undeliverable = The answer could not be delivered to this chat.
chat-cut-short = ⚠️ The rest of this answer could not be shown. What arrived was charged: { $price }. You can ask again: /ask
chat-failed-not_shown = The answer could not be shown in this chat.

chat-how = What would you like to know? Just write it, for example: <i>{ $example }</i>
chat-how-group = What would you like to know? Write it as a reply to this message, for example: <i>{ $example }</i>
chat-begun = 💬 New conversation with <b>{ $model }</b>: up to { $price } an answer, charged by use. Just write on (in groups: reply). /new starts over.
chat-forgotten = 🧹 Conversation forgotten. Your credits, orders and results are still here.
chat-nothing-to-forget = There is nothing to forget: our conversation is empty. Ask me something with /ask.
chat-nothing-to-retry = There is no question to answer again. Ask me something with /ask.
chat-still-answering = I am still answering your last question here. Wait for the answer or stop it, then ask again. Nothing was charged.
chat-too-long = Your question is too long for this model. Please shorten it and ask again. Nothing was charged.
chat-too-many-jobs = You already have { $limit ->
    [one] { $limit } order
   *[other] { $limit } orders
  } under way, which is the limit. Wait until one is ready or cancel one with /jobs, then ask again. Nothing was charged.
chat-queue-full = There is a long queue right now. Please ask again in a few minutes. Nothing was charged.
chat-not-on-sale = Chat is unavailable right now. Please try again later. Nothing was charged.
chat-wish-unclear = I see that you want me to make something, but not what. Please describe it with a command: { $commands }
chat-toast-stopped = Stopped. You keep what was written.
chat-toast-ended = Too late: the answer is finished.

# Settings
chat-settings = 💬 Chat
chat-settings-title = 💬 <b>{ $model }</b> answers your questions: up to { $price } an answer.
chat-settings-mode-on = Chat mode is <b>on</b>: all that you write here is a question. Orders begin with a command.
chat-settings-mode-off = Chat mode is <b>off</b>: { $minutes ->
    [0] questions begin with /ask.
    [one] within { $minutes } minute of an answer just write your next question.
   *[other] within { $minutes } minutes of an answer just write your next question.
  }
chat-settings-temperature = Temperature: the higher, the freer the answers.
chat-mode-on = Turn chat mode on
chat-mode-off = Turn chat mode off
chat-temperature-auto = default
chat-spent = The chat has cost you { $spent } so far.

# Better prompts
chat-improve = ✨ Improve my prompt · { $price }
chat-improve-free = ✨ Improve my prompt · free
chat-original = ↺ Use my original
chat-improving = One moment: I am looking for better words…
chat-improved = ✨ This is the improved prompt.
chat-improved-same = ✨ Your prompt is fine as it is.
chat-improve-failed = ⚠️ The prompt could not be improved. Your order is as it was.
chat-improve-limit = { $limit ->
    [one] Only { $limit } prompt can be improved in an hour. Please confirm as it is, or try again later.
   *[other] Only { $limit } prompts can be improved in an hour. Please confirm as it is, or try again later.
  }
chat-improve-credits = Not enough credits to improve it. Nothing was charged.
chat-improve-busy = Too many requests right now. Please try again in a minute. Nothing was charged.
chat-improve-unavailable = Prompts cannot be improved at the moment. Nothing was charged.

command-new = Chat: forget our conversation
command-retry = Chat: answer the last question again

# Voice messages
voice-listening = 🎙 Listening…
voice-heard = 🎙 “{ $words }”
    <i>Misheard? Just write it.</i>
voice-off = 🎙 I cannot take voice messages right now. Please type your words.
voice-failed = 🎙 I could not make out this voice message. Please type your words or send it again.
voice-silent = 🎙 I heard no words in this message. Please speak up or type them.
voice-broken = 🎙 I cannot play this recording: it is damaged or in an unknown format. Please send a voice message or type your words. Nothing was charged.
voice-too-long = 🎙 This message is too long: I listen to { $longest } at most. Please shorten it or type your words. Nothing was charged.
voice-too-many = 🎙 You have sent very many voice messages within the last hour. Please type for now. Nothing was charged.

# Pictures
chat-picture-question = What is in this picture?
chat-blind = { $model } cannot see pictures. Ask in words alone. Nothing was charged.
chat-blind-but = { $model } cannot see pictures, { $other } can: send it again with /{ $command }. Nothing was charged.

# Text files
chat-document-offer =
    📄 <i>{ $question }</i>
    { $model } reads the file and answers. The price is up to { $price }, by use.
chat-document-question = What is this text about? Sum it up.
chat-document-cut = 📄 The file is long: I read the first { $percent } % of it.
chat-document-too-large = 📄 This file is too large: I read text files of up to 1 MB. Nothing was charged.
chat-document-no-text = 📄 I found no text in this file. Please send plain text. Nothing was charged.
chat-documents-too-many = 📄 You have sent very many files within the last hour. Please go on a little later. Nothing was charged.
chat-pdf-too-large = 📄 This PDF is over 20 MB. Please send a smaller one. Nothing was charged.
chat-pdf-damaged = 📄 I cannot open this PDF: it is damaged. Please send it again or another one. Nothing was charged.
chat-pdf-locked = 📄 This PDF is protected, so I cannot read it. Please send an unprotected copy. Nothing was charged.
chat-pdf-wordless = 📄 There is no text in this PDF: its pages are pictures, such as scans. Please send one with text. Nothing was charged.
chat-pdf-heavy = 📄 This PDF is too complex, I could not read it in time. Please send a shorter one. Nothing was charged.
