# Сторона владельца. admin-told-* говорится пользователям.
admin-person = <b>{ $name }</b> (id <code>{ $id }</code>)
admin-person-username = <b>{ $name }</b> (@{ $username }, id <code>{ $id }</code>)
admin-write-me-first = На это я отвечаю в личном чате, но не могу вам написать. Откройте чат со мной, нажмите «Старт» и пришлите команду ещё раз.
admin-cancelled = Отменено. Баланс не изменился.
admin-note = Заметка: { $note }
admin-more = … и ещё { $count }

# /topup, /debit
admin-form =
    <code>/{ $command } @ann 50 за логотип</code>
    <code>/{ $command } 123456789 12,50</code>
    Или ответьте на сообщение человека: <code>/{ $command } 50</code>.
    Сумма — в кредитах: больше 0, не больше двух знаков после запятой. За ней может идти заметка.
admin-form-empty = Пишите так:
admin-form-nobody = «{ $given }» — не @username и не числовой id, и это не ответ на сообщение человека. Пишите так:
admin-form-no_amount = Не указана сумма. Пишите так:
admin-form-long_note = Заметка слишком длинная: не больше { $longest } символов. Пишите так:
admin-form-spaced = «{ $given }» — это одно число или два? Пишите сумму без пробелов, а заметку начинайте со слова. Пишите так:
admin-form-not_a_number = «{ $given }» — не сумма. Пишите так:
admin-form-not_positive = Сумма должна быть больше 0. Пишите так:
admin-form-too_precise = В «{ $given }» больше двух знаков после запятой. Тысячи пишите без разделителей. Пишите так:
admin-form-too_large = «{ $given }» — слишком много: за одну команду можно не больше { $maximum } (MAX_TOPUP). Пишите так:
admin-nobody-name = Я не знаю { $sought }. По @username я нахожу только тех, кто мне писал. Иначе укажите числовой id.
admin-nobody-id = Пользователь с id { $sought } мне ещё не писал. Сначала ему нужно нажать «Старт».
admin-nobody-replied = Автор этого сообщения (id { $sought }) мне ещё не писал. Сначала ему нужно нажать «Старт».
admin-ask-top_up = Пополнить баланс на <b>{ $amount }</b>? Кому: { $person }
admin-ask-debit = Списать с баланса <b>{ $amount }</b>? У кого: { $person }
admin-ask-balance = Баланс: { $before } → { $after }
admin-tap-confirm = Подтвердить
admin-tap-cancel = Отмена
admin-done-top_up = ✅ Баланс пополнен на <b>{ $amount }</b>: { $person }. Пополнил(а): { $by }.
admin-done-debit = ✅ С баланса списано <b>{ $amount }</b>: { $person }. Списал(а): { $by }.
admin-done-refund = ✅ Возвращено <b>{ $amount }</b> за заказ <code>{ $job }</code>: { $person }.
admin-balance-now = Теперь на балансе: { $balance }
admin-not-told = ⚠️ Сообщить об этом не удалось: пользователь заблокировал меня или не открывал чат со мной.
admin-not-enough = { $person }: доступно только { $available }. Кредиты не списаны.
admin-done-before = Это уже сделано раньше. Сейчас баланс не изменился.
admin-done-before-by = Уже сделано: { $amount }, { $by }, { $time }. Сейчас баланс не изменился.
admin-note-asked = по запросу на пополнение
admin-toast-decided = Это уже решено или устарело. Сейчас баланс не изменился.
admin-told-top_up = 💳 Вам начислено: { $amount }. Ваш баланс: <b>{ $balance }</b>
admin-told-debit = 💳 С вашего баланса списано: { $amount }. Ваш баланс: <b>{ $balance }</b>
admin-told-refund = ↩️ Возвращено: { $amount } за { $model }. Ваш баланс: <b>{ $balance }</b>

