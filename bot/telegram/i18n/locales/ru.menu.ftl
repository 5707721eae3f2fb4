# Меню, личные дела и списки.
menu-hello = Здравствуйте, { $name }! { $does }
menu-welcome-credits = 🎁 Для начала у вас { $credits }.
menu-main = Просто напишите, чего хочется, или выберите:
menu-more = ➕ Ещё
menu-more-what = Ещё я делаю:
menu-group = Здравствуйте! Напишите здесь, например, <code>/video тихое озеро</code>. /help покажет всё.
menu-private-only = Спросите меня об этом в личном чате: остальных это не касается.
menu-how = Опишите словами и отправьте мне. Или в любое время командой:
    <code>/{ $command } { $example }</code>
menu-home = ‹ Меню
menu-balance = 💳 Баланс
menu-jobs = 🗂 Мои заказы
menu-settings = ⚙️ Настройки
menu-help = ❓ Помощь
menu-available = Ваш баланс: <b>{ $available }</b>
menu-held = Зарезервировано для заказов в работе: { $held }

credits-contact = Как получить кредиты: { $contact }
credits-contact-link = Как получить кредиты: <a href="{ $url }">{ $url }</a>
credits-asked = Запрос отправлен. Я сообщу, когда кредиты придут.
credits-asked-before = Ваш запрос уже отправлен. Снова попросить можно через сутки после него.
credits-nobody = Сейчас некого попросить.
credits-not-reached = Никому не удалось передать. Попробуйте позже.
credits-request = 🙏 <b>{ $name }</b> ({ $username }, <code>{ $id }</code>) просит кредиты. Баланс: { $balance }.

jobs-none = Заказов пока нет. Пришлите описание, чтобы сделать первый.
jobs-title = <b>Ваши заказы</b> ({ $count })
jobs-line = { $mark } <b>{ $title }</b> — { $prompt } <i>({ $state })</i>
jobs-line-wordless = { $mark } <b>{ $title }</b> <i>({ $state })</i>
jobs-state-queued = в очереди
jobs-state-submitting = начинается
jobs-state-running = делается
jobs-state-delivering = отправляется вам
jobs-state-done = готово
jobs-state-failed = не получилось
jobs-state-cancelled = отменено
jobs-card-title = { $mark } <b>{ $title }</b>
jobs-card-state = Состояние: { $state }
jobs-card-when = Заказано: { $when }
jobs-held = Зарезервировано: { $price }
jobs-charged = Списано: { $charged }
jobs-refunded = Списано и возвращено: { $charged }
jobs-nothing-to-cancel = Отменять нечего.
jobs-cancel-one = Отменить этот заказ? За него кредиты не спишутся.
jobs-cancel-which = Какой заказ отменить? За него кредиты не спишутся.
jobs-cancel-which-answer = Какой заказ отменить? За него кредиты не спишутся; у ответа оплачивается то, что уже сказано.
jobs-cancel-answer = <b>{ $title }</b> сейчас отвечает. Остановить? Сказанное останется вам и будет оплачено.
jobs-cancel-running = <b>{ $title }</b> уже делается. Всё равно отменить? Кредиты не спишутся.
jobs-cancelled = Отменено: <b>{ $title }</b>. Кредиты не списаны.
jobs-not-cancelled = Не отменено: <b>{ $title }</b>.
jobs-toast-asked = Отменить? Ответьте на вопрос ниже.
jobs-toast-kept = Продолжаем.
jobs-toast-cancelled = Отменено. Кредиты не списаны.
jobs-toast-too-late = Поздно: заказ завершён или уже отправляется вам.
jobs-toast-too-many-cancels = { $limit ->
    [0] Заказы, которые уже делаются, отменить нельзя.
    [one] За час можно отменить не больше { $limit } заказа, который уже делается. Пусть этот завершится.
   *[other] За час можно отменить не больше { $limit } заказов, которые уже делаются. Пусть этот завершится.
  }
order-toast-not-sold = Этого больше нет в продаже.
tap-cancel-sure = Да, отменить
tap-keep = Нет, продолжать

receipt-quoted = Цена при заказе: { $quoted }
receipt-time = Заняло { $time }
receipt-balance = Баланс: { $balance }

command-video = Сделать видео
command-music = Сделать музыку
command-image = Картинка по вашему тексту
command-audio = Звук по вашему тексту
command-3d = Трёхмерный предмет
command-edit = Изменить картинку словами
command-upscale = Увеличить картинку
command-cutout = Убрать фон картинки
command-ask = Задать вопрос
command-balance = Ваши кредиты
command-jobs = Ваши заказы
command-cancel = Отменить заказ
command-help = Что я умею
command-topup = Начислить кредиты
command-debit = Списать кредиты
command-ledger = Выписка пользователя
command-users = Все пользователи
command-job = Всё об одном заказе
command-refund = Вернуть кредиты за заказ
command-verify = Проверить книги
command-status = Провайдеры, очередь, настройки
