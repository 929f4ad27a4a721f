"""A local, throwaway workspace that speaks Slack's own wire protocol to an unmodified Slack app."""
