# Заказ: сообщение черновика от первого вопроса до подтверждения и все отказы.
order-credits = { $amount } { $n ->
    [one] кредит
    [few] кредита
    [many] кредитов
   *[other] кредита
  }
order-credits-limit = { $amount } { $n ->
    [one] кредита
    [few] кредитов
    [many] кредитов
   *[other] кредита
  }
order-kind-video = 🎬 Видео
order-kind-music = 🎵 Музыка
order-kind-image = 🖼 Картинка
order-kind-audio = 🔊 Звук
order-kind-3d = 🧊 3D
order-kind-edit = ✏️ Изменить картинку
order-kind-upscale = 🔍 Увеличить
order-kind-cutout = ✂️ Убрать фон
order-kind-animate = 🎬 Оживить
order-kind-ask = 💬 Спросить
order-kind-ask-picture = 💬 Спросить о ней
order-prompt = <blockquote>{ $prompt }</blockquote>
order-ask-kind = Что из этого сделать?
order-nothing-on-sale = Сейчас, к сожалению, ничего нельзя заказать. Попробуйте позже.
order-ask-model = Какая модель?
order-ask-model-wanted = Это умеют несколько моделей. Какую взять?
order-kind-paused = Эти модели временно недоступны. Попробуйте позже.
order-model = <b>{ $model }</b> — { $description }
order-model-unavailable = <b>{ $model }</b> · временно недоступна
order-all-style = Все стили…
order-all-option = { $option }: все…
order-ask-option = <b>{ $model }</b> · { $price }. Выберите: { $option }
order-choose-style = <b>{ $model }</b> · { $price }. Выберите стиль:
order-none-style = Без стиля
order-none-option = Ничего из этого
order-confirm-title = <b>{ $title }</b>
order-price = Цена: <b>{ $price }</b>
order-balance-after = Останется на балансе: { $balance }
order-balance-short = На балансе: { $balance }. Не хватает: { $missing }
order-unpayable = ⚠️ Кредитов на это не хватает. Кредиты не списаны.
order-waits = ⏳ Последний такой заказ я храню 24 часа и пришлю снова, как только кредитов хватит.
order-waits-group = ⏳ Последний такой заказ я храню 24 часа и пришлю в личный чат, как только кредитов хватит.
order-back = 💳 Кредитов стало больше. Их ждал этот заказ:
order-back-price = 💳 Кредитов стало больше. Их ждал этот заказ. Цена изменилась, раньше была { $before }:
order-back-off-sale = 💳 Кредитов стало больше. Их ждал этот заказ. Его модели сейчас нет в продаже.
order-time = Обычно занимает около { $time }.
order-sounds-like-question = Похоже на вопрос: могу ответить.
order-unavailable = { $model } временно недоступна. Выберите другую модель или попробуйте позже. Кредиты не списаны.

tap-back = ‹ Назад
tap-back-to-order = ‹ Назад к заказу
tap-cancel = Отмена
tap-confirm = Подтвердить · { $price }
tap-check-again = 🔄 Проверить снова
tap-other-model = 🔀 Другая модель
tap-ask-credits = 💳 Попросить пополнение

# После подтверждения
order-cancelled = Отменено. Кредиты не списаны.
order-requoted = ⚠️ Цена, которую вы видели, больше не действует. Вот текущая. Кредиты не списаны.
order-requoted-same = ⚠️ Цена показана больше 10 минут назад. Она не изменилась: подтвердите ещё раз. Кредиты не списаны.
order-changed = ⚠️ Заказ с тех пор изменился. Проверьте его и подтвердите ещё раз. Кредиты не списаны.
order-missing = Недостаточно кредитов: цена — { $price }, на балансе — { $balance }. Не хватает: <b>{ $missing }</b>. Кредиты не списаны.
order-missing-group = Недостаточно кредитов. Напишите мне в личные сообщения, чтобы увидеть баланс. Кредиты не списаны.
order-too-many-jobs = У вас уже { $limit ->
    [one] { $limit } заказ
    [few] { $limit } заказа
    [many] { $limit } заказов
   *[other] { $limit } заказа
  } в работе, это предел. Дождитесь готового или отмените лишний через /jobs, затем вернитесь и подтвердите ещё раз. Кредиты не списаны.
