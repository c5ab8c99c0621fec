"""Help given and received: logged, told, undone."""
