package dev.tapedeck.media.core.record;
public interface WallClock { long epochNanos(long nowNanos); }
