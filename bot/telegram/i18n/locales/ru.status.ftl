# /status и /providers: сначала то, что требует действий, с подсказкой, что делать; остальное на страницах.
status-well = ✅ <b>Всё в порядке.</b> Делать ничего не нужно.
status-needs = ⚠️ <b>Нужно ваше внимание: { $count }</b>
status-now = Заказов в работе: { $live }. Моделей в продаже: { $sold }.
status-head = Easel { $version } · работает { $uptime } · база данных: { $database }
status-tap-services = 🔌 Сервисы
status-tap-jobs = 🗂 Заказы
status-tap-money = 💳 Деньги
status-tap-safety = 🛡 Безопасность
status-tap-modes = ⚙️ Режимы
status-tap-off = ⛔ Не продаётся: { $count }
status-tap-verify = Проверить счета
status-need-books = 📒 Счета не проверены уже { $since }.
    → Отправьте /verify.
status-need-shop = 🛒 В продаже ничего нет.
    → Посмотрите, что с сервисами: кнопка ниже.
status-need-key = 🔑 <b>{ $provider }</b> не принимает ключ (401).
    → Проверьте <code>{ $setting }</code> и перезапустите меня. Я пробую и сам.
status-need-funds = 💸 <b>{ $provider }</b>: на балансе сервиса мало денег.
    → Пополните его и отправьте один пробный заказ.
status-need-not_permitted = 🚫 <b>{ $provider }</b> не разрешает { $models } (403).
    → Запросите доступ у сервиса или отправьте <code>/models off { $slug }</code>
status-need-unknown_model = ❓ <b>{ $provider }</b> не знает { $models }.
    → Отправьте /models sync или <code>/models off { $slug }</code>
status-need-circuit = 🔌 <b>{ $provider }</b>: несколько сбоев подряд.
    → Делать ничего не нужно: { $back }
status-back-now = следующий заказ будет пробным.
status-back-in = через { $wait } отправлю один пробный заказ.
status-need-hosts = 🧪 ALLOW_PRIVATE_RESULT_HOSTS включено.
    → Выключите его, если это не песочница.
status-need-words = 📝 BLOCKED_WORDS_FILE не читается: { $problem }
    → Исправьте файл. Пока действует прежний список.
status-need-staging = 📤 Telegram не даёт мне писать в STAGING_CHAT_ID: <i>{ $detail }</i>
    → Сделайте меня админом в этом чате.
status-need-feedback = 🎯 Нажато карточек, о выборе которых Telegram не сообщил: { $count }.
    → Поставьте /setinlinefeedback на 100% в BotFather.
status-need-updates = 📬 В Telegram меня ждут обновления: { $count }.
    → Посмотрите журнал: я не успеваю.
status-need-ends = 🔍 Заказы, на которые сервис не ответил, за три дня: { $count }.
    → Сверьте их со счётом сервиса: «Заказы».
status-need-costly = 💔 { $name } (<code>{ $id }</code>): прервано заказов, за которые вы уже заплатили: { $count }.
    → Если это нарочно: <code>/ban { $id }</code>
status-jobs-title = <b>Заказы</b>
status-jobs-live = Ждут: { $queued }, у сервисов: { $upstream }, доставляются: { $delivering }
status-jobs-hint = Все заказы: /jobs all
status-money-title = <b>Деньги</b>
status-money-available = У пользователей: { $amount }
status-money-held = Зарезервировано для заказов в работе: { $amount }
status-books-well = 📒 Счета сходятся.
status-money-services = На балансах у сервисов:
status-money-service = { $provider }: { $balance } { $unit }
providers-paused = ⛔ <b>{ $provider }</b>: { $reason ->
    [bad_key] ключ не принят
    [out_of_funds] на балансе мало денег
    [circuit] несколько сбоев подряд
    [not_permitted] не все модели разрешены
    [unknown_model] не все модели известны
   *[other] { $reason }
  }
