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
