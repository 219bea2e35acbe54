"""Cases: what is known of one person's situation, read, written back, locked, changed and addressed by paths.

Takes a file or plain data and a `Pack`; gives a frozen `Case` or problems. Nothing is concluded here.
"""
