"""More rows than one process answers in good time: files in parts, answered by many processes, on one machine or on
several."""
