"""The lecture's claims on gated recurrent units, measured: `nlp-gru lecture` runs the study and writes its report.

Notation: B batch, S length, I input size, H hidden size. Every measurement is a function of plain arguments to a
dictionary of plain numbers, so that it can be repeated, resumed and put side by side.
"""
