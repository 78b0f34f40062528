"""Cloud Functions: instances of functions, in processes of their own or in this one."""
