"""The process: settings, wiring, scheduler, doors and adapters."""