# О движении кредитов говорится до него, и итог стоит в том же сообщении. admin-open-*: в группе, без сумм.
admin-first-top_up = ⏳ Пополняю баланс на <b>{ $amount }</b>: { $person }…
admin-first-debit = ⏳ Списываю с баланса <b>{ $amount }</b>: { $person }…
admin-first-refund = ⏳ Возвращаю кредиты за заказ <code>{ $job }</code>…
admin-first-open = ⏳ Одну минуту…
admin-open-top_up = ✅ Баланс пополнен: <b>{ $name }</b>. Повторять команду не нужно. Суммы показываю только в личном чате, но написать вам не могу. Откройте чат со мной, нажмите «Старт» и пришлите /ledger.
admin-open-debit = ✅ Кредиты списаны, у кого: <b>{ $name }</b>. Повторять команду не нужно. Суммы показываю только в личном чате, но написать вам не могу. Откройте чат со мной, нажмите «Старт» и пришлите /ledger.
admin-open-before = Это уже сделано раньше. Сейчас баланс не изменился.
admin-open-unmoved = Баланс не изменился. Почему — объясню в личном чате, но написать вам не могу. Откройте чат со мной и нажмите «Старт».
admin-open-unasked = Баланс не изменился. Сначала я спрашиваю в личном чате, но написать вам не могу. Откройте чат со мной, нажмите «Старт» и пришлите команду ещё раз.
admin-open-same = Баланс не изменился: то же самое вы сделали { $ago } назад. Чтобы повторить, откройте чат со мной, нажмите «Старт» и пришлите команду там.
admin-same-top_up = ⚠️ Вы уже пополнили этот баланс на ту же сумму { $ago } назад. Повторить?
admin-same-debit = ⚠️ Вы уже списали с этого баланса ту же сумму { $ago } назад. Повторить?
admin-toast-untold = Написать вам не могу, поэтому баланс не изменился. Откройте чат со мной и нажмите «Старт».

# /refund
admin-refund-form = <code>/refund abcdefgh23456 видео было чёрным</code>: id заказа и, если хотите, заметка. Все id показывает /jobs all.
admin-ask-refund = Вернуть <b>{ $amount }</b> за заказ <code>{ $job }</code>?
admin-refund-job = { $model }, { $person }, { $time }
admin-refunded-before = За заказ <code>{ $job }</code> кредиты уже возвращены раньше. Сейчас баланс не изменился.
admin-refund-forgotten = Владелец заказа <code>{ $job }</code> удалил все свои данные. Баланс тогда сгорел, и возвращать кредиты некому. Кредиты не возвращены. Если человек вернулся, пополните баланс через /topup.
admin-not-charged = За заказ <code>{ $job }</code> кредиты не списаны: возвращать нечего.
admin-toast-not-refundable = За этот заказ возвращать нечего.

# /users, /ledger
admin-users-title = <b>Пользователи: { $count }</b>
admin-users-line = { $person } · <b>{ $balance }</b>
admin-users-hint = Выписка пользователя: <code>/ledger id</code>
admin-ledger-form = <code>/ledger @ann</code> или <code>/ledger 123456789</code>, или ответьте на сообщение человека: <code>/ledger</code>.
admin-ledger-title =
    { $person }
    Доступно: <b>{ $available }</b>, зарезервировано: { $held }
admin-ledger-none = Движений пока не было.
admin-ledger-line = <b>{ $amount }</b> { $kind } · { $time }
admin-ledger-job = заказ <code>{ $job }</code>
admin-ledger-actor = кто: { $actor } (счёт { $account })
admin-ledger-note = «{ $note }»
admin-kind-hold = зарезервировано
admin-kind-capture = списано
admin-kind-release = не списано
admin-kind-refund = возвращено
admin-kind-top_up = пополнение
admin-kind-debit = списал админ
admin-kind-welcome = приветственные кредиты

# /jobs all, /job
admin-jobs-none = Заказов пока нет.
admin-jobs-title = <b>Заказы: { $count }</b>, сначала новые
admin-jobs-line = { $mark } <code>{ $job }</code> { $model } · { $user } ({ $id }) · { $state } · { $age } назад
admin-job-form = <code>/job abcdefgh23456</code>: id заказа. Все показывает /jobs all.
admin-job-bad-id = «{ $given }» — не id заказа. Пишите так:
admin-job-unknown = Заказа <code>{ $job }</code> нет.
admin-card-title = { $mark } <b>Заказ</b> <code>{ $job }</code> — { $state }
admin-card-erased = Человек, чьи данные удалены, счёт { $account }
admin-card-user = { $person }, счёт { $account }, язык { $locale }
admin-card-model = <b>{ $model }</b> (<code>{ $slug }</code>, { $kind }), <code>{ $provider }</code>
admin-card-options = Параметры: { $options }
admin-card-place = Место в очереди: { $position }
admin-card-owner = Владелец { $owner }, эпоха { $epoch }, попытка { $attempt }, повторов { $tries }
admin-card-created = Заказан: { $time }
admin-card-submitted = Отправлен сервису: { $time }
admin-card-deadline = Крайний срок: { $time }
admin-card-delivering = Результат: { $time }
admin-card-finished = Закончен: { $time }
admin-card-took = Длительность: { $time }
admin-card-ref = Номер у сервиса: <code>{ $ref }</code>
admin-card-cost = Стоимость у сервиса: { $cost }
admin-card-asset = Результат: <code>{ $url }</code>
admin-card-delivered = Доставлено как: { $media }
admin-card-target = Чат <code>{ $chat }</code>, тема { $thread }, сообщение { $message }
admin-card-notice = Итоговое сообщение ещё не отправлено: { $due ->
    [True] да
   *[other] нет
  }; «Готово» отправлено: { $ready ->
    [True] да
   *[other] нет
  }
