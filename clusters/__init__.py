"""Who and where: places, the programme calendar, people, their roles, what each may see, and the record of who did what."""
