# Что бот умеет: первые слова меню, /help и профиля.
does-make = Делаю { $things } по описанию.
does-make-answer = Делаю { $things } по описанию, отвечаю на вопросы.
does-answer = Отвечаю на вопросы.
does-edit = Меняю и ваши картинки.
does-and = { $things } и { $last }
does-thing-image = картинки
does-thing-video = видео
does-thing-music = музыку
does-thing-audio = звуки
does-thing-3d = 3D-модели
profile-how = Просто напишите, чего хочется: цену заказа видно до подтверждения. Работаю и в группах.

# /help: один экран и по одному на каждую часть.
help-title = <b>Помощь</b>
help-does = { $does }
help-begin = Просто напишите, чего хочется:
help-begin-group = В группе начинайте с команды:
help-example = <code>{ $example }</code>
help-money = Цену видно до заказа. Если не получится, кредиты не списаны.
help-who-sees = Меню видите только вы, результат — все. Платит тот, кто заказал.
help-more = Подробнее:
help-heading = <b>{ $title }</b>
help-command = /{ $command } — { $what }
help-tap-orders = Заказы
help-tap-pictures = Свои картинки
help-tap-chat = Разговор
help-tap-groups = Группы и другие чаты
help-tap-prices = Цены и кредиты
help-tap-own = Ваши данные
help-tap-admin = Для админа
help-about-orders = Напишите, чего хочется, и отправьте. Или начните с команды:
help-about-orders-group = Начните с команды и напишите, чего хочется:
help-flags = Модель и параметры можно указать сразу:
    <code>{ $example }</code>
    Названия можно сокращать.
help-about-pictures = Пришлите картинку со словами, и я покажу, что могу с ней сделать. Или ответьте на картинку командой:
help-about-chat = Спросите о чём угодно:
    <code>/ask { $example }</code>
    Я помню, о чём мы говорили. Чем длиннее ответ, тем он дороже.
help-about-groups = Добавьте меня в группу и начинайте с команды:
    <code>/{ $command } { $example }</code>
    Меню заказа видите только вы, результат — все. Платит тот, кто заказал.
help-about-prices = Цену видно до заказа. Когда вы подтверждаете, кредиты резервируются. Когда результат готов, они списаны. Если не получилось или вы отменили заказ, кредиты не списаны.
help-about-own = Что можно настроить и что я храню:
help-about-admin = Эти команды работают только у вас:
help-admin-jobs = /jobs all — Все заказы
help-admin-models = /models all, /models sync — Что продаётся и что нового
command-admin = Все команды админа
