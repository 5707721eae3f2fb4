# Что человек настраивает один раз для всех заказов: наборы параметров, обычные модели, прочее.
language-name = Русский

settings-title = ⚙️ <b>Настройки</b>
settings-saved = Сохранено.
settings-not-saved = Ничего не сохранено.
settings-now-language = Язык: { $language }
settings-now-skip = Подтверждение: { $skip }
settings-now-notify = Сообщение «Готово»: { $notify }
settings-now-improve-on = «Улучшить запрос»: предлагается
settings-now-improve-off = «Улучшить запрос»: не предлагается
settings-now-mine = Обычные модели и параметры: { $kinds }
settings-now-mine-none = Обычные модели и параметры: пока нет
settings-now-presets = { $count ->
    [0] Наборы параметров: пока нет
   *[other] Наборы параметров: { $count }
  }

settings-language = 🌐 Язык
settings-language-which = 🌐 На каком языке мне писать?
settings-languages = 🌐 Я говорю на этих языках: { $languages }. Выбрать: /language
settings-language-auto = Как в Telegram

settings-skip-open = ⚡ Подтверждение
settings-skip = ⚡ Цена без вопроса: заказы не дороже начинаю сразу. Если выбрать «До 5 кредитов», картинку за 3 сделаю, как только пришлёте описание. В группах спрашиваю всегда.
settings-skip-never = Всегда спрашивать
settings-skip-up-to = До { $price }

settings-notify = 🔔 «Готово»
settings-notify-what = 🔔 Результат появляется в сообщении самого заказа, без звука. После долгих заказов я ещё пишу «Готово». Когда?
settings-notify-off = Никогда
settings-notify-usual = По умолчанию: если дольше { $time }
settings-notify-always = О каждом заказе
settings-notify-after = Если дольше { $time }

settings-improve-on = ✨ Предлагать улучшение
settings-improve-off = ✨ Не предлагать улучшение

settings-mine = 🎛 Модели и параметры
settings-mine-what = 🎛 С чего начинать ваши заказы? Сначала действуют параметры из команды, потом из набора, потом эти, потом прошлые.
settings-usual = <b>{ $kind }</b>: { $model } · <code>{ $flags }</code>
settings-model-asked = модель спрашиваю
settings-model-gone = { $model } (сейчас недоступна)
settings-no-model = Спрашивать каждый раз
settings-kind-what = Какую модель брать без вопроса? Кнопка «Назад» в заказе по-прежнему ведёт ко всем моделям.
settings-flags-set = ✏️ Задать параметры
settings-flags-none = ✕ Убрать параметры
settings-flags-unset = без параметров
settings-flags-how = { $kind }: пришлите параметры, с которых начинать такие заказы, например:
    <code>{ $example }</code>
settings-flags-only = Пришлите только параметры, например <code>--n 2</code>.

settings-presets = 🧩 Наборы параметров
preset-title = 🧩 <b>Ваши наборы параметров</b>. Пишите их как параметры, в любом порядке.
preset-none = 🧩 Наборов параметров пока нет.
preset-line = <code>--{ $name }</code> = <code>{ $flags }</code>
preset-line-unfit = ⚠️ <code>--{ $name }</code> = <code>{ $flags }</code> (сейчас недоступно)
preset-how = Набор хранит несколько параметров под одним именем. Сохранить:
    <code>/preset save mine = { $flags }</code>
    Использовать: <code>/{ $command } --mine …</code>
    <code>/preset list</code> показывает все, <code>/preset delete mine</code> удаляет один.
preset-saved = 🧩 Сохранено: <code>--{ $name }</code> = <code>{ $flags }</code>
preset-before = Раньше: <code>{ $flags }</code>
preset-tap-delete = Удалить { $name }
preset-tap-sure = Да, удалить
preset-tap-keep = Нет, оставить
preset-delete-sure = Удалить набор <code>--{ $name }</code> = <code>{ $flags }</code>?
preset-deleted = Удалено: <code>--{ $name }</code>.
preset-unknown = Набора «{ $name }» у вас нет.
preset-bad-name = «{ $name }» не подходит как имя набора. Годятся буквы, цифры, - и _, первой идёт буква, не больше { $limit } знаков.
preset-name-taken = <code>--{ $name }</code> — уже параметр. Выберите, пожалуйста, другое имя.
preset-no-flags = В наборе только параметры, например <code>--n 2</code>.
preset-inside = <code>--{ $name }</code> — это набор. Его нельзя вставить в другой набор или в обычные параметры. Напишите вместо него его параметры: <code>{ $flags }</code>
preset-too-long = В этих параметрах знаков: { $length }. Сохранить можно не больше { $limit }.
preset-too-many = { $limit ->
    [one] У вас { $limit } набор, больше нельзя.
    [few] У вас { $limit } набора, больше нельзя.
   *[other] У вас { $limit } наборов, больше нельзя.
  } Сначала удалите один: <code>/preset list</code>. Ничего не сохранено.
preset-unfit = Ваш набор <code>{ $presets }</code> здесь не подходит. { $why }
    Отправьте без него или сохраните заново: <code>/preset save</code>. Удалить: <code>/preset delete { $name }</code>. Кредиты не списаны.
preset-unknown-flags = Таких параметров больше нет.

command-settings = Язык, обычные модели, подтверждение
command-preset = Мои наборы параметров
