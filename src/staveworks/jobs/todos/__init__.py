"""To-dos follow what happens in the rooms: which kind looks where, after which event, and the job that looks everywhere."""
