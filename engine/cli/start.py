"""Where the command `engine` begins: before anything is imported that takes time.

Ctrl-C while modules are imported ends the process as it ends any program, without a traceback. From then on
`engine.cli.signals` handles signals.
"""

from __future__ import annotations

import signal
import threading


def main() -> None:
    """Import the command line and run it."""
    if threading.current_thread() is not threading.main_thread():
        from engine.cli.main import main as run

        run()
        return
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        from engine.cli.main import main as run
    finally:
        signal.signal(signal.SIGINT, before)
    run()
