"""What is due: tasks, schedules and the daily summary."""
