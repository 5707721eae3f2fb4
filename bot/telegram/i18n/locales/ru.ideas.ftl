# Готовые идеи: альбом и то, чем заполнить идею.
menu-ideas = 💡 Идеи
command-ideas = Готовые идеи
ideas-title = 💡 <b>{ $title }</b>
ideas-wants-words = ✏️ От вас: { $blank }
ideas-wants-photo = 📷 От вас: фото
ideas-wants-photo-words = 📷 От вас: фото и { $blank }
ideas-price = { $model } · { $price }
ideas-tap-use = ✅ Взять идею
ideas-ask-words = { $ask }
    Просто напишите, например: <i>{ $example }</i>
ideas-ask-photo = Пришлите фото.
ideas-ask-photo-words = Пришлите фото. { $ask } Напишите это в подписи, например: <i>{ $example }</i>
ideas-too-long = ⚠️ Слишком длинно: { $length } зн. Для этой идеи — не больше { $limit }. Напишите короче.
ideas-not-sold = Идея «{ $title }» сейчас недоступна. Выберите другую: /ideas
ideas-none = Сейчас идей нет. Просто напишите, чего хочется.
ideas-private = Идеи я показываю в личном чате. Откройте его — они уже там.
ideas-toast-gone = Этой идеи больше нет.

# /template, для операторов.
command-template = Примеры готовых идей
template-form = Ответьте на свой результат командой <code>/template имя</code>: он станет примером этой идеи. <code>/template имя off</code> уберёт его.
template-list = { $kind }: { $slugs }
template-marks = ★ есть пример, ☆ был, но его больше нет.
template-unknown = Идеи «{ $given }» нет.
template-nearest = Может быть: { $slugs }?
template-no-reply = «{ $title }»: ответьте на результат, который станет примером.
template-no-result = Это сообщение — не ваш результат. Ответьте на само сообщение с картинкой, видео или песней.
template-other-kind = «{ $title }» делает другое ({ $kind }). Выберите результат этого вида.
template-gone = Этот результат удалён, или Telegram его не хранит. Выберите другой.
template-set = ✅ Теперь это пример идеи «{ $title }». Убрать: <code>/template { $slug } off</code>
template-removed = У идеи «{ $title }» больше нет примера, показываю её название.
template-had-none = У идеи «{ $title }» нет примера.
