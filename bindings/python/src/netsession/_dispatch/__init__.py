"""The way of events from the library's queue to callbacks and streams.

trampolines    the C callbacks, which take events out of the library
eventsource    the callbacks of a manager or a session, and their registration in C
dispatcher     the queue of a manager, and its delivery
wakeup         the descriptor that is readable while events are pending
signalmask     blocks signals while C calls Python
"""
