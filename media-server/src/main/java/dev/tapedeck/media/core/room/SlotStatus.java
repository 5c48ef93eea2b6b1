package dev.tapedeck.media.core.room;

/** A slot as it stands: what was asked for, and what came of it. */
public record SlotStatus(String mid, String kind, String peer, String track, SlotState state) {}
