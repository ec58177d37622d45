"""Answering: the task list, the questions, carrying forward, submitting, importing."""