admin-card-cause = ⚠️ <code>{ $cause }</code>: { $sentence }
admin-card-detail = Ответ сервиса: <code>{ $detail }</code>
admin-card-reconcile = 🔍 Сверить со счётом сервиса: { $reason }, { $time }
admin-card-money = Цена: <b>{ $quote }</b>, списано: <b>{ $charged }</b>
admin-card-refunded = Кредиты возвращены.
admin-tap-refund = Вернуть кредиты…
admin-tap-stop = Отменить…
admin-tap-stop-sure = Отменить заказ
admin-tap-card-words = Описание
admin-tap-card-course = Ход
admin-tap-card-result = Результат
admin-tap-card-money = Кредиты
admin-tap-all-jobs = ‹ Все заказы
admin-card-nothing = Пока ничего нет.
admin-tap-refresh = ↻ Обновить
admin-ask-stop = Отменить заказ <code>{ $job }</code> ({ $model }) за пользователя? Зарезервированные { $held } сразу вернутся ему. Оплаченное у сервиса не вернётся.
admin-toast-stopped = Отменено.
admin-toast-not-cancellable = Заказ уже доставляется или закончен: отменить его нельзя.

# /status, /verify
admin-status-no-key = 🔒 { $provider }: нет ключа, не предлагается
admin-pause = { $reason ->
    [bad_key] 🔑 Сервис не принимает ключ (401)
    [out_of_funds] 💸 Баланс у сервиса слишком мал
    [circuit] 🔌 Несколько сбоев подряд
    [not_permitted] 🚫 Сервис вам этого не разрешает (403)
    [unknown_model] ❓ Сервис не знает этой модели
   *[other] { $reason }
  }, с { $since }. Не продаётся: { $models }
admin-pause-ping = Продажа возобновится, как только ответит проверка связи.
admin-pause-probing = Отправлен один пробный заказ: <code>{ $job }</code>
admin-pause-open = Следующий заказ отправлю как пробный.
admin-pause-wait = Через { $time } отправлю один пробный заказ.
admin-status-queue = В очереди: { $queued }, у сервиса: { $upstream } из { $most }, доставляются: { $delivering }
admin-status-updates = Необработанные обновления здесь, вместе с этим: { $count }
admin-status-pending = Обновления, которые ждут в Telegram: { $count }
admin-status-reconcile = Сверить со счетами сервисов: { $count }
admin-status-reconcile-line = <code>{ $job }</code> · { $reason } · { $time }
admin-status-costly = 💔 { $name } (<code>{ $id }</code>), за сутки прервано заказов после вашей оплаты сервису: { $count }
admin-status-switches = <b>Режимы и настройки</b>
admin-switch-welcome = WELCOME_CREDITS равно 0: новые пользователи не получают кредитов.
admin-switch-contact = TOPUP_CONTACT не указан: пользователи не узнают, как получить кредиты.
admin-switch-polling = WEBHOOK_URL не указан: обновления приходят через long polling.
admin-switch-private-hosts = ⚠️ ALLOW_PRIVATE_RESULT_HOSTS включено: результаты могут приходить с внутренних адресов. Это только для песочницы.
admin-switch-none = Всё включено.
admin-tap-probe = Отправить пробный заказ: { $provider }
admin-toast-probe = Следующий заказ отправлю как пробный.
admin-toast-no-probe = Сейчас проверять нечего.
admin-verify-clean = ✅ Счета сходятся.
admin-verify-title = ⚠️ <b>Проблемы: { $count }</b>
admin-verify-line = <b>{ $rule }</b> <code>{ $subject }</code>: { $detail }
