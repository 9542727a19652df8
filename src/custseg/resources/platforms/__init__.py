"""The rules of platforms: one TOML file each."""
