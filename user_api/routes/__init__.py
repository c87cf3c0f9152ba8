"""The routes, one module for each kind of thing; each declares who may call it."""
