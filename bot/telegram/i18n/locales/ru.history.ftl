# Что человек сделал: история, повторный показ результатов, те же настройки ещё раз.

command-history = Мои работы: листать, искать, выгрузить
command-show = Показать результат или заказ в этом чате
menu-history = 🗃 Мои работы

# Кнопки под результатами
history-button-music = 🎵 Сделать песню · { $price }
history-button-reuse = 📋 Те же настройки
history-button-favourite = ⭐ В избранное
history-button-unfavourite = ✖️ Убрать из избранного
history-button-show = 📍 Показать здесь
history-toast-favourite = Теперь это в избранном: /history
history-toast-unfavourite = Убрано из избранного.
history-reuse = Тот же заказ командой. Нажмите, чтобы скопировать, измените что хочется и отправьте:
history-reuse-pictures = Тот же заказ командой. Нажмите, чтобы скопировать, и отправьте ответом на картинку:
history-reuse-flags = Команда с описанием не помещается в одно сообщение. Сначала отправьте описание, потом ответом на него — это:

# Откуда взялся результат
history-step = { $kind ->
    [edit] изменено
    [upscale] увеличено
    [cutout] убран фон
    [video] оживлено
    [solid] сделана 3D-модель
    [music] сделана песня
   *[other] сделано
  }
history-ancestor = { $what } <code>{ $job }</code>
history-lineage = 🧬 { $steps }

# Страницы
history-title = <b>{ $shelf }</b> · { $number } из { $count }
history-title-search = { $title } · 🔎 { $words }
history-when = { $when } · { $money }
history-id = <code>/show { $id }</code>
history-shelf-all = Мои работы
history-shelf-images = Картинки
history-shelf-videos = Видео
history-shelf-music = Музыка и звуки
history-shelf-favourites = Избранное
history-tap-all = Все
history-tap-unsearch = ✖ Закончить поиск
history-tap-images = 🖼
history-tap-videos = 🎬
history-tap-music = 🎵
history-tap-favourites = ⭐
history-tap-open = 📂 Открыть
history-tap-send = 📤 Прислать
history-tap-source = ⤴️ Из чего сделано
history-tap-back = ‹ Мои работы
history-tap-export = ⬇️ Выгрузить
history-none = Здесь пока пусто. Пришлите описание: всё, что я для вас сделаю, будет здесь.
history-nothing-found = Ничего не нашлось: <b>{ $words }</b>. Попробуйте другое слово: /history лиса
history-no-preview = Предпросмотра у Telegram нет. «Прислать» пришлёт результат, если он ещё хранится.
history-toast-empty = Здесь пока пусто.
history-toast-sending = Присылаю, это бесплатно.
history-toast-search-over = Этот поиск старше суток. Поищите ещё раз: /history и слова.

# /show
show-unknown = Такого заказа у вас нет. Номера есть в /history и /jobs, например: <code>/show abcdefgh23456</code>. Кредиты не списаны.
show-nothing = Заказов у вас пока нет. Пришлите мне описание, чтобы что-нибудь сделать.
show-nothing-here = Среди последних заказов нет сделанных в этом чате. Заказ из другого чата покажу по номеру из /history: <code>/show abcdefgh23456</code>
show-deleted = Вы удалили этот результат, показать его нельзя. Кредиты не списаны.
show-delivering = Заказ готов и отправляется в чат, где вы его сделали. Если он не придёт, спросите ещё раз через минуту: <code>/show { $id }</code>
show-starting = Заказ только начинается в чате, где вы его сделали. Спросите ещё раз чуть позже: <code>/show { $id }</code>
show-not-here = Telegram не разрешает мне отправить это сюда. Спросите в нашем личном чате, это бесплатно.
show-too-large = { $of ->
    [one] Этот результат больше { $limit } МБ, которые принимает Telegram, а ссылки на скачивание сервис не дал.
   *[other] Некоторые файлы больше { $limit } МБ, которые принимает Telegram: { $count }. Ссылок на скачивание сервис не дал.
  }
show-refused = { $of ->
    [one] Telegram не принимает файл этого результата, а ссылки на скачивание сервис не дал.
   *[other] Telegram не принимает часть файлов: { $count }. Ссылок на скачивание сервис не дал.
  }
show-later = Сейчас результат недоступен. Спросите ещё раз через минуту, это бесплатно: <code>/show { $id }</code>
show-some-lost = { $count ->
    [one] Результатов, которых больше нет: { $count }. Извините.
   *[other] Результатов, которых больше нет: { $count }. Извините.
  }
show-lost-refunded = Этого результата больше нет ни у Telegram, ни у сервиса, извините. Возвращено: { $amount }.
show-lost-refunded-group = Этого результата больше нет ни у Telegram, ни у сервиса, извините. Кредиты возвращены.
show-lost-before = Этого результата больше нет ни у Telegram, ни у сервиса, извините. Кредиты уже возвращены раньше.
show-lost = Этого результата больше нет ни у Telegram, ни у сервиса, извините.
show-moved-below = ⬇️ Этот заказ продолжается ниже в этом чате.
show-moved-topic = ➡️ Этот заказ продолжается в другой теме этого чата.
show-moved-private = ➡️ Этот заказ продолжается в личном чате со мной.
show-moved-group = ➡️ Этот заказ продолжается в чате «{ $title }».
show-moved-elsewhere = ➡️ Этот заказ продолжается в другом чате.

# Владельцу
alert-result-lost = 🕳 Результат <code>{ $job }</code> потерян: Telegram не принимает его файл, а другой копии нет. Кредиты возвращены.
