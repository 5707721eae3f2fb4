# Единственное сообщение заказа, от очереди до результата, и то, что сообщается владельцу.

job-head = <b>{ $model }</b>
job-head-style = <b>{ $model }</b> · { $style }

job-queued = { $position ->
    [0] ⏳ В очереди…
    [1] ⏳ В очереди: ваш заказ следующий.
   *[other] ⏳ Место в очереди: { $position }.
  }
job-starting = ⏳ Начинаем…
job-running =
    { $bar } { $percent } %
    { $elapsed } · обычно около { $typical }
job-running-late =
    { $bar } { $percent } %
    { $elapsed } · дольше обычного ({ $typical })
job-resumed = Продолжаем с того же места…
job-delivering = ✨ Сделано, отправляем вам…

job-not-charged = Кредиты не списаны.
job-cancelled = Отменено.
job-failed-generation_failed = У сервиса не получилось это сделать.
job-failed-refused = Сервис отклонил этот запрос: его правила такого не разрешают.
job-failed-unavailable = Эта модель временно недоступна.
job-failed-busy = У сервиса сейчас слишком много работы. Попробуйте ещё раз через минуту.
job-failed-upstream_down = Сервис сейчас не отвечает.
job-failed-connection_lost = Связь с сервисом прервалась раньше, чем пришёл результат.
job-failed-interrupted = Нам пришлось перезапуститься, пока сервис ещё работал, и его ответ потерян.
job-failed-bad_result = Сервис сообщил, что всё готово, но не дал пригодного файла.
job-failed-timeout = Сервис работал слишком долго.
job-failed-waited_too_long = Заказ слишком долго ждал в очереди.
job-failed-undeliverable = Результат не удалось доставить в этот чат.
job-failed-not_shown = Результат готов, но Telegram его не принимает: он слишком велик или такого вида Telegram не знает, а ссылки на него, которую можно было бы вам дать, нет.
job-failed-internal = Что-то пошло не так на нашей стороне.

job-ready = { $kind ->
    [music] ✅ Готово! Ваша песня здесь.
    [video] ✅ Готово! Ваше видео здесь.
   *[other] ✅ Готово! Ваш результат здесь.
  }
job-too-large = Результат слишком велик для Telegram (не больше { $limit } МБ). <a href="{ $url }">Открыть или скачать его можно здесь</a>; ссылка может скоро перестать работать.
job-as-link = Telegram не принял этот файл. <a href="{ $url }">Открыть или скачать его можно здесь</a>; ссылка может скоро перестать работать.

job-button-cancel = Отменить
job-button-receipt = Чек
job-button-again = Ещё раз · { $price }
job-button-style = Другой стиль
job-button-model = Другая модель
job-button-retry = Повторить · { $price }
job-button-with = { $model } · { $price }

# Владельцу.
alert-bad-key = 🔑 <b>{ $provider }</b> не принимает ключ (401, модель { $model }). Модели этого сервиса сняты с продажи, пока его проверка снова не ответит.
alert-out-of-funds = 💸 <b>{ $provider }</b> сообщает, что баланса не хватает (модель { $model }). Всё, что стоит столько же или больше, снято с продажи; немного позже один заказ будет отправлен на пробу. Смотрите /status.
alert-back-on-sale = ✅ <b>{ $provider }</b> снова работает: модели вернулись в продажу.
alert-job-fault = ⚠️ Наша ошибка в заказе <code>{ $job }</code>: <code>{ $detail }</code>
alert-ledger = 🧾 Проверка счетов нашла нарушенных правил: { $count }. Отправьте /verify и не продавайте, пока причина не понята.
