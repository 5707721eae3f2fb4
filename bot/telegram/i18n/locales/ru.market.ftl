# What is on sale and why not: alerts to the operator, /models and /providers, and what users hear of it.
alert-not-permitted = 🚫 <b>{ $provider }</b> не разрешает вам { $model } (403): <code>{ $detail }</code>. Модель снята с продажи. Чуть позже отправлю один пробный заказ. Подробнее: /providers.
alert-unlisted-model = ❓ <b>{ $provider }</b> не знает { $model }, и в его списке её нет. Модель снята с продажи, пока не появится в списке. Вернуть её можно и через /models. Список я читаю каждые десять минут.
alert-unknown-model = ❓ <b>{ $provider }</b> не знает { $model }: <code>{ $detail }</code>. Модель снята с продажи, пока её не найдёт /models sync. Вернуть её можно и там.
alert-operator-fault = ⚠️ <b>{ $provider }</b> не может сделать { $model }, пока вы не вмешаетесь: <code>{ $detail }</code>
alert-dear = 📈 <b>{ $provider }</b> взял за { $model } { $cost } { $unit } (заказ <code>{ $job }</code>). Это на { $difference } { $unit } больше, чем { $quoted } по цене заказа. Пользователь платит по цене заказа. Подробнее: /models sync.
alert-warned = 💬 <b>{ $provider }</b> прислал результат { $model } и добавил: { $detail } (заказ <code>{ $job }</code>). Пользователь этого не видит.
alert-circuit = 🔌 <b>{ $provider }</b>: сбоев подряд — { $count }. Ничего туда не отправляю { $seconds } с, потом отправлю один пробный заказ. Ожидающие заказы ждут дальше. Подробнее: /providers.
alert-low-balance = 🪫 На балансе в <b>{ $provider }</b> мало: { $balance } { $unit }.
alert-adopted = 🆕 Новое в продаже (ADOPT_MODELS). В конце строки — цена в кредитах.
    { $models }
    Снять модель насовсем: /models off { $example }

job-held = ⏳ Сервис сейчас не работает. Заказ ждёт, следующая попытка { $minutes ->
    [0] совсем скоро
    [one] через { $minutes } минуту
    [few] через { $minutes } минуты
   *[other] через { $minutes } минут
  }. Кредиты не спишутся, пока не придёт результат.

# /providers
providers-title = <b>Сервисы</b>
providers-form =
    <code>/providers</code> показывает их состояние.
    <code>/providers off naive</code> и <code>/providers on naive</code> сразу выключают и включают.
    <code>/providers probe naive</code> проверяет приостановленный сразу.
    Сервисы: { $known }
providers-closed = ✅ <b>{ $provider }</b> · работает · { $models ->
    [one] { $models } модель
    [few] { $models } модели
   *[other] { $models } моделей
  }
providers-open = 🔌 <b>{ $provider }</b> · временно отключён после сбоев
providers-half-open = 🔌 <b>{ $provider }</b> · следующий заказ пробный
providers-off = ⏸ <b>{ $provider }</b>: выключен вами
providers-unknown-model = Вернуть в продажу: <code>/models on { $slug }</code>. Сама вернётся, когда её найдёт /models sync.
providers-success = Успешно в последнее время: { $percent } % ({ $done } из { $count })
providers-median = Время (медиана): { $time }
providers-ping = Проверка связи: { $ms } мс
providers-no-ping = ⚠️ Проверка связи: <code>{ $why }</code>
providers-balance = Баланс: { $balance } { $unit }
providers-tap-off = Выключить: { $provider }
providers-tap-on = Включить: { $provider }
providers-tap-probe = Проверить сейчас: { $provider }
providers-tap-sure = Выключить
providers-sure = Выключить <b>{ $provider }</b>? Его модели сразу исчезнут из всех меню. Ожидающие заказы завершатся, и кредиты за них не спишутся. Начатые продолжатся.
providers-now-off = ⏸ { $provider } выключен.
providers-now-on = ▶️ { $provider } включён.
providers-already-off = { $provider } уже выключен.
providers-already-on = { $provider } уже включён.
providers-probed = Следующий заказ у { $provider } отправлю как пробный.
providers-not-probed = { $provider }: проверять нечего, или он по-прежнему отказывает.
command-providers = Сервисы и их выключатели

