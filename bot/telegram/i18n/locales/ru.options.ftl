# Параметры, картинки и цены заказа; что есть в продаже.
option-set = { $option }: { $value }
option-line = ⚙️ { $options }
option-on = включено
option-off = выключено
option-random = случайно
option-words = «{ $words }»
option-default = по умолчанию
option-is-switch = включено или выключено
option-is-text = до { $maximum } { $maximum ->
    [one] символа
   *[other] символов
  }
option-is-integer = целые числа от { $low } до { $high }
option-is-number = числа от { $low } до { $high }
option-out-of-range = { $option }: «{ $value }» не подходит. Возможны: { $range }.
option-clash = <code>--{ $first }</code> и <code>--{ $second }</code> у модели { $model } задают одно и то же: укажите что-то одно. <code>--{ $first }</code>: { $firsts }; <code>--{ $second }</code>: { $seconds }.
option-models-with = Он есть у моделей: { $models }.
option-model-has = Параметры { $model }: <code>{ $flags }</code>.
option-elsewhere = <code>--{ $flag }</code> здесь не подходит. Этот параметр есть у моделей: { $models }.
option-who-has = <code>{ $flag }</code>: { $models }
option-list = Выберите, что изменить:
option-open = { $option }: <b>{ $value }</b>
option-type-it = ✏️ { $option }: пришлите мне сообщением ({ $range }), в группе — ответом на это сообщение.
option-typed-wrong = ⚠️ { $option }: «{ $value }» не подходит. Возможны: { $range }.
option-taken-back = { $option }: сброшено, потому что задаёт то же самое.
tap-options = ⚙️ Параметры
tap-default = ↺ Сбросить: { $value }
tap-as-before = ↻ Как раньше: { $value }
tap-type-it = ✏️ Ввести

order-pictures = 🖼 { $count } { $count ->
    [one] картинка
    [few] картинки
   *[other] картинок
  }
pictures-words-unused = Модели, которая меняет картинку по описанию, сейчас нет.
order-ask-kind-pictures = { $count ->
    [one] Что сделать с картинкой?
   *[other] Что сделать с картинками?
  }
order-words-first = ✏️ Напишите, что сделать, — просто сообщением, в группе — ответом на это. Например: <i>{ $example }</i>
order-words-anew = ✏️ Опишите это другими словами, в группе — ответом на это сообщение (до { $limit } { $limit ->
    [one] символа
   *[other] символов
  })
order-words-wanted = ✏️ Напишите, что сделать с картинкой, в группе — ответом на это сообщение. Например: <i>{ $example }</i> (до { $limit } { $limit ->
    [one] символа
   *[other] символов
  })
order-words-unused = ℹ️ { $model } работает без описания: текст не учитывается.
order-words-too-long = ⚠️ В тексте { $length } { $length ->
    [one] символ
    [few] символа
   *[other] символов
  }, а { $model } принимает не больше { $limit } { $limit ->
    [one] символа
   *[other] символов
  }. Пришлите текст короче.
order-inputs-gone = Картинка здесь больше не хранится. Пришлите её ещё раз. Кредиты не списаны.

pictures-needed = Для этого нужна картинка. Пришлите её с подписью <code>/{ $command }</code> или ответьте на картинку командой <code>/{ $command }</code>.
pictures-needed-own = { $models } { $count ->
    [1] умеет
   *[other] умеют
  } менять только картинки, которые сделал { $makers }. Нажмите «Изменить» под такой картинкой.
pictures-not-used = { $what } работает только по описанию, картинка не нужна.
pictures-own-only = { $models } { $count ->
    [1] меняет
   *[other] меняют
  } только картинки, которые сделал { $makers }.
pictures-count = Нужно картинок: от { $minimum } до { $maximum }, вы прислали { $count }.
pictures-count-exact = Нужно картинок: { $wanted }, вы прислали { $count }.
pictures-gone = Картинка здесь больше не хранится. Пришлите её ещё раз.
pictures-instead = С этой картинкой можно: { $commands }. Или пришлите описание без неё.
pictures-nothing = Сейчас с этой картинкой ничего нельзя сделать. Пришлите описание без неё.

# Команды, за которыми сейчас ничего нет
sold-not-kind = <code>/{ $command }</code> ({ $what }) сейчас недоступно.
sold-not-model = { $model } сейчас недоступна.
sold-instead = Вместо этого можно: { $commands }
sold-nothing = Заказать сейчас, к сожалению, больше ничего нельзя. Попробуйте позже.

# /models и /price
models-title = <b>{ $kind }</b>
models-line =
    { $line }
    /{ $command } · { $price } · { $time }
models-also = или /{ $command } ({ $service }) · { $price }
models-flags = Параметры: <i>{ $flags }</i>
models-how = Параметры: <code>/price { $model }</code>
models-by-usage = до { $price }
price-how = Назовите модель, при желании с параметрами: <code>/price { $example }</code>. Все модели — /models.
price-title = <b>{ $model }</b>
price-now = Цена: <b>{ $price }</b> · около { $time }
price-row = { $option }: { $values }
price-usage = По расходу: { $input } за 1000 токенов вопросов, { $output } за 1000 токенов ответов. Слово — это примерно 2–3 токена.
price-unknown = { $model } временно недоступна: сервис не сообщает сегодняшнюю цену. Выберите другую модель или попробуйте позже.
price-off = { $model } временно недоступна. Когда вернётся, цена: { $price }.
price-order = Чтобы заказать: <code>/{ $command } { $flags }</code>
price-words = «{ $words }» не учтено: для цены описание не нужно.

# Небольшие заказы без вопроса
order-price-held = Цена: { $price }

command-models = Что есть в продаже и почём
command-price = Цена модели с параметрами

menu-how-ask = Что вы хотите узнать? Просто напишите, например: <i>{ $example }</i>
order-asked = 💬 Вопрос:
