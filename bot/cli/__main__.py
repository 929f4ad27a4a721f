"""`python -m bot.cli`: the same as `tocsin`."""

from bot.cli.app import main

if __name__ == "__main__":
    main()
