"""The same job as their own users would write it; each runs in the environment of its tool."""
