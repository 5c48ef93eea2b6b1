package dev.tapedeck.media.core.record;
public record RecordLimits() {}
