"""The application object that servers and the `flask` command find."""

from marketplace import create_app

app = create_app()
