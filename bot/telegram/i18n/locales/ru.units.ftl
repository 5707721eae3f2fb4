# Числа и время; этим пользуется код, который их оформляет.
unit-decimal = ,
unit-group = { "\u00A0" }
unit-seconds = { $seconds } с
unit-about-a-second = секунды
unit-minutes = { $minutes } мин
unit-minutes-seconds = { $minutes } мин { $seconds } с
unit-hours = { $hours } ч
unit-hours-minutes = { $hours } ч { $minutes } мин
unit-moment = { $day }.{ $month }.{ $year } { $time } UTC
