# Меню, личные дела и списки.
menu-hello = Здравствуйте, { $name }! { $does }
menu-welcome-credits = 🎁 Для начала у вас { $credits }.
menu-main = Просто напишите, чего хочется, или выберите:
menu-more = ➕ Ещё
menu-more-what = Ещё я делаю:
menu-group = Здравствуйте! Напишите здесь, например, <code>/video тихое озеро</code>. /help покажет всё.
menu-private-only = Об этом — в личном чате: так увидите только вы.
menu-how = Опишите словами и отправьте мне. В любое время можно и командой:
    <code>/{ $command } { $example }</code>
menu-home = ‹ Меню
menu-balance = 💳 Баланс
menu-jobs = 🗂 Мои заказы
menu-settings = ⚙️ Настройки
menu-help = ❓ Помощь
menu-available = Ваш баланс: <b>{ $available }</b>
menu-held = В заказах, которые выполняются: { $held }

credits-contact = Как получить кредиты: { $contact }
credits-contact-link = Как получить кредиты: <a href="{ $url }">{ $url }</a>
credits-asked = Запрос отправлен. Я сообщу, когда кредиты придут.
credits-asked-before = Запрос уже отправлен. Повторить можно через сутки.
credits-nobody = Сейчас запрос принять некому. Попробуйте позже.
credits-not-reached = Не удалось передать запрос. Попробуйте позже.
credits-request = 🙏 <b>{ $name }</b> ({ $username }, <code>{ $id }</code>) просит кредиты. Баланс: { $balance }.

jobs-none = Заказов пока нет. Пришлите описание, чтобы сделать первый.
jobs-title = <b>Ваши заказы</b> ({ $count })
jobs-answers-none = Ответов пока нет. Задайте мне вопрос.
jobs-answers-title = <b>Ответы на ваши вопросы</b> ({ $count })
jobs-tap-answers = 💬 Показать ответы
jobs-tap-orders = 🗂 Показать заказы
jobs-line = { $mark } <b>{ $title }</b> — { $prompt } <i>({ $state })</i>
jobs-line-wordless = { $mark } <b>{ $title }</b> <i>({ $state })</i>
jobs-state-queued = в очереди
jobs-state-submitting = начинается
jobs-state-running = выполняется
jobs-state-delivering = отправляется вам
jobs-state-done = готово
jobs-state-failed = не получилось
jobs-state-cancelled = отменено
jobs-card-title = { $mark } <b>{ $title }</b>
jobs-card-state = Состояние: { $state }
jobs-card-when = Заказано: { $when }
jobs-held = Цена: { $price }, спишутся, когда придёт результат
jobs-charged = Списано: { $charged }
jobs-refunded = Списано и возвращено: { $charged }
jobs-nothing-to-cancel = Отменять нечего.
jobs-cancel-one = Отменить этот заказ? Кредиты за него не спишутся.
jobs-cancel-which = Какой заказ отменить? Кредиты за него не спишутся.
jobs-cancel-which-answer = Какой заказ отменить? Кредиты за него не спишутся. За ответ спишется только уже написанное.
jobs-cancel-answer = <b>{ $title }</b> сейчас отвечает. Остановить? Уже написанное останется, кредиты за него спишутся.
jobs-cancel-running = Заказ «<b>{ $title }</b>» уже выполняется. Отменить? Кредиты не спишутся.
jobs-cancelled = Отменено: <b>{ $title }</b>. Кредиты не списаны.
jobs-not-cancelled = Не отменено: <b>{ $title }</b>.
jobs-toast-asked = Отменить? Ответьте на вопрос ниже.
jobs-toast-kept = Не отменено.
jobs-toast-cancelled = Отменено. Кредиты не списаны.
jobs-toast-too-late = Поздно: заказ завершён или уже отправляется вам.
jobs-toast-too-many-cancels = { $limit ->
    [0] Заказы, которые уже выполняются, отменить нельзя.
    [one] За час можно отменить не больше { $limit } заказа, который уже выполняется. Дождитесь, пожалуйста, этого.
   *[other] За час можно отменить не больше { $limit } заказов, которые уже выполняются. Дождитесь, пожалуйста, этого.
  }
order-toast-not-sold = Это больше недоступно.
tap-cancel-sure = Да, отменить
tap-keep = Не отменять

receipt-quoted = Цена при заказе: { $quoted }
receipt-time = Заняло { $time }
receipt-balance = Баланс: { $balance }

command-video = Сделать видео
command-music = Сделать музыку
command-image = Сделать картинку
command-audio = Сделать звук
command-3d = Сделать 3D-объект
command-edit = Изменить картинку словами
command-upscale = Увеличить картинку
command-cutout = Убрать фон картинки
command-ask = Задать вопрос
command-balance = Мой баланс
command-jobs = Мои заказы
command-cancel = Отменить заказ
command-help = Что я умею
command-topup = Начислить кредиты
command-debit = Списать кредиты
command-ledger = Показать выписку пользователя
command-users = Показать пользователей
command-job = Показать всё о заказе
command-refund = Вернуть кредиты за заказ
command-verify = Проверить учёт
command-status = Что требует внимания
