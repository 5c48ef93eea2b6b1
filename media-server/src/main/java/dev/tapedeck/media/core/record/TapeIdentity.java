package dev.tapedeck.media.core.record;
public record TapeIdentity(String app, String room, long roomInstance, long recording, String peer, long session, int node) {}
