package dev.tapedeck.media.core.record;
public interface SlabSink { void recordingClosed(String app, String room, long recording, String reason); }
