"""Markets: a problem taken apart, each part from prices to plan, here, in processes or on a cluster, and put together again."""
