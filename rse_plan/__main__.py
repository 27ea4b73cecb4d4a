"""The front door: prepare the process, open the command line, and leave without ado."""

import gc
import os
import sys

from rse_plan import __version__

_CANNOT_WRITE = 3


def run() -> None:
    """Run one command and exit with its code."""
    if sys.argv[1:] == ["--version"]:
        # Answered here: the command line takes ten times as long to import.
        sys.stdout.write(f"{__version__}\n")
        leave(0)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # Closed by who called us.
            setattr(sys, name, open(os.devnull, mode))  # noqa: PTH123, SIM115 - pathlib is slow
    # A command is over before there is garbage worth collecting: looking for it while
    # everything is imported takes a fifth of the time of a short one.
    gc.set_threshold(500_000)
    # A process that we start would look for its modules where the user happens to be.
    os.environ["PYTHONSAFEPATH"] = "1"
    # Looking for pydantic's plugins reads the metadata of every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

    from rse_plan.cli.app import main  # noqa: PLC0415 - not before the process is prepared

    try:
        main()
    except SystemExit as ended:
        leave(ended.code if isinstance(ended.code, int) else 0)
    leave(0)


def leave(code: int) -> None:
    """Exit at once: taking the process apart object by object would take another fifth."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or _CANNOT_WRITE
    os._exit(code)


if __name__ == "__main__":
    run()
