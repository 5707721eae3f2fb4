# Pictures in and results out: albums, what can be done with a result, originals, deletion, photos of people.

media-fewer = ⚠️ { $came } of { $ordered } came: you pay for { $came } only.
media-link = { $number }: Telegram did not take it. <a href="{ $url }">Open or download it here</a>, the link may not last long.
