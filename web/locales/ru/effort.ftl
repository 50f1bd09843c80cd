effort-felt = Насколько тяжёлым был подход (RPE)?
effort-no-answer = Без ответа
