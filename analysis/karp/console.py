# SPDX-License-Identifier: GPL-2.0-only
"""What a person sees while long work goes on: one line that is rewritten, or now and then a line."""

import shutil
import sys
import time


class Trouble(Exception):
    """Something the user must know and can act on; the message is all that is shown."""


class Progress:
    """A line that is rewritten on a terminal; elsewhere a line every few seconds."""

    INTERVAL = 10.0  # seconds between lines where nothing can be rewritten

    def __init__(self, title, stream=None):
        self.title = title
        self.stream = stream or sys.stderr
        self.rewrites = self.stream.isatty()
        self.last = time.monotonic()

    def show(self, text):
        """Shows how far the work is."""
        line = '%s: %s' % (self.title, text)
        if self.rewrites:
            width = shutil.get_terminal_size().columns - 1
            self.stream.write('\r' + line[:width].ljust(width))
        elif time.monotonic() - self.last >= self.INTERVAL:
            self.last = time.monotonic()
            self.stream.write(line + '\n')
        self.stream.flush()

    def clear(self):
        """Takes the line away."""
        if self.rewrites:
            width = shutil.get_terminal_size().columns - 1
            self.stream.write('\r' + ' ' * width + '\r')
            self.stream.flush()


def say(text):
    """Prints a line of news, in order with what programs print."""
    print(text, flush=True)