# /models for admins
market-form =
    <code>/models all</code> показывает все модели с переключателями.
    <code>/models sync</code> спрашивает сервисы, что появилось, пропало или подорожало.
    <code>/models off luma</code> и <code>/models on luma</code> снимают модель с продажи и возвращают её.
    <code>/models title slug Новое название</code> и <code>/models price slug 12.5</code> меняют модель, которую вы выставили сами. Цена — в единицах сервиса.
market-no-such = Не знаю модели «{ $given }».
market-now-off = ⏸ { $model }: снята с продажи, в меню её больше нет. Ожидающие заказы завершатся, и кредиты за них не спишутся. Начатые продолжатся.
market-now-on = ▶️ { $model }: включена.
market-already-off = { $model }: уже снята с продажи.
market-already-on = { $model }: уже включена.
market-still-off = Заказать её пока нельзя: { $why ->
    [no_key] у сервиса здесь нет ключа.
    [provider_off] сервис выключен (/providers).
    [model_off] она выключена.
    [not_allowed] сервис вам её не разрешает.
    [unknown_model] сервис её не знает.
    [needs_more] сервис требует поле, которое каталог не отправляет.
    [bad_key] сервис не принимает ключ.
    [no_funds] баланс у сервиса слишком мал.
    [circuit_open] у сервиса несколько сбоев подряд.
    [no_price] сегодняшняя цена неизвестна.
   *[other] { $why }
  }
market-bad-title = Название должно быть длиной от 1 до { $most } символов.
market-renamed = /{ $slug } теперь называется «{ $title }».
market-bad-price = «{ $given }» — не цена. Напишите число больше 0 в единицах сервиса, например 12.5.
market-repriced = /{ $slug } теперь стоит { $units } { $unit }. Цена сервиса больше не учитывается.
market-of-the-file = { $slug } описана в файле каталога. Измените её там (CATALOG_FILE) или снимите с продажи здесь.
market-sure = Снять <b>{ $model }</b> с продажи? Она сразу исчезнет из всех меню. Ожидающие заказы завершатся, и кредиты за них не спишутся.
market-tap-keep = Оставить
market-tap-off = Снять: { $model }
market-tap-on = Вернуть: { $model }
market-asking = 🔎 Спрашиваю сервисы…
market-toast-gone = Этот список устарел. Отправьте /models sync ещё раз.
market-toast-silent = Сервис не ответил. Попробуйте чуть позже.
market-silent = ⚠️ { $provider } не ответил ({ $why }).
market-sync-title = <b>Отличий: { $count }</b>. Номер открывает подробности.
market-sync-none = ✅ Ничего нового, ничего не пропало, цены прежние.
market-line-new = { $sold ->
    [yes] ✅
   *[no] 🆕
  } { $number }. { $provider }: <b>{ $title }</b> · { $kind } · { $price }
market-line-gone = 👻 { $number }. { $provider }: <b>{ $title }</b> ({ $slug }) больше нет в списке
market-line-repriced = 💱 { $number }. { $provider }: <b>{ $title }</b> ({ $slug }): { $before } → { $price }
market-hint-new = Уже продаётся: /{ $slug }.
market-hint-gone = Сервис больше не называет эту модель, и заказы могут не выполниться. Снять её с продажи можно здесь, вернуть — командой <code>/models on { $slug }</code>.
market-hint-repriced = { $live ->
    [yes] Цена сама меняется вместе с ценой сервиса: пользователи видят сегодняшнюю. Цена из каталога нужна, только если сегодняшняя неизвестна.
   *[no] Цена постоянная. Измените её командой <code>/models price { $slug } …</code> или в файле каталога.
  }
