"""Prepares a machine before anything is installed: standard library only, any Python from 3.8 on."""
