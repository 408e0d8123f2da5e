"""The folder that people download: its page, packs, web edition, what changed since the last one."""
