"""Who is on call, how they are reached, and who is next."""
