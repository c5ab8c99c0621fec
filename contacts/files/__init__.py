"""Reading and writing contact files. Pure: nothing here accesses the database."""
