"""Who is here: organisations, people, roles, rights, mandates, claims, cities."""
