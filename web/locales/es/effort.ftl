effort-felt = ¿Cómo de dura fue la serie (RPE)?
effort-no-answer = Sin respuesta