market-plan-title = 🆕 <code>{ $id }</code>, <b>{ $provider }</b>
market-plan-names = Название: <b>{ $title }</b> · команда: /{ $slug }
market-plan-kind = Делает: { $kind }
market-plan-price = Цена: { $units } { $unit } = <b>{ $price }</b> { $live ->
    [yes] (как у сервиса)
   *[no] (постоянная)
  }
market-plan-tokens = Миллион токенов: { $input } на входе, { $output } на выходе ({ $unit })
market-plan-options = Параметры: { $options }
market-plan-inputs = Работает с картинками: от { $least } до { $most }
market-plan-hint = Чтобы изменить, ответьте на это сообщение: <code>название: …</code>, <code>цена: 12.5</code> (в единицах сервиса), <code>команда: name</code>, <code>вид: image</code>, для чата <code>токены: 25/200</code>.
market-lacks-kind = ❗️ Сервис не говорит, что она делает. Выберите сами.
market-lacks-price = ❗️ Цена неизвестна: ответьте <code>цена: …</code>.
market-lacks-tokens = ❗️ Для чата нужна цена миллиона токенов на входе и на выходе. Ответьте <code>токены: 25/200</code>.
market-lacks-fields = ⛔️ Продавать её нельзя: она требует поля, которые мне нечем заполнить: <code>{ $fields }</code>
market-lacks-form = ⛔️ Продавать её нельзя: её входные данные не подходят этому виду.
market-lacks-slug = ❗️ Такая команда уже есть: ответьте <code>команда: …</code>.
market-lacks-title = ❗️ Так называется другая модель: ответьте <code>название: …</code>.
market-toast-lacks-kind = Сначала выберите, что она делает.
market-toast-lacks-price = Нет цены.
market-toast-lacks-tokens = Нет цены токенов.
market-toast-lacks-fields = Она требует поля, которые мне нечем заполнить.
market-toast-lacks-form = Её входные данные не подходят этому виду.
market-toast-lacks-slug = Такая команда уже есть.
market-toast-lacks-title = Так называется другая модель.
market-toast-lacks-full = Больше моделей выставить нельзя.
market-bad-line = Не понимаю «{ $given }».
market-put = ✅ <b>{ $title }</b> продаётся: /{ $slug }.
market-tap-kind = Выбрать другой вид
market-tap-sell = Выставить на продажу
market-kind-image = Картинки
market-kind-video = Видео
market-kind-music = Музыка
market-kind-audio = Звук
market-kind-3d = 3D
market-kind-edit = Правки
market-kind-upscale = Увеличение
market-kind-cutout = Удаление фона
market-kind-ask = Чат

# What users hear
order-price-approximate = (примерная: сегодняшняя неизвестна, вы платите эту)
order-back-in = Следующая попытка — примерно через { $minutes ->
    [one] { $minutes } минуту
    [few] { $minutes } минуты
   *[other] { $minutes } минут
  }.

# /status, /models all
market-off-title = <b>Не продаётся: { $count }</b>
market-off-line = ⛔ { $model } ({ $slug }): { $why ->
    [no_key] нет ключа
    [provider_off] сервис выключен
    [model_off] выключена
    [not_allowed] сервис не разрешает
    [unknown_model] сервис её не знает
    [needs_more] требует поле, которое не отправляется
    [bad_key] ключ не принят
    [no_funds] баланс у сервиса слишком мал
    [circuit_open] у сервиса несколько сбоев подряд
    [no_price] сегодня нет цены
   *[other] { $why }
  }
market-all-title = <b>Модели: { $count }</b>
market-sold-line = ✅ { $model } ({ $slug }): { $price }{ $approximate ->
    [yes] , примерно
   *[no] {""}
  }
