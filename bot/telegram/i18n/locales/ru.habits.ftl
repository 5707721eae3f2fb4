# Что человек настраивает один раз для всех заказов: пресеты, обычные модели и флаги, прочие настройки.
language-name = Русский

settings-title = ⚙️ <b>Настройки</b>
settings-saved = Сохранено.
settings-not-saved = Ничего не сохранено.
settings-now-language = Язык: { $language }
settings-now-skip = Подтверждение: { $skip }
settings-now-notify = Сообщение «Готово»: { $notify }
settings-now-improve-on = «Улучшить запрос»: предлагается
settings-now-improve-off = «Улучшить запрос»: не предлагается
settings-now-mine = Обычные модели и флаги: { $kinds }
settings-now-mine-none = Обычные модели и флаги: пока нет
settings-now-presets = { $count ->
    [0] Пресеты: пока нет
   *[other] Пресеты: { $count }
  }

settings-language = 🌐 Язык
settings-language-which = 🌐 На каком языке мне писать?
settings-languages = 🌐 Я говорю на этих языках: { $languages }. Выбрать: /language
settings-language-auto = Как в Telegram

settings-skip-open = ⚡ Подтверждение
settings-skip = ⚡ Заказы без вопроса: до выбранной здесь цены я начинаю сразу. В группах спрашиваю всегда.
settings-skip-never = Всегда спрашивать
settings-skip-up-to = До { $price }

settings-notify = 🔔 «Готово»
settings-notify-what = 🔔 Результат появляется в сообщении самого заказа, без звука. О долгих заказах я пишу ещё и «Готово». Когда?
settings-notify-off = Никогда
settings-notify-usual = Как обычно: если дольше { $time }
settings-notify-always = О каждом заказе
settings-notify-after = Если дольше { $time }

settings-improve-on = ✨ Предлагать улучшение
settings-improve-off = ✨ Не предлагать улучшение

settings-mine = 🎛 Модели и флаги
settings-mine-what = 🎛 С чего начинать ваши заказы? Сначала действуют флаги, которые вы написали, затем флаги пресета, затем эти, затем то, что было в прошлый раз.
settings-usual = <b>{ $kind }</b>: { $model } · <code>{ $flags }</code>
settings-model-asked = модель спрашиваю
settings-model-gone = { $model } (сейчас не продаётся)
settings-no-model = Спрашивать каждый раз
settings-kind-what = Какую модель брать без вопроса? Кнопка «Назад» в заказе по-прежнему ведёт ко всем моделям.
settings-flags-set = ✏️ Задать флаги
settings-flags-none = ✕ Без флагов
settings-flags-unset = без флагов
settings-flags-how = { $kind }: пришлите флаги, с которых начинать такие заказы, например:
    <code>{ $example }</code>
settings-flags-only = Пришлите только флаги, без других слов, например <code>--n 2</code>.

settings-presets = 🧩 Пресеты
preset-title = 🧩 <b>Ваши пресеты</b>. Пишите их как флаги, в любом порядке.
preset-none = 🧩 Пресетов пока нет.
preset-line = <code>--{ $name }</code> = <code>{ $flags }</code>
preset-line-unfit = ⚠️ <code>--{ $name }</code> = <code>{ $flags }</code> (сейчас так не продаётся)
preset-how = Пресет — это несколько флагов под вашим именем. Сохранить:
    <code>/preset save mine = { $flags }</code>
    и пользоваться: <code>/{ $command } --mine …</code>
    <code>/preset list</code> показывает все, <code>/preset delete mine</code> удаляет один.
preset-saved = 🧩 Сохранено: <code>--{ $name }</code> = <code>{ $flags }</code>
preset-before = Раньше было: <code>{ $flags }</code>
preset-tap-delete = Удалить { $name }
preset-tap-sure = Да, удалить
preset-tap-keep = Нет, оставить
preset-delete-sure = Удалить пресет <code>--{ $name }</code> = <code>{ $flags }</code>?
preset-deleted = Удалено: <code>--{ $name }</code>.
preset-unknown = Пресета «{ $name }» у вас нет.
preset-bad-name = «{ $name }» не подходит как имя пресета: только буквы, цифры, - и _, первой идёт буква, не больше { $limit } знаков.
preset-name-taken = <code>--{ $name }</code> — уже флаг, поэтому пресет так назвать нельзя. Выберите другое имя.
preset-no-flags = В пресете только флаги, например <code>--n 2</code>, без других слов.
preset-inside = <code>--{ $name }</code> — это пресет, а вставлять пресеты друг в друга или в обычные флаги нельзя. Напишите вместо него его флаги: <code>{ $flags }</code>
preset-too-long = В этих флагах знаков: { $length }, а сохранить можно не больше { $limit }.
preset-too-many = { $limit ->
    [one] У вас { $limit } пресет, больше нельзя.
    [few] У вас { $limit } пресета, больше нельзя.
   *[other] У вас { $limit } пресетов, больше нельзя.
  } Сначала удалите один: <code>/preset list</code>. Ничего не сохранено.
preset-unfit = Ваш пресет <code>{ $presets }</code> здесь не подходит. { $why }
    Отправьте без него, сохраните его заново командой <code>/preset save</code> или удалите: <code>/preset delete { $name }</code>. Кредиты не списаны.
preset-unknown-flags = Таких флагов в продаже больше нет.

command-settings = Язык, обычные модели, подтверждение
command-preset = Ваши пресеты флагов
