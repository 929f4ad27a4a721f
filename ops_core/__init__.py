"""The domain of Tocsin: everything that decides, with no Slack, no clock of its own and no network."""
