"""The version of this portal; a deployment may name its own build in STAFFROOM_VERSION."""

VERSION = "0.1.0"
