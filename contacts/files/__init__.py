"""The files that contacts come in and go out as. Pure: nothing here knows the database."""
