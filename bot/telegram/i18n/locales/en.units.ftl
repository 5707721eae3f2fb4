# Numbers and times; used by the code that formats them.
unit-decimal = .
unit-group = ,
unit-seconds = { $seconds } s
unit-about-a-second = a second
unit-minutes = { $minutes } min
unit-minutes-seconds = { $minutes } min { $seconds } s
unit-hours = { $hours } h
unit-hours-minutes = { $hours } h { $minutes } min
unit-moment = { $year }-{ $month }-{ $day } { $time } UTC
