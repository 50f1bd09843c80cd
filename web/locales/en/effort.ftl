effort-felt = How hard was the set (RPE)?
effort-no-answer = No answer
