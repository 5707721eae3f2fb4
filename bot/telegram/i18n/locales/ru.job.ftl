# Единственное сообщение заказа, от очереди до результата, и то, что сообщается владельцу.

job-head = <b>{ $model }</b>
job-head-style = <b>{ $model }</b> · { $style }

job-queued = { $position ->
    [0] ⏳ В очереди…
    [1] ⏳ В очереди: ваш заказ следующий.
   *[other] ⏳ Место в очереди: { $position }.
  }
job-starting = ⏳ Начинаю…
job-running =
    { $bar } { $percent } %
    { $elapsed } · обычно около { $typical }
job-running-late =
    { $bar } { $percent } %
    { $elapsed } · дольше обычного ({ $typical })
job-resumed = Продолжаю с того же места…
job-restarting = 🔄 Я перезапускаюсь. Заказ сохранён и продолжится сам через несколько минут: отправлять его ещё раз не нужно.
job-awaited = ✨ Готово, но файл пока не пришёл ({ $elapsed }). Запрашиваю его снова, не дольше десяти минут.
job-delivering = ✨ Готово! Отправляю…

job-not-charged = Кредиты не списаны.
job-cancelled = Отменено.
job-failed-generation_failed = Не получилось: сервис вернул ошибку.
job-failed-refused = Сервис отклонил этот запрос: его правила такого не разрешают.
job-failed-option_refused = Модель не принимает один из параметров этого заказа.
job-option-refused = Модель не принимает параметр «{ $option }».
job-failed-unavailable = Эта модель временно недоступна.
job-failed-unknown_model = У сервиса сейчас нет этой модели.
job-failed-busy = У сервиса сейчас слишком много запросов. Попробуйте ещё раз через минуту.
job-failed-upstream_down = Сервис сейчас не отвечает.
job-failed-connection_lost = Связь с сервисом прервалась раньше, чем пришёл результат.
job-failed-interrupted = Я перезапустился, пока сервис работал, и его ответ потерян.
job-failed-bad_result = Сервис сообщил, что всё готово, но не прислал пригодного файла.
job-failed-no_words = Модель не ответила ни слова.
job-failed-timeout = Сервис работал слишком долго.
job-failed-waited_too_long = Заказ слишком долго ждал в очереди.
job-failed-undeliverable = Не удалось доставить результат в этот чат.
job-failed-not_shown = Файл слишком большой или в формате, которого Telegram не знает, а ссылки на скачивание сервис не дал.
job-failed-internal = Что-то сломалось у меня.

job-ready = { $kind ->
    [music] ✅ Готово! Ваша песня здесь.
    [video] ✅ Готово! Ваше видео здесь.
   *[other] ✅ Готово! Ваш результат здесь.
  }
job-too-large = Результат слишком велик для Telegram (не больше { $limit } МБ). <a href="{ $url }">Открыть или скачать его можно здесь</a>: ссылка скоро может устареть.
job-as-link = Telegram не принял этот файл. <a href="{ $url }">Открыть или скачать его можно здесь</a>: ссылка скоро может устареть.

job-button-cancel = Отменить
job-button-receipt = Чек
job-button-again = { $count ->
    [1] Ещё раз · { $price }
   *[other] Ещё раз ×{ $count } · { $price }
  }
job-button-style = Другой стиль
job-button-model = Другая модель
job-button-retry = { $count ->
    [1] Повторить · { $price }
   *[other] Повторить ×{ $count } · { $price }
  }
job-button-words = ✏️ Изменить описание
job-button-options = ⚙️ Изменить параметры
job-button-without = Без параметра «{ $option }» · { $price }
job-button-with = { $model } · { $price }

# Владельцу.
alert-bad-key = 🔑 <b>{ $provider }</b> не принимает ключ (401, модель { $model }). Его модели сняты с продажи, пока проверка связи снова не ответит.
alert-out-of-funds = 💸 <b>{ $provider }</b> сообщает, что баланса не хватает (модель { $model }). Всё, что стоит столько же или больше, снято с продажи. Чуть позже отправлю один пробный заказ. Подробнее: /status.
alert-back-on-sale = ✅ <b>{ $provider }</b> снова работает: модели вернулись в продажу.
alert-job-fault = ⚠️ Моя ошибка в заказе <code>{ $job }</code>: <code>{ $detail }</code>
alert-costly = 💔 <b>{ $name }</b> (<code>{ $id }</code>): за сутки прервано заказов, за которые вы уже заплатили сервису: { $count }. Их отменили, бота заблокировали или удалили, или модель не смогла ответить ни слова. Кредиты не списаны. После нескольких за час я какое-то время не принимаю новых заказов. Закрыть доступ: /ban
alert-ledger = 🧾 Проверка учёта нашла нарушенных правил: { $count }. Отправьте /verify и не продавайте, пока причина не понятна.
