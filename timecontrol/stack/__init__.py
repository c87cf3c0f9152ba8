"""All servers and services of one machine under one supervisor: start, wait until they answer, stop, pause, kill.

`servers/` says what each server is, `services.py` lists our own processes, `control.py` moves them.
"""
