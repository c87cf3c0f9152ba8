"""The User API and the web clock: HTTP in front of the User Core and the Write Redis."""
