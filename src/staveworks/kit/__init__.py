"""Pure words that every storey shares: texts, errors, ids, intervals, planks. Imports nothing of ours."""