order-queue-full = Сейчас большая очередь. Вернитесь и подтвердите ещё раз через несколько минут. Кредиты не списаны.
order-not-on-sale = { $model } временно недоступна. Выберите другую модель или попробуйте позже. Кредиты не списаны.

# Всплывающие ответы: простой текст
order-toast-stale = Эта кнопка больше не действует.
order-toast-still-short = Кредитов всё ещё не хватает.
order-toast-expired = Этот заказ устарел. Кредиты не списаны. Отправьте его ещё раз.
order-toast-not-yours = Это чужой заказ. Отправьте мне свой!
order-toast-placed = Уже в работе.
order-toast-placed-now = Заказано!
order-toast-cancelled = Отменено.
order-toast-too-long = { $model } принимает не больше { $limit } { $limit ->
    [one] символа
   *[other] символов
  }, у вас { $length }.

# Что не так в команде
order-no-prompt = Напишите, что сделать. Например: <code>/{ $command } { $example }</code>
order-example-video = тихое озеро на рассвете
order-example-music = спокойная мелодия на пианино под дождь
order-example-image = лиса в снегу, масляная живопись
order-example-audio = дождь по жестяной крыше
order-example-3d = деревянная машинка
order-example-edit = сделай ночь
order-example-upscale = ответьте на картинку
order-example-cutout = ответьте на картинку
order-example-ask = почему небо голубое?
order-blank-prompt = Здесь не видно текста. Опишите, что сделать, например: <code>/{ $command } { $example }</code>
order-too-long = В тексте { $length } { $length ->
    [one] символ
    [few] символа
   *[other] символов
  }, а { $model } принимает не больше { $limit } { $limit ->
    [one] символа
   *[other] символов
  }. Сократите его и отправьте ещё раз.
order-too-long-all = В тексте { $length } { $length ->
    [one] символ
    [few] символа
   *[other] символов
  }, а модели принимают не больше { $limit } { $limit ->
    [one] символа
   *[other] символов
  }. Сократите его и отправьте ещё раз.
order-unknown-flag = Не знаю <code>--{ $flag }</code>. Здесь возможны: { $known }.
order-unknown-flag-none = Не знаю <code>--{ $flag }</code>: у модели { $model } нет параметров. Отправьте без него.
order-flag-no-value = После <code>--{ $flag }</code> нужно значение, например: <code>{ $example }</code>
order-flag-twice = <code>--{ $flag }</code> указан дважды. Укажите его один раз.
order-unknown-model = Модели «{ $value }» нет. { $nearest }
order-model-not-kind = { $model } делает другое. Для этого есть <code>/{ $command }</code>.
order-unknown-value = { $option }: значения «{ $value }» нет. { $nearest }
order-ambiguous = «{ $value }» подходит к нескольким: { $candidates }. Напишите чуть подробнее.
order-no-option = { $option }: у модели { $model } такого параметра нет. Отправьте без <code>--{ $flag }</code> или выберите другую модель.
order-no-option-any = { $option }: значения «{ $value }» нет ни у одной модели. { $nearest }
order-nearest = Может быть: { $names }?
order-possible = Возможны: { $names }

# Что нельзя использовать
order-text-only = Я работаю только с текстом и картинками. Пришлите описание или фото.
order-edited = Я не слежу за правками. Отправьте новым сообщением.
order-forwarded-command = Пересланные команды я не выполняю. Отправьте команду сами.
unknown-command = Не знаю такой команды. /help покажет, что я умею.
order-no-model-has-all = Ни у одной модели нет всего этого сразу: { $values }.
