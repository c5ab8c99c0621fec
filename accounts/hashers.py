from django.contrib.auth.hashers import Argon2PasswordHasher


class OwaspArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane, as recommended by the OWASP Password Storage Cheat Sheet.

    Django's default takes 100 MiB per login, more than a small server can spare for eight logins at once.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
