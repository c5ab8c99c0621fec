def generate(n, language, seed): return []
