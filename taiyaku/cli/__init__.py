"""The commands: arguments in, exit codes out; the only room that prints."""
