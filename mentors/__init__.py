"""What people do: residentials, needs, sessions, attendance, diaries, plans, awards, resources."""
