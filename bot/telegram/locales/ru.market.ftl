# What is on sale and why not: alerts to the operator, /models and /providers, and what users hear of it.
alert-not-permitted = 🚫 <b>{ $provider }</b> не разрешает вам { $model } (403): <code>{ $detail }</code>. Модель снята с продажи; чуть позже один заказ пройдёт для проверки. Подробнее: /providers.
alert-unknown-model = ❓ <b>{ $provider }</b> (больше) не знает { $model }: <code>{ $detail }</code>. Модель снята с продажи, пока её не найдёт /models sync или вы не вернёте её там сами.
alert-dear = 📈 <b>{ $provider }</b> взял за { $model } { $cost } { $unit }: на { $difference } { $unit } больше, чем { $quoted } по цене заказа (задание <code>{ $job }</code>). Пользователь платит по цене заказа. Подробнее: /models sync.
alert-circuit = 🔌 <b>{ $provider }</b>: сбоев подряд – { $count }. Туда ничего не отправляется { $time }, потом один заказ пройдёт для проверки. Ждущие заказы продолжают ждать. Подробнее: /providers.
alert-low-balance = 🪫 На счету в <b>{ $provider }</b> мало: { $balance } { $unit }.

job-held = ⏳ Сервис сейчас не работает. Ваш заказ ждёт, следующая попытка { $minutes ->
    [0] совсем скоро
    [one] через { $minutes } минуту
    [few] через { $minutes } минуты
   *[other] через { $minutes } минут
  }. Пока результата нет, ничего не списывается.

# /providers
providers-title = <b>Провайдеры</b>
providers-none = Здесь не настроен ни один провайдер.
providers-form =
    <code>/providers</code> показывает, как у них дела; <code>/providers off naive</code> и <code>/providers on naive</code> сразу выключают и включают; <code>/providers probe naive</code> пробует приостановленного сейчас.
    Есть: { $known }
providers-closed = ✅ <b>{ $provider }</b> · цепь замкнута · { $models ->
    [one] { $models } модель
    [few] { $models } модели
   *[other] { $models } моделей
  }
providers-open = 🔌 <b>{ $provider }</b> · цепь разомкнута: туда ничего не отправляется
providers-half-open = 🔌 <b>{ $provider }</b> · проверка: пропускается один заказ
providers-off = ⏸ <b>{ $provider }</b>: выключен вами
providers-unknown-model = Вернуть в продажу: <code>/models on { $slug }</code>, или когда её найдёт /models sync.
providers-success = Удачно за последнее время: { $percent } % ({ $done } из { $count })
providers-median = Занимает: { $time } (медиана)
providers-ping = Проверка связи: { $ms } мс
providers-no-ping = ⚠️ Проверка связи: <code>{ $why }</code>
providers-balance = Баланс там: { $balance } { $unit }
providers-tap-off = Выключить: { $provider }
providers-tap-on = Включить: { $provider }
providers-tap-probe = Проверить сейчас: { $provider }
providers-tap-sure = Выключить
providers-sure = Выключить <b>{ $provider }</b>? Его модели сразу исчезнут из всех меню, а ждущие заказы закончатся без списания. Начатые продолжатся.
providers-now-off = ⏸ { $provider } выключен.
providers-now-on = ▶️ { $provider } включён.
providers-already-off = { $provider } уже был выключен.
providers-already-on = { $provider } уже был включён.
providers-probed = Следующий заказ у { $provider } будет пропущен.
providers-not-probed = { $provider }: пробовать нечего, или он по-прежнему отказывает.
command-providers = Провайдеры: состояние, выключатели, баланс
