"""Tests of the ways through the network."""
